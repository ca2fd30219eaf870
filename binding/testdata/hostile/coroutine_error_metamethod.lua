-- timeout: coroutines that fail with errors that fail
local bad = setmetatable({}, {__tostring = function() error('x') end, __concat = function() coroutine.yield() end, __index = function(t, k) return t[k] end})
while true do
  local co = coroutine.create(function() error(bad) end)
  local ok, e = coroutine.resume(co)
  pcall(tostring, e) pcall(function() return e .. 'x' end) coroutine.resume(coroutine.create(function() return e.field end))
end
