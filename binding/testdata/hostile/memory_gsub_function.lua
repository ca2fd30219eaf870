-- limit_exceeded: gsub with a function that makes much
local y = ('y'):rep(1e6)
return (('x'):rep(1e5):gsub('x', function() return y end))
