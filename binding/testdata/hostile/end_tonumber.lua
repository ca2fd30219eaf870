-- timeout: long texts that are no numbers
local s = ('0'):rep(2e6) .. 'x'
while true do tonumber(s) tonumber(s, 16) pcall(function() return s + 1 end) end
