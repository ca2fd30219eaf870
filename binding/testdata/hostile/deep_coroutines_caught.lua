-- timeout: coroutines in coroutines, again and again
local function f() return coroutine.resume(coroutine.create(f)) end
while true do f() end
