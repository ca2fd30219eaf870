-- limit_exceeded: texts of JSON that are kept
local t = {}
for i = 1, 20 do t[i] = ('x'):rep(10000) end
local k = {}
for i = 1, 1e9 do k[i] = json.encode(t) end
