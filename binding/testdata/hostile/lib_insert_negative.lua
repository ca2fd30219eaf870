-- timeout: table.insert far below the list moves everything between
local t = {1}
table.insert(t, -2^53, 'x')
