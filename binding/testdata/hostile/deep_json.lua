-- limit_exceeded runtime_error invalid_arguments: a table in a table, 10,000 levels
local t = {}
local at = t
for i = 1, 10000 do at[1] = {} at = at[1] end
json.encode(t)
