-- runtime_error: an order of what has none
table.sort({1, 'x', {}, true})
