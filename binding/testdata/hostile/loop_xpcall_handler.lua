-- timeout: nor in the handler of xpcall
xpcall(error, function() while true do end end)
