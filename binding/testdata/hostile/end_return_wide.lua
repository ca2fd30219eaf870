-- limit_exceeded timeout: many values returned
local t = {}
for i = 1, 300000 do t[i] = {} end
return t
