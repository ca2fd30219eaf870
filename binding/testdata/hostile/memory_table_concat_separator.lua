-- limit_exceeded: the separator of table.concat
local t = {}
for i = 1, 1000 do t[i] = '' end
return table.concat(t, ('x'):rep(8e6))
