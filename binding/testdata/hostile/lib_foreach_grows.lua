-- timeout: table.foreach over a table that never ends
local t = {1}
table.foreach(t, function(k) if k == 1 then while true do end end t[k + 1] = 1 end)
