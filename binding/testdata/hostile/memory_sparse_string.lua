-- limit_exceeded: a large id through the metatable of strings
local t = {}
getmetatable('').__newindex = t
local s = ''
s[60000000] = 1
return #t
