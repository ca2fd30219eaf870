-- ends: documents with one name many times, and with names of nulls
local text = '{' .. ('"a":1,'):rep(20000) .. ('"b":null,'):rep(20000) .. '"c":1}'
local k = {}
for i = 1, 60 do k[i] = json.decode(text) end
