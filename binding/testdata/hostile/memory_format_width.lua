-- limit_exceeded: string.format with a width
return ('%99999d'):format(1)
