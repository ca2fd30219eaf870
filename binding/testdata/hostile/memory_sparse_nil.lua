-- limit_exceeded: room for nothing
local t = {}
t[60000000] = nil
