-- limit_exceeded: methods of an error, made at each use
local _, e = pcall(app.integrations.aircall.get_call)
local k = {}
for i = 1, 1e9 do k[i] = e.format end
