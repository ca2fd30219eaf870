-- timeout: a heap of many small things, measured again and again
local t = {}
for i = 1, 60000 do t[i] = {{}, i} end
local s = ('x'):rep(7e6)
while true do local u = s .. 'y' end
