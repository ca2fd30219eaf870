-- limit_exceeded: lists made of what unpack returns
local t = {}
for i = 1, 60000 do t[i] = i end
local k = {}
for i = 1, 1e9 do k[i] = {unpack(t)} end
