-- timeout: the metamethods of strings call one another
local mt = getmetatable('')
local add = mt.__add
local t = setmetatable({}, {__add = function(a, b) return add('1', b) end})
mt.__sub = function(a, b) return a - b end
while true do
  pcall(function() return '1' + t end)
  pcall(function() return '1' - '2' end)
end
