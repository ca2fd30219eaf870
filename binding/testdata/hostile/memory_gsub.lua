-- limit_exceeded: gsub that makes much of little
return (('x'):rep(1e5):gsub('x', ('y'):rep(1e5)))
