-- limit_exceeded: iterators whose query stands between eight million spaces
local k = {}
for i = 1, 1000 do k[i] = app.integrations.aircall.each_contact{q = (' '):rep(8e6) .. i} end
while true do k[#k + 1] = app.integrations.aircall.each_contact{q = (' '):rep(8e6)} end
