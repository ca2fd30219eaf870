-- limit_exceeded: texts of many bytes
local t = {}
for i = 1, 60000 do t[i] = 65 end
local k = {}
local function f(...) for i = 1, 1e9 do k[i] = string.char(...) end end
f(unpack(t))
