-- limit_exceeded: one number of each block of numbers
local k = {}
local x
for i = 1, 1e9 do
  k[i] = i + 1000
  x = i + .5 x = i + .6 x = i + .7 x = i + .8 x = i + .5 x = i + .6 x = i + .7 x = i + .8
  x = i + .5 x = i + .6 x = i + .7 x = i + .8 x = i + .5 x = i + .6 x = i + .7 x = i + .8
  x = i + .5 x = i + .6 x = i + .7 x = i + .8 x = i + .5 x = i + .6 x = i + .7 x = i + .8
  x = i + .5 x = i + .6 x = i + .7 x = i + .8 x = i + .5
end
