-- limit_exceeded: table.insert at a large position
table.insert({}, 60000000, true)
