-- limit_exceeded: texts only closures hold
local t = {}
while true do local s = ('x'):rep(1e6) .. #t t[#t + 1] = function() return s end end
