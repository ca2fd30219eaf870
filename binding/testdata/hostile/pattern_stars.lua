-- limit_exceeded: stars in a row
return ('a'):rep(500):find(('a*'):rep(30) .. 'b')
