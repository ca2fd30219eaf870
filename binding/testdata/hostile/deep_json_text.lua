-- invalid_arguments: brackets, 10,000 levels
json.decode(('['):rep(10000) .. (']'):rep(10000))
