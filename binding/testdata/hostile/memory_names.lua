-- limit_exceeded: a table with names without end
local t = {}
for i = 1, 1e9 do t['k' .. i] = true end
