-- runtime_error: an error with a long text
error(('x'):rep(8e6))
