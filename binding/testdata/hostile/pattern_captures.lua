-- runtime_error: more captures than there can be
return ('a'):find(('()'):rep(40) .. 'b')
