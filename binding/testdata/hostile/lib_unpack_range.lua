-- runtime_error: unpack of more values than the stack holds
return unpack({}, -2^53, 2^53)
