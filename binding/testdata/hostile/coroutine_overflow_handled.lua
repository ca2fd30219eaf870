-- timeout: handlers without room on the stack
local function f() return 1 + f() end
local function g(n) if n == 0 then return f() end return 1 + g(n - 1) end
while true do for n = 200, 260 do coroutine.wrap(function() xpcall(function() g(n) end, function(m) xpcall(f, f) return m .. m end) end)() end end
