-- ends: two tables that are endless as text
local t = {}
for i = 1, 18 do t = {t, t} end
print(t)
