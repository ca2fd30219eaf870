-- limit_exceeded: two tables that are endless as JSON
local t = {}
for i = 1, 90 do t = {t, t} end
return t
