-- timeout: a table of 200,000 long names, sorted to be printed
local t = {}
local head = ('x'):rep(60)
for i = 1, 200000 do t[head .. i] = t if i % 100 == 0 then t[head .. i] = nil end end
while true do tostring(t) end
