-- timeout: dead coroutines, resumed again and again
local co = coroutine.create(error and function() error({}) end)
local w = coroutine.wrap(function() error('x') end)
while true do coroutine.resume(co) pcall(w) coroutine.status(co) debug.traceback(co) end
