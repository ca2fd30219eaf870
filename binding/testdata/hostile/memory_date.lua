-- limit_exceeded: os.date with a long format
return os.date(('%c'):rep(1e6))
