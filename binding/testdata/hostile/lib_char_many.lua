-- runtime_error limit_exceeded: string.char with as many arguments as there can be
local t = {}
for i = 1, 100000 do t[i] = 65 end
while true do string.char(unpack(t)) end
