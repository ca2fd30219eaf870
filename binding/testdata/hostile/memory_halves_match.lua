-- ends: nor does a capture of more than a half
local function shrink(s) while #s > 300 do s = s:match('^' .. ('.'):rep(math.floor(#s / 3)) .. '(.*)$', 1) end return s end
local function halve(s) while #s > 2000 do s = s:match('()' and '^(.*)' .. ('x'):rep(1), math.floor(#s / 2) - 1) end return shrink(s) end
local k = {}
for i = 1, 100 do k[i] = halve(('x'):rep(1e6) .. i) end
