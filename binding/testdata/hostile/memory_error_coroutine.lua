-- limit_exceeded: the same from coroutines
local s = ('x'):rep(4e6)
local k = {}
for i = 1, 1e9 do local _, e = coroutine.resume(coroutine.create(function() local t return t[s] end)) k[i] = e end
