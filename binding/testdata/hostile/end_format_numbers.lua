-- timeout: long numbers as text, formatted
local s = ('0'):rep(4e6) .. '1'
local t = {}
for i = 1, 60000 do t[i] = s end
while true do pcall(string.format, ('%d'):rep(60000), unpack(t)) end
