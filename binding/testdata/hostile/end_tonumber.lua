-- timeout: long texts that are no numbers
local s = ('0'):rep(8e6 - 1) .. 'x'
while true do tonumber(s) tonumber(s, 16) pcall(function() return s + 1 end) end
