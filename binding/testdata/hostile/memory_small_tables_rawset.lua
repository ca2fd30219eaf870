-- limit_exceeded: the same, with rawset and __newindex
local k = {}
for i = 1, 1e9 do
  local t, u = {}, {}
  rawset(t, 'a', 1)
  setmetatable({}, {__newindex = u}).a = 1
  k[#k + 1] = t
  k[#k + 1] = u
end
