-- limit_exceeded: a large id in a constructor
return #{[60000000] = 1}
