-- timeout ends: a loop whose step is nothing
for i = 1, 2, 0 do end
