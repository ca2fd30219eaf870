-- limit_exceeded: texts on the stacks of coroutines
local t = {}
while true do local co = coroutine.wrap(function() local s = ('x'):rep(1e6) .. #t coroutine.yield() return s end) co() t[#t + 1] = co end
