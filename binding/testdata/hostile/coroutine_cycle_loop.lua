-- timeout: a circle, again and again, with the error caught
while true do
  local t = {}
  for i = 1, 20 do t[i] = coroutine.create(function() return coroutine.resume(t[i % 20 + 1]) end) end
  coroutine.resume(t[1])
end
