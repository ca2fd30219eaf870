-- limit_exceeded timeout: short pieces of long texts do not keep these
local t = {}
for i = 1, 1e9 do t[i] = (('x'):rep(1e6) .. i):sub(1, 5) end
