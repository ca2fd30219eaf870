-- ends: coroutines that are never finished
for i = 1, 5000 do
  local co = coroutine.wrap(function() local t = {} t[1] = function() return t end coroutine.yield(t) error('never') end)
  co()
end
