-- limit_exceeded: lists whose removed entries stay in memory
local k = {}
for i = 1, 1e9 do
  local t = {}
  for j = 1, 40 do t[j] = ('x'):rep(1e6) .. j end
  for j = 1, 40 do table.remove(t) end
  k[i] = t
end
