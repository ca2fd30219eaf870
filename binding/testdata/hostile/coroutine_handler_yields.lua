-- timeout: message handlers that yield
while true do coroutine.wrap(function() return xpcall(error, coroutine.yield), xpcall(error, function() coroutine.yield() end) end)() end
