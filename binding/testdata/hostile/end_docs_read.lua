-- timeout: long names of pages
local text = (' '):rep(4e6) .. ('a.'):rep(2e6)
while true do pcall(docs.read, text) pcall(docs.schema, text) pcall(docs.list, text) end
