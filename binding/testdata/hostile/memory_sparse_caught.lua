-- timeout: large ids, caught
local t = {}
while true do pcall(function() t[60000000] = true end) end
