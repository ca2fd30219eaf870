-- ends: a loop to what is no number ends at once
for i = 1, 0/0 do end
