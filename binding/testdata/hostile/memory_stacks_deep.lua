-- limit_exceeded: coroutines in deep recursion
local k = {}
local function deep(n) local a, b, c, d, e, f, g, h, i, j if n > 0 then return (deep(n - 1)) end coroutine.yield() end
for i = 1, 1e9 do k[i] = coroutine.wrap(deep) k[i](190) end
