-- limit_exceeded: lists of the documentation
local k = {}
for i = 1, 1e9 do k[i] = docs.list() end
