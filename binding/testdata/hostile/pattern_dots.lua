-- limit_exceeded: anything, again and again
return ('x'):rep(2000):match('.-.-.-.-.-y')
