-- limit_exceeded: messages that hold a long argument
local s = ('x'):rep(4e6)
local k = {}
for i = 1, 1e9 do local _, e = pcall(select, s) k[i] = e end
