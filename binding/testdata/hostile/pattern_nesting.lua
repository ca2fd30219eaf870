-- limit_exceeded: a pattern of a million items
return ('a'):rep(1e6):find(('a?'):rep(1e6))
