-- limit_exceeded: %b that never closes
return ('('):rep(1e6):find('%b()')
