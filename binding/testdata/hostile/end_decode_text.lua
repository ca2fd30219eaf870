-- timeout: a document that is one long text
local text = '"' .. ('\\u00e9'):rep(1.3e6) .. '"'
while true do pcall(json.decode, text) end
