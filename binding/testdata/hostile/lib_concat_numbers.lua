-- timeout: numbers as text, again and again
local x = 1/3
while true do local s = x .. x .. x .. x .. tostring(x) .. string.format('%.99f %99.0e', 1e300, x) end
