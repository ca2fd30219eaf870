-- limit_exceeded: string.format of many long texts
local s = ('x'):rep(8e6)
return ('%s%s%s%s%s%s%s%s'):format(s, s, s, s, s, s, s, s)
