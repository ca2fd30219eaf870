-- limit_exceeded: string.rep
return ('x'):rep(1e9)
