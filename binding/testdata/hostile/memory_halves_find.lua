-- ends: nor one that find, gmatch and gsub give away
local k = {}
for i = 1, 30 do
  local s = ('x'):rep(1e6) .. i
  local _, _, half = s:find('^xxxx(x*)')
  k[#k + 1] = half:sub(1, 300)
  for most in s:gmatch('x+') do k[#k + 1] = most:sub(500000, 500100) end
  s:gsub('x+', function(most) k[#k + 1] = most:sub(-100) return '' end)
end
