-- limit_exceeded timeout: a text that doubles, kept each time
local s, t = ('x'):rep(1e6), {}
while true do t[#t + 1] = s .. #t end
