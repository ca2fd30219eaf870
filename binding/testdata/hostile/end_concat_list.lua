-- timeout: lists of many short texts, joined
local t = {}
for i = 1, 400000 do t[i] = i + 0.25 end
while true do pcall(table.concat, t, ', ') end
