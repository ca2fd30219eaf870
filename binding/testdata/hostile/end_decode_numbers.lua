-- timeout: long documents of numbers
local text = '[' .. ('1.5,'):rep(4e5) .. (' '):rep(6e6) .. '1]'
while true do pcall(json.decode, text) end
