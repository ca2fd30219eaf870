-- timeout: long texts in capitals
local s = ('é'):rep(4e6)
while true do s:upper() s:lower() s:reverse() end
