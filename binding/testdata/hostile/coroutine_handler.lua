-- timeout runtime_error: message handlers that fail in coroutines in message handlers
local function h(m) coroutine.wrap(function() xpcall(error, h) end)() error(m) end
while true do xpcall(error, h) end
