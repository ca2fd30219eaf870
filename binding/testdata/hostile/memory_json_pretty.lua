-- limit_exceeded invalid_arguments: json.encode with much indentation
local t = {}
local at = t
for i = 1, 90 do at[1] = {} at = at[1] end
for i = 1, 1e5 do at[i] = 1 end
return json.encode(t, {pretty = true})
