-- timeout: stacks that overflow in coroutines, level by level
local function f(n) return 1 + f(n + 1) end
local function g(n) if n == 0 then return pcall(f, 1) end local co = coroutine.create(g) local ok, e = coroutine.resume(co, n - 1) pcall(f, 1) return ok, e end
while true do g(50) end
