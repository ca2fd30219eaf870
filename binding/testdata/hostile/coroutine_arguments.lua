-- timeout: many arguments for a coroutine, again and again
local t = {}
for i = 1, 60000 do t[i] = i end
local co = coroutine.wrap(function(...) while true do coroutine.yield(...) end end)
while true do assert(select('#', co(unpack(t))) == 60000) end
