-- limit_exceeded: table.insert at a large id
local t = {}
table.insert(t, '60000000', 1)
