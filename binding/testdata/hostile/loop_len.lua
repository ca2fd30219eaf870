-- timeout ends: __len without end, if it is asked
return #setmetatable({}, {__len = function() while true do end end})
