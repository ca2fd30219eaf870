-- timeout: the length of a list that ends in a million nils
local t = {}
for i = 1, 2e6 do t[i] = false end
for i = 2e6, 1, -1 do t[i] = nil end
while true do local n = #t + table.maxn(t) next(t) end
