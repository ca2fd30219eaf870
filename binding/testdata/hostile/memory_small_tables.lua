-- limit_exceeded: tables with one name each
local k = {}
for i = 1, 1e9 do local t = {} t.a = 1 k[i] = t end
