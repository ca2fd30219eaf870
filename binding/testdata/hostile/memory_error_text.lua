-- limit_exceeded: long texts with a position in front
local s = ('x'):rep(4e6)
local k = {}
for i = 1, 1e9 do local _, e = pcall(function() error(s) end) k[i] = e end
