-- timeout: numerals as long as strings may be
local hex, dec = '0x' .. ('f'):rep(1e6), ('1'):rep(1e6) .. 'e9'
while true do
  tonumber(hex) tonumber(dec) tonumber(dec, 36) tonumber('-' .. dec)
  pcall(function() return hex + dec end)
end
