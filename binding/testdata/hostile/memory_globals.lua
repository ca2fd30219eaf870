-- limit_exceeded: globals without end
for i = 1, 1e9 do _G['k' .. i] = {} end
