-- timeout: os.date for ever, at any time
local n = 0
while true do
  n = n + 1
  os.date('!%c %x %X %j %U %W %V %G', n * 1e7 % 6e16)
  os.date('*t', -n * 1e7 % 6e16)
  os.time{year = n, month = -n, day = n * 1e9, hour = 1/0, sec = 0/0}
end
