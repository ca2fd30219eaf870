-- ends: a table in a table, printed
local t = {}
local at = t
for i = 1, 10000 do at[1] = {} at = at[1] end
print(t)
