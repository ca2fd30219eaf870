-- timeout runtime_error: a table that calls itself
local t = setmetatable({}, {})
getmetatable(t).__call = function(self) return self() end
t()
