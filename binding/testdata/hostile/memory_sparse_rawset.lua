-- limit_exceeded: rawset with a large id
rawset({}, 60000000, true)
