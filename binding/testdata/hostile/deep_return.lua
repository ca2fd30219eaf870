-- limit_exceeded invalid_result: a table that returns itself
local t = {}
t.t = t
return t
