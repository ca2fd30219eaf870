-- timeout: wide tables in wide tables, printed
local wide = {}
for i = 1, 100000 do wide[i] = false end
local t = {}
for i = 1, 100000 do t[i] = wide end
while true do tostring(t) end
