-- timeout: a long document with a mistake at its end
local text = '[' .. ('[],'):rep(1e5) .. (' '):rep(7e6) .. '!'
while true do pcall(json.decode, text) end
