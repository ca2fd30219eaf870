-- limit_exceeded: lists made of varargs
local t = {}
for i = 1, 60000 do t[i] = i end
local k = {}
local function f(...) for i = 1, 1e9 do k[i] = {...} end end
f(unpack(t))
