-- ends: nor do short captures
local t = {}
for i = 1, 100 do t[i] = (('x'):rep(8e6) .. i):match('^(xxx)') end
