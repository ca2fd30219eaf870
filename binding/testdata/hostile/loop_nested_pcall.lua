-- timeout: pcall in pcall, as deep as it goes, for ever
local function f() pcall(f) pcall(f) end
while true do f() end
