-- limit_exceeded: tables whose names are gone
local k = {}
for i = 1, 1e9 do
  local t = {}
  for j = 1, 100 do t['n' .. j] = j end
  for j = 1, 100 do t['n' .. j] = nil end
  k[i] = t
end
