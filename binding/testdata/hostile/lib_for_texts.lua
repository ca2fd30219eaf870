-- timeout: the bounds of a loop as long strings
local s = ('0'):rep(6e4) .. '1'
while true do for i = s, s, s do end end
