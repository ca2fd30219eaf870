-- limit_exceeded: a? thirty times
local s = ('a'):rep(30)
return s:find(('a?'):rep(30) .. s)
