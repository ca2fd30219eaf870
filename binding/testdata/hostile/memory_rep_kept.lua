-- limit_exceeded: many results of string.rep
local t = {}
while true do t[#t + 1] = ('x'):rep(8e6) end
