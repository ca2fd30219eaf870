-- timeout: a loop of 2^53 turns
for i = 1, 2^53 do end
