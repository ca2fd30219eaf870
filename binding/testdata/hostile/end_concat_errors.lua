-- timeout: errors joined to long texts
local _, e = pcall(app.integrations.aircall.get_call)
local s = ('x'):rep(4e6)
while true do local t = e .. s .. e end
