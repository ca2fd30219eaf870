-- limit_exceeded: string.format makes a long text of many directives
local t = {}
for i = 1, 7000 do t[i] = i end
local long = ('%99d'):rep(7000):format(unpack(t))
while true do long = ('%s%s'):format(long, long) end
