-- timeout runtime_error: yields across pcall
while true do coroutine.wrap(function() pcall(coroutine.yield, 1) error('x') end)() end
