-- timeout: arguments with 100,000 unknown names
local t = {}
for i = 1, 100000 do t['k' .. i] = i end
while true do pcall(app.integrations.aircall.get_call, t) end
