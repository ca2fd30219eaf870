-- timeout: long documents of objects
local text = '[' .. ('{"a":"b"},'):rep(2e5) .. '1]'
while true do pcall(json.decode, text) end
