-- timeout: closures over the stacks of coroutines that go on, end and fail
while true do
  local fs = {}
  for i = 1, 20 do
    local co = coroutine.create(function(a) fs[#fs + 1] = function(v) a = v or a return a end coroutine.yield() local b = a fs[#fs + 1] = function(v) b = v or b return b end if i % 2 == 0 then error(b) end end)
    coroutine.resume(co, i)
    fs[#fs](i + 1)
    coroutine.resume(co)
    pcall(coroutine.resume, co)
  end
  for i = 1, #fs do assert(fs[i](i) == i) end
end
