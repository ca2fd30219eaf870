-- limit_exceeded: tables with one key that is no text
local k = {}
for i = 1, 1e9 do k[i] = {[true] = 1} end
