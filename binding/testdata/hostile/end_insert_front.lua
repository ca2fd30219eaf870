-- timeout: entries put before a million others, and taken away again
local t = {}
for i = 1, 2e6 do t[i] = false end
while true do table.insert(t, 1, true) table.remove(t, 1) end
