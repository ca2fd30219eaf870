-- limit_exceeded: json.encode of doubling tables
local t = {}
for i = 1, 90 do t = {t, t} end
return json.encode(t)
