-- limit_exceeded: documents whose names are long
local text = '{"' .. ('x'):rep(1e6) .. '":1}'
local k = {}
for i = 1, 1e9 do k[i] = json.decode(text) end
