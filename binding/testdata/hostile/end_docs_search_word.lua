-- timeout: the same in one word
local text = ('a'):rep(8e6)
while true do pcall(docs.search, text) end
