-- limit_exceeded: coroutines whose stacks have grown
local t = {}
for i = 1, 60000 do t[i] = i end
local k = {}
local function wide() coroutine.yield(unpack(t)) end
for i = 1, 1e9 do k[i] = coroutine.wrap(wide) k[i]() end
