-- limit_exceeded: lists of accounts
local k = {}
for i = 1, 1e9 do k[i] = app.accounts('aircall') end
