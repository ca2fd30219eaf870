-- timeout: long texts quoted
local s = ('"'):rep(4e6)
while true do pcall(string.format, '%q', s) pcall(string.format, '%99s', s) end
