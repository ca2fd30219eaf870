-- limit_exceeded timeout: names that come and go stay in the table
local t = {}
for i = 1, 1e9 do t['k' .. i] = true t['k' .. i] = nil end
