-- timeout: long texts as keys and compared
local a, b = ('x'):rep(8e6 - 1) .. 'a', ('x'):rep(8e6 - 1) .. 'b'
local t = {}
while true do t[a] = 1 t[b] = t[a] local c = a == b or a < b or rawequal(a, b) end
