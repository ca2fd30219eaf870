-- timeout: calls that leave no frame
local function f() return f() end
f()
