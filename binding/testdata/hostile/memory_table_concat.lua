-- limit_exceeded: table.concat
local s, t = ('x'):rep(8e6), {}
for i = 1, 1000 do t[i] = s end
return table.concat(t)
