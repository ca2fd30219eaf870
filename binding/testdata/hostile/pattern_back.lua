-- limit_exceeded: what was caught, compared again and again
return ('a'):rep(20000):find('(.*)%1b')
