-- timeout: coroutines one after the other
while true do coroutine.wrap(function() coroutine.yield() end)() end
