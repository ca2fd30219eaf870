-- timeout: a replacement that never comes back
('x'):gsub('x', function() while true do end end)
