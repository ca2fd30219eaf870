-- timeout runtime_error: long numbers as text
local s = ('9'):rep(8e6)
while true do local n = s + 0 end
