-- limit_exceeded: a search that begins anew everywhere
return ('a'):rep(1e6):find('a*b')
