-- runtime_error: table.concat of a range that no list has
return table.concat({}, ',', 1, math.huge)
