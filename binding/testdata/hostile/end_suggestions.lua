-- timeout: long wrong names
local short, long = ('ab_'):rep(53), ('ab_'):rep(2.5e6)
while true do
  pcall(function() return app.integrations.aircall[short] end)
  pcall(function() return app.integrations.aircall[long] end)
  pcall(app.integrations.aircall.list_calls, {[short] = 1, [long] = 2})
  pcall(app.accounts, long)
end
