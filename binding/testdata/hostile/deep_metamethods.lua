-- runtime_error: metamethods in metamethods
local t = setmetatable({}, {})
getmetatable(t).__index = function(_, k) return t[k .. 'x'] end
return t.x
