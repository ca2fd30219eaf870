-- timeout: a loop without end
while true do end
