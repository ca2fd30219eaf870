-- timeout limit_exceeded: calls beyond their number
while true do pcall(app.integrations.aircall.get_call, 1) end
