-- ends runtime_error: an order that takes the table apart
local t = {}
for i = 1, 100 do t[i] = i end
table.sort(t, function(a, b) for i = 1, 100 do t[i] = nil end return (a or 0) < (b or 0) end)
