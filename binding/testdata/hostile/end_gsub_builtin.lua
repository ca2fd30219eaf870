-- timeout: replacements by functions of Go's
local s = ('x'):rep(3e5)
while true do s:gsub('x', tostring) s:gsub('', docs.list) end
