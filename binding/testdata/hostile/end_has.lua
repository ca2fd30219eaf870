-- timeout: a path of four million names
local text = ('a.'):rep(4e6)
while true do app.has(text) app.has('app.integrations.aircall.' .. text:sub(1, 1000)) end
