-- ends runtime_error: everything removed
for k in pairs(_G) do _G[k] = nil end
