-- limit_exceeded: schemas of a function
local k = {}
for i = 1, 1e9 do k[i] = docs.schema('list_calls') end
