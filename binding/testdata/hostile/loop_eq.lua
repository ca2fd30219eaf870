-- timeout: __eq without end
local mt = {__eq = function() while true do end end}
return setmetatable({}, mt) == setmetatable({}, mt)
