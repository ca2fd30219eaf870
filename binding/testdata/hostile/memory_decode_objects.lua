-- limit_exceeded: one document of small objects
local k = {json.decode('[' .. ('{"a":{}},'):rep(240000) .. '1]')}
k[2] = json.decode('[' .. ('{"a":{}},'):rep(240000) .. '1]')
