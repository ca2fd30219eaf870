-- timeout: errors about a long argument, whose messages do not hold it
local s = ('x'):rep(4e6)
local k = {}
for i = 1, 1e9 do local _, e = pcall(select, s) k[i] = e end
