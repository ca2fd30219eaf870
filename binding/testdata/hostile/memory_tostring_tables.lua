-- limit_exceeded: the texts of tables, which are kept
local t = {}
for i = 1, 5000 do t[i] = 'a name' .. i end
local k = {}
for i = 1, 1e9 do k[i] = tostring(t) end
