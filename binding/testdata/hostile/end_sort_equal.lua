-- timeout: long texts that are equal, sorted
local t = {}
for i = 1, 7 do t[i] = ('x'):rep(4e6) .. i end
for i = 8, 100000 do t[i] = t[i % 7 + 1] end
while true do table.sort(t) end
