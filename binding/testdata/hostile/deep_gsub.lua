-- runtime_error: gsub in gsub
local function f() return ('a'):gsub('a', f) end
f()
