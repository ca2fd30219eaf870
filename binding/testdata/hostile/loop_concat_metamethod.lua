-- timeout: __concat without end
return setmetatable({}, {__concat = function() while true do end end}) .. 'x'
