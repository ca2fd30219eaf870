-- timeout: a long text that hashes like the one it is searched in
local text = ('\0'):rep(8e6)
local found
for i = 0, 65535 do end
local wanted = ('\0'):rep(3e6) .. '\1' .. ('\0'):rep(1e6)
while true do text:find(wanted, 1, true) end
