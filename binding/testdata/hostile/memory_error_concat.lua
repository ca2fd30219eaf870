-- limit_exceeded: errors that are joined to long texts
local _, e = pcall(app.integrations.aircall.get_call)
local s = ('x'):rep(4e6)
local k = {}
for i = 1, 1e9 do k[i] = e .. s end
