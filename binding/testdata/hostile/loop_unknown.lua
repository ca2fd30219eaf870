-- timeout: messages about unknown names
while true do pcall(function() return app.integrations.aircall[('x'):rep(150)] end) end
