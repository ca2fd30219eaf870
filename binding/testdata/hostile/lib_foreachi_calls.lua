-- timeout: table.foreachi with a function that calls it again
local t = {1, 2, 3}
local function again() table.foreachi(t, function() again() end) end
while true do pcall(again) end
