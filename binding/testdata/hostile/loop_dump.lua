-- timeout: a large table pictured for ever
local t = {}
for i = 1, 200000 do t[i] = i end
while true do tostring(t) end
