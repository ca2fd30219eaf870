-- limit_exceeded: one .. of many long texts
local s = ('x'):rep(8e6)
return s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s .. s
