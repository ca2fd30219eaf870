-- limit_exceeded: texts that only gmatch holds
local k = {}
for i = 1, 1e9 do k[i] = (('x'):rep(1e6) .. i):gmatch('x') end
