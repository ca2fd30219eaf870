-- timeout: a heap of two million references, measured again and again
local t = {}
for i = 1, 2e6 do t[i] = t end
local s = ('x'):rep(7e6)
while true do local u = s .. 'y' end
