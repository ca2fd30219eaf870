-- limit_exceeded timeout: a list without end, by table.insert
local t = {}
while true do table.insert(t, 'x') end
