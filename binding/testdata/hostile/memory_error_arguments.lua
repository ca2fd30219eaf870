-- limit_exceeded: errors of a library that are kept
local k = {}
for i = 1, 1e9 do local _, e = pcall(json.decode, '{') k[i] = e end
