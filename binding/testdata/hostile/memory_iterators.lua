-- limit_exceeded: iterators of lists that are never asked
local k = {}
for i = 1, 1e9 do k[i] = app.integrations.aircall.each_call{} end
