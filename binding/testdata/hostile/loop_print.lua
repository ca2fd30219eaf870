-- timeout: output without end is cut, not stopped
while true do print(('x'):rep(1000)) end
