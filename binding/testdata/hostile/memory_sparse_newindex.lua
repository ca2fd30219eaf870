-- limit_exceeded: a large id through __newindex
local t = {}
setmetatable({}, {__newindex = t})[60000000] = 1
return #t
