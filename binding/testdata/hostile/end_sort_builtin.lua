-- timeout: sorted by a function of Go's
local t = {}
for i = 1, 6 do t[i] = ('x'):rep(4e6) .. i end
for i = 7, 100000 do t[i] = t[i % 6 + 1] end
while true do table.sort(t, rawequal) end
