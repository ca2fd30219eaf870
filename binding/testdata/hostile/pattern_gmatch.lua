-- limit_exceeded: gmatch
for w in ('a'):rep(30):gmatch(('a?'):rep(30) .. ('a'):rep(30) .. 'b') do end
