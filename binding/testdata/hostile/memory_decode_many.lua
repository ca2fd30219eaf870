-- limit_exceeded: documents that are decoded and kept
local text = '[' .. ('{"a":1},'):rep(1000) .. '1]'
local k = {}
for i = 1, 1e9 do k[i] = json.decode(text) end
