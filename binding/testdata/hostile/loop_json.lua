-- timeout: a large document read for ever
local s = '[' .. ('[1,2,{"a":null}],'):rep(1000) .. '1]'
while true do json.decode(s) end
