-- limit_exceeded: many separators make a long text
local t = {}
for i = 1, 100000 do t[i] = '' end
return table.concat(t, ('x'):rep(1000))
