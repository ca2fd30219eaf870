-- limit_exceeded: patterns that only gmatch holds
local k = {}
for i = 1, 1e9 do k[i] = ('x'):gmatch(('x'):rep(1e6) .. i) end
