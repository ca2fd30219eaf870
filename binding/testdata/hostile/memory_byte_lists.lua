-- limit_exceeded: lists of bytes
local s = ('x'):rep(60000)
local k = {}
for i = 1, 1e9 do k[i] = {s:byte(1, -1)} end
