-- limit_exceeded: pages of the documentation
local k = {}
for i = 1, 1e9 do k[i] = docs.read('get_call') end
