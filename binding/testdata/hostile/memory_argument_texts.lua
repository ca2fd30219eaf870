-- limit_exceeded: one long text as the value of fifty names
local text = ('x'):rep(8e6)
local values = {}
for i = 1, 50 do values['name' .. i] = text end
app.integrations.aircall.trigger_outbound_call{agent_id = 'a', contact_phone = '+33123456789', idempotency_key = 'k', context = values}
