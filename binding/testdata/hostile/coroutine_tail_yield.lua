-- timeout: yields in tail calls
local co = coroutine.wrap(function() local function f() return coroutine.yield(f) end while true do f() end end)
while true do co() end
