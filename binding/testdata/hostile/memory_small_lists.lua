-- limit_exceeded: lists of one entry
local k = {}
for i = 1, 1e9 do local t = {} t[1] = 1 k[i] = t end
