-- timeout: 60,000 arguments
local text = (' '):rep(8e6 - 1) .. 'x'
local t = {}
for i = 1, 60000 do t[i] = text end
while true do pcall(app.integrations.aircall.get_call, unpack(t)) pcall(print, unpack(t, 1, 3)) end
