-- limit_exceeded: t[id] with a large id
local t = {}
t[60000000] = true
