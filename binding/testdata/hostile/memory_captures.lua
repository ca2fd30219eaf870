-- limit_exceeded timeout: nor do short captures
local t = {}
for i = 1, 1e9 do t[i] = (('x'):rep(1e5) .. i):match('^(xxx)') end
