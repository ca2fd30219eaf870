-- timeout: a coroutine that resumes itself
local co co = coroutine.create(function() while true do coroutine.resume(co) pcall(coroutine.wrap, co) end end)
coroutine.resume(co)
