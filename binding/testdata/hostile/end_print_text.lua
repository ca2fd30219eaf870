-- timeout: a long text in a table, printed
local t = {('\1'):rep(8e6)}
while true do dump(t) end
