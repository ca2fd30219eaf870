-- timeout: a table that holds itself 200,000 times, printed
local t = {}
for i = 1, 200000 do t[i] = t end
while true do print(t) end
