-- timeout: a chain of tail calls that yields at every link
local function f(n) return f(coroutine.yield(n) + 1) end
local co = coroutine.wrap(f)
local n = co(0)
while true do n = co(n) end
