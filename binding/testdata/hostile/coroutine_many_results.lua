-- ends: more values than fit on the other stack, in both directions
local t = {}
for i = 1, 60000 do t[i] = i end
local function fill(n, f, ...) if n == 0 then return f() end return (fill(n - 1, f, unpack(t))) end
local co = coroutine.create(function() fill(17, function() local function g(...) return select('#', coroutine.yield()) end return g(unpack(t)) end) end)
assert(coroutine.resume(co))
print(pcall(coroutine.resume, co, unpack(t)))
assert(coroutine.status(co) == 'dead' and coroutine.running() == nil)
co = coroutine.create(function() coroutine.yield(unpack(t)) end)
print(pcall(fill, 17, function() local function g(...) return select('#', coroutine.resume(co)) end return g(unpack(t)) end))
assert(coroutine.status(co) == 'dead' and coroutine.running() == nil)
print(xpcall(function() fill(20, print) end, function(m) return m .. ' handled' end))
