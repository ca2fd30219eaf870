-- timeout: JSON of long texts
local t = {('"'):rep(3e6), ('é'):rep(1e6)}
while true do pcall(json.encode, t) pcall(json.encode, t, {pretty = true}) end
