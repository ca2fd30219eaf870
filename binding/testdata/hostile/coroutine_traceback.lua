-- timeout: tracebacks of coroutines in every state
local cos = {}
local function deep(n) if n == 0 then coroutine.yield() for _, co in ipairs(cos) do debug.traceback(co) end return n end return deep(n - 1) + 0 end
while true do
  cos = {}
  for i = 1, 20 do cos[i] = coroutine.create(deep) coroutine.resume(cos[i], i * 9) end
  for i = 1, 20 do coroutine.resume(cos[i]) debug.traceback(cos[i], 'x', i) end
end
