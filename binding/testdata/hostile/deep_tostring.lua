-- runtime_error: __tostring in __tostring
local t = setmetatable({}, {})
getmetatable(t).__tostring = function() return tostring(t) end
return tostring(t)
