-- timeout runtime_error ends: errors in handlers of errors
local function f() error('x') end
local function h() return xpcall(f, h) end
return xpcall(f, h)
