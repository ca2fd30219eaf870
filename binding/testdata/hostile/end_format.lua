-- timeout: a layout of four million signs
local s = ('%%'):rep(4e6)
while true do s:format() end
