-- ends: short pieces of long texts do not keep these
local t = {}
for i = 1, 100 do t[i] = (('x'):rep(8e6) .. i):sub(1, 5) end
