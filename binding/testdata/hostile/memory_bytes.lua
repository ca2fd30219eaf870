-- runtime_error: a text as numbers
return ('x'):rep(8e6):byte(1, -1)
