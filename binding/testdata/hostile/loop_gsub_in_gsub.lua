-- timeout: replacements that match again
local function f(c) return (('a'):rep(50):gsub('a', f)) end
while true do pcall(string.gsub, 'a', 'a', f) end
