-- limit_exceeded: gsub that repeats what it caught
return (('x'):rep(1e6):gsub('.*', ('%0'):rep(100)))
