-- timeout: an error whose text is asked for for ever
local e = setmetatable({}, {__tostring = function() while true do end end})
print(e)
