-- timeout: JSON of a list with more entries than JSON may have
local t = {}
for i = 1, 3e6 do t[i] = false end
while true do pcall(json.encode, t) end
