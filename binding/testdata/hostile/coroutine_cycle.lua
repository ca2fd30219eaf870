-- ends: two coroutines that resume each other
local a, b
a = coroutine.create(function() return coroutine.resume(b) end)
b = coroutine.create(function() return coroutine.resume(a) end)
for i = 1, 1000 do coroutine.resume(a) end
