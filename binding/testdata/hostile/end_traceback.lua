-- timeout: tracebacks of deep recursion
local function deep(n) if n > 0 then return 1 + deep(n - 1) end while true do debug.traceback() pcall(error, 'x') end end
deep(180)
