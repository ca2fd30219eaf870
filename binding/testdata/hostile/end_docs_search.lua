-- timeout: the documentation searched for eight megabytes
local text = ('ab '):rep(2.6e6)
while true do pcall(docs.search, text) end
