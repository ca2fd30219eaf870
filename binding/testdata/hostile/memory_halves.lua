-- ends: a piece of a half of a half keeps none of the whole
local function shrink(s) while #s > 300 do s = s:sub(1, math.floor(#s / 2) + 1) end return s end
local k = {}
for i = 1, 60 do k[i] = shrink(('x'):rep(8e6) .. i) end
