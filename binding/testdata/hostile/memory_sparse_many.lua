-- limit_exceeded: many tables with large ids
local all = {}
for i = 1, 1000 do local t = {} t[1000000 + i] = i all[i] = t end
