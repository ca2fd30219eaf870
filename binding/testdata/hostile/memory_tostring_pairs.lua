-- limit_exceeded: the same, as keys
local t = {}
for i = 1, 5000 do t[i] = 'a name' .. i end
local k = {}
for i = 1, 1e9 do t[1] = i k[tostring(t)] = true end
