-- runtime_error ends: a handler that fails
local ok = xpcall(error, error)
return ok
