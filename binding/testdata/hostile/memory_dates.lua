-- limit_exceeded: dates as tables and as long texts
local k = {}
for i = 1, 1e9 do k[#k + 1] = os.date('*t') k[#k + 1] = os.date(('%c'):rep(500)) end
