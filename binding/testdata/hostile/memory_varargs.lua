-- timeout runtime_error limit_exceeded: varargs that grow
local function f(...) return f(1, ...) end
f()
