-- ends: one line of many long texts
local s = ('x'):rep(8e6)
print(s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s)
