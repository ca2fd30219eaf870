-- limit_exceeded invalid_arguments: json.decode of millions of values
return #json.decode('[' .. ('0,'):rep(3e6) .. '0]')
