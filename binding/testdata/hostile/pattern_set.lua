-- limit_exceeded: a set of 100,000 characters
return ('b'):rep(1e5):find('[' .. ('a'):rep(1e5) .. ']')
