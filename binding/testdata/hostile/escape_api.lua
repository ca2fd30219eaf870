-- ends runtime_error: the functions overwritten
for k in pairs(app.integrations.aircall) do pcall(rawset, app.integrations.aircall, k, nil) end
