-- runtime_error timeout: a wide table as the error
local t = {}
for i = 1, 200000 do t[i] = t end
error(t)
