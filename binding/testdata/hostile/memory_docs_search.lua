-- limit_exceeded: results of searches
local k = {}
for i = 1, 1e9 do k[i] = docs.search('call', 1000) end
