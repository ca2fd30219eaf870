-- timeout: long texts searched
local s = ('a'):rep(4e6)
while true do s:find(('a'):rep(1000) .. 'b', 1, true) end
