-- timeout: yields where none is possible
local traps = {__index = coroutine.yield, __newindex = coroutine.yield, __add = coroutine.yield, __concat = coroutine.yield,
  __eq = coroutine.yield, __lt = coroutine.yield, __le = coroutine.yield, __unm = coroutine.yield, __tostring = coroutine.yield, __call = coroutine.yield}
local a, b = setmetatable({}, traps), setmetatable({}, traps)
local tries = {function() return a.x end, function() a.x = 1 end, function() return a + b end, function() return a .. b end, function() return a == b end,
  function() return a < b end, function() return a <= b end, function() return -a end, function() return tostring(a) end, function() return a() end,
  function() table.sort({3, 2, 1}, coroutine.yield) end, function() return ('abc'):gsub('.', coroutine.yield) end, function() for x in coroutine.yield do end end,
  function() return pcall(coroutine.yield) end, function() return xpcall(error, coroutine.yield) end, function() return xpcall(coroutine.yield, coroutine.yield) end}
while true do
  for _, f in ipairs(tries) do
    local co = coroutine.create(f)
    while coroutine.status(co) == 'suspended' do coroutine.resume(co, 1, 2, 3) end
  end
end
