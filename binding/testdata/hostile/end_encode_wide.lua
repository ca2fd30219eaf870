-- timeout: JSON of 400,000 numbers
local t = {}
for i = 1, 400000 do t[i] = i + 0.5 end
while true do pcall(json.encode, t) end
