-- timeout: table.maxn of a table with many keys, again and again
local t = {}
for i = 1, 20000 do t[i + 0.5] = i end
while true do table.maxn(t) end
