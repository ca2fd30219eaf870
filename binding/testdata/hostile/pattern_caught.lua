-- timeout: patterns, caught
local s = ('a'):rep(30)
while true do pcall(string.find, s, ('a?'):rep(30) .. s) end
