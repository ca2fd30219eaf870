-- runtime_error timeout: wide tables in wide tables as the error
local wide = {}
for i = 1, 100000 do wide[i] = {} end
for i = 1, 20 do local t = {} for j = 1, 10000 do t[j] = wide end wide = t end
error(wide)
