-- limit_exceeded: a long text with a traceback behind it
local s = ('x'):rep(4e6)
local k = {}
for i = 1, 1e9 do k[i] = debug.traceback(s) end
