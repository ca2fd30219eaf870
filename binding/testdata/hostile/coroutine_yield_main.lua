-- runtime_error: a yield outside of every coroutine
for i = 1, 1000 do pcall(coroutine.yield, i) end
coroutine.yield()
