-- limit_exceeded: a text that is six times as long as JSON
return #json.encode(('\0'):rep(8e6))
