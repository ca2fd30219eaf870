-- timeout: long texts as arguments
local text = (' '):rep(8e6 - 1) .. 'x'
local tags = {}
for i = 1, 50 do tags[i] = text end
while true do pcall(app.integrations.aircall.list_calls, {tags = tags, from = text, user_id = text}) end
