-- timeout: an iterator that never gives nil
for k in function() return 1 end do end
