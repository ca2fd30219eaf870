-- timeout: the end caught by resume
while true do coroutine.resume(coroutine.create(function() while true do end end)) end
