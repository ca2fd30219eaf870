-- runtime_error: three wrapped coroutines in a circle
local a, b, c
a = coroutine.wrap(function() b() end)
b = coroutine.wrap(function() c() end)
c = coroutine.wrap(function() a() end)
a()
