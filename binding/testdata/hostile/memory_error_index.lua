-- limit_exceeded: messages of Lua's own that hold a long key
local s = ('x'):rep(4e6)
local k = {}
for i = 1, 1e9 do local _, e = pcall(function() local t return t[s] end) k[i] = e end
