-- limit_exceeded: gsub
return ('a'):rep(500):gsub(('a*'):rep(30) .. 'b', '')
