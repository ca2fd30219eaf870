-- runtime_error: calls in calls
local function f() return 1 + f() end
f()
