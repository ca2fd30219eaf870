-- timeout ends: __tostring that makes much
local t = setmetatable({}, {__tostring = function() return ('x'):rep(8e6) end})
for i = 1, 100 do print(t) end
