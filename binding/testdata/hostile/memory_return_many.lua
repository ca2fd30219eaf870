-- limit_exceeded invalid_result: sixty thousand times the same wide table
local t = {}
for i = 1, 20000 do t[i] = 'entry ' .. i end
local all = {}
for i = 1, 60000 do all[i] = t end
return unpack(all)
