--- list_calls
local result = app.integrations.aircall.list_calls({
per_page = 10,
order = "desc",
direction = "inbound"
})
for _, call in ipairs(result.calls) do
print(call.id .. ": " .. call.direction .. " from " .. (call.from or "unknown") .. " - " .. call.duration .. "s")
end

--- get_call
local result = app.integrations.aircall.get_call({
call_id = 12345
})
local call = result.call
print("Call from " .. call.from .. " to " .. call.to)
print("Duration: " .. call.duration .. "s, Status: " .. call.status)

--- list_contacts
local result = app.integrations.aircall.list_contacts({
q = "John",
per_page = 10
})
for _, contact in ipairs(result.contacts) do
print(contact.first_name .. " " .. contact.last_name)
for _, phone in ipairs(contact.phone_numbers or {}) do
print(" " .. phone.label .. ": " .. phone.value)
end
end

--- create_contact
local result = app.integrations.aircall.create_contact({
first_name = "Jane",
last_name = "Smith",
company_name = "Acme Corp",
phone_numbers = {
{ label = "Work", value = "+33612345678" },
{ label = "Mobile", value = "+33698765432" }
},
emails = {
{ label = "Work", value = "jane@acme.com" }
}
})
print("Created contact ID: " .. result.contact.id)

--- update_contact
local result = app.integrations.aircall.update_contact({
contact_id = 5678,
company_name = "New Corp",
information = "VIP client - priority support"
})
print("Updated contact: " .. result.contact.first_name .. " " .. result.contact.last_name)

--- list_users
local result = app.integrations.aircall.list_users({})
for _, user in ipairs(result.users) do
print(user.id .. ": " .. user.first_name .. " " .. user.last_name .. " (" .. user.email .. ")")
end

--- list_numbers
local result = app.integrations.aircall.list_numbers({})
for _, number in ipairs(result.numbers) do
print(number.id .. ": " .. number.name .. " - " .. number.number)
end

--- get_current_user
local result = app.integrations.aircall.get_current_user({})
local user = result.user
print("Logged in as: " .. user.first_name .. " " .. user.last_name .. " (" .. user.email .. ")")

--- ping
local result = app.integrations.aircall.ping()
print(result.ping)
--> pong

--- get_company
local company = app.integrations.aircall.get_company().company
print(company.name ~= "", company.users_count, company.numbers_count)
--> true	120	60

--- get_integration
local ok, result = pcall(app.integrations.aircall.get_integration)
if ok then
  print(result.integration.name .. " is " .. result.integration.status)
else
  print("No integration: " .. result.type)
end
--> No integration: not_found

--- enable_integration
local ok, result = pcall(app.integrations.aircall.enable_integration)
print(ok and "enabled" or "Not enabled: " .. result.type)
--> Not enabled: not_found

--- disable_integration
local ok, result = pcall(app.integrations.aircall.disable_integration)
print(ok and "disabled" or "Not disabled: " .. result.type)
--> Not disabled: not_found

--- get_user
local user = app.integrations.aircall.get_user({ user_id = "owner@default.example.com" }).user
print(user.email, user.first_name ~= "")
--> owner@default.example.com	true

--- create_user
local user = app.integrations.aircall.create_user({
  email = "ada@example.com",
  first_name = "Ada",
  last_name = "Okafor",
  role_ids = { "agent" }
}).user
print(user.first_name .. " " .. user.last_name .. " (" .. user.email .. ")")
--> Ada Okafor (ada@example.com)

--- update_user
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
local user = aircall.update_user({ user_id = owner.id, wrap_up_time = 20 }).user
print(user.wrap_up_time)
--> 20

--- delete_user
local aircall = app.integrations.aircall
local user = aircall.create_user({ email = "temp@example.com", first_name = "Temp", last_name = "User" }).user
aircall.delete_user({ user_id = user.id })
print("Deleted " .. user.email)
--> Deleted temp@example.com

--- list_user_availabilities
local result = app.integrations.aircall.list_user_availabilities({ per_page = 3 })
print(#result.users, type(result.users[1].availability))
--> 3	string

--- get_user_availability
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
print(type(aircall.get_user_availability({ user_id = owner.id }).availability))
--> string

--- list_user_numbers
local aircall = app.integrations.aircall
local number = aircall.list_numbers().numbers[1]
local user = aircall.get_number({ number_id = number.id }).number.users[1]
for _, n in ipairs(aircall.list_user_numbers({ user_id = user.id }).numbers) do
  if n.id == number.id then print(user.id > 0, n.name == number.name) end
end
--> true	true

--- start_outbound_call
local aircall = app.integrations.aircall
for user in aircall.each_user_availability() do
  local number = aircall.list_user_numbers({ user_id = user.id }).numbers[1]
  if user.availability == "available" and number then
    aircall.start_outbound_call({ user_id = user.id, number_id = number.id, to = "+33612345678" })
    print("Calling")
    break
  end
end
--> Calling

--- dial_phone_number
local aircall = app.integrations.aircall
for user in aircall.each_user_availability() do
  if user.availability == "available" then
    aircall.dial_phone_number({ user_id = user.id, to = "+33612345678" })
    print("Dialed")
    break
  end
end
--> Dialed

--- list_users_v1
local aircall = app.integrations.aircall
local ok, result = pcall(aircall.list_users_v1, { per_page = 5 })
if not ok and result.type == "not_found" then result = aircall.list_users() end
print(#result.users > 0)
--> true

--- get_user_v1
local ok, result = pcall(app.integrations.aircall.get_user_v1, { user_id = "owner@default.example.com" })
print(ok and result.user.email or result.type)
--> not_found

--- create_user_v1
local ok, result = pcall(app.integrations.aircall.create_user_v1, {
  email = "ada@example.com", first_name = "Ada", last_name = "Okafor"
})
print(ok and result.user.email or result.type)
--> not_found

--- update_user_v1
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
local ok, result = pcall(aircall.update_user_v1, { user_id = owner.id, wrap_up_time = 20 })
print(ok and result.user.wrap_up_time or result.type)
--> not_found

--- list_teams
local result = app.integrations.aircall.list_teams({ per_page = 2 })
print(#result.teams, #result.teams[1].users > 0)
--> 2	true

--- get_team
local aircall = app.integrations.aircall
local first = aircall.list_teams().teams[1]
print(aircall.get_team({ team_id = first.id }).team.name == first.name)
--> true

--- create_team
local team = app.integrations.aircall.create_team({ name = "Night shift" }).team
print(team.name, #team.users)
--> Night shift	0

--- delete_team
local aircall = app.integrations.aircall
local team = aircall.create_team({ name = "Night shift" }).team
aircall.delete_team({ team_id = team.id })
print("Deleted " .. team.name)
--> Deleted Night shift

--- add_team_user
local aircall = app.integrations.aircall
local team = aircall.create_team({ name = "Night shift" }).team
local owner = aircall.get_current_user().user
team = aircall.add_team_user({ team_id = team.id, user_id = owner.id }).team
print(team.name .. ": " .. #team.users .. " user")
--> Night shift: 1 user

--- remove_team_user
local aircall = app.integrations.aircall
local team = aircall.list_teams().teams[1]
local before = #team.users
team = aircall.remove_team_user({ team_id = team.id, user_id = team.users[1].id }).team
print(before - #team.users)
--> 1

--- search_calls
local aircall = app.integrations.aircall
local call = aircall.get_call({ call_id = 12345 }).call
local result = aircall.search_calls({ phone_number = call.from, fetch_contact = true })
for _, found in ipairs(result.calls) do
  if found.id == 12345 then print(found.direction, found.contact ~= nil) end
end
--> inbound	true

--- add_call_comment
local aircall = app.integrations.aircall
aircall.add_call_comment({ call_id = 12345, content = "Will call back on Monday" })
local comments = aircall.get_call({ call_id = 12345 }).call.comments
print(comments[#comments].content)
--> Will call back on Monday

--- add_call_tags
local aircall = app.integrations.aircall
aircall.add_call_tags({ call_id = 12345, tags = { "Follow Up" } })
for _, tag in ipairs(aircall.get_call({ call_id = 12345 }).call.tags) do
  if tag.name == "Follow Up" then print(tag.name) end
end
--> Follow Up

--- archive_call
local call = app.integrations.aircall.archive_call({ call_id = 12345 }).call
print(call.id, call.archived)
--> 12345	true

--- unarchive_call
local aircall = app.integrations.aircall
aircall.archive_call({ call_id = 12345 })
print(aircall.unarchive_call({ call_id = 12345 }).call.archived)
--> false

--- transfer_call
local aircall = app.integrations.aircall
local function underway()
  for call in aircall.each_call() do
    if call.status == "answered" and call.direction == "inbound" then return call end
  end
end
local call = underway()
for user in aircall.each_user() do
  if user.id ~= call.user.id then
    aircall.transfer_call({ call_id = call.id, user_id = user.id })
    print(aircall.get_call({ call_id = call.id }).call.transferred_to.id == user.id)
    break
  end
end
--> true

--- pause_recording
local aircall = app.integrations.aircall
local function underway()
  for call in aircall.each_call() do
    if call.status == "answered" and call.direction == "inbound" then return call end
  end
end
local call = underway()
local ok, failed = pcall(aircall.pause_recording, { call_id = call.id })
print(ok and "paused" or failed.type)
--> paused

--- resume_recording
local aircall = app.integrations.aircall
local function underway()
  for call in aircall.each_call() do
    if call.status == "answered" and call.direction == "inbound" then return call end
  end
end
local call = underway()
local ok, failed = pcall(function()
  aircall.pause_recording({ call_id = call.id })
  aircall.resume_recording({ call_id = call.id })
end)
print(ok and "resumed" or failed.type)
--> resumed

--- delete_recording
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording then
    aircall.delete_recording({ call_id = call.id })
    print(aircall.get_call({ call_id = call.id }).call.recording)
    break
  end
end
--> nil

--- delete_voicemail
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.voicemail then
    aircall.delete_voicemail({ call_id = call.id })
    print(aircall.get_call({ call_id = call.id }).call.voicemail)
    break
  end
end
--> nil

--- create_insight_cards
local aircall = app.integrations.aircall
local function underway()
  for call in aircall.each_call() do
    if call.status == "answered" and call.direction == "inbound" then return call end
  end
end
local call = underway()
aircall.create_insight_cards({
  call_id = call.id,
  contents = {
    { type = "title", text = "CRM", link = "https://crm.example.com/contacts/7" },
    { type = "shortText", label = "Plan", text = "Gold" }
  }
})
print("Shown")
--> Shown

--- get_transcription
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_transcription, { call_id = call.id })
    if ok then
      print(result.transcription.call_id == call.id, #result.transcription.content.utterances > 0)
      break
    end
  end
end
--> true	true

--- get_realtime_transcription
local ok, result = pcall(app.integrations.aircall.get_realtime_transcription, { call_id = 12345 })
print(ok or result.type)
--> not_found

--- get_sentiments
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_sentiments, { call_id = call.id })
    if ok then
      print(result.sentiment.call_id == call.id, #result.sentiment.participants)
      break
    end
  end
end
--> true	1

--- get_topics
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_topics, { call_id = call.id })
    if ok then
      print(result.topic.call_id == call.id, #result.topic.content > 0)
      break
    end
  end
end
--> true	true

--- get_summary
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_summary, { call_id = call.id })
    if ok then
      print(result.summary.call_id == call.id, type(result.summary.content))
      break
    end
  end
end
--> true	string

--- get_custom_summary_result
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_custom_summary_result, { call_id = call.id })
    if ok then
      print(result.call_id == call.id, #result.summary_template_results)
      break
    end
  end
end
--> true	3

--- get_action_items
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_action_items, { call_id = call.id })
    if ok then
      print(result.call_id == call.id, type(result.action_items))
      break
    end
  end
end
--> true	table

--- get_playbook_result
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_playbook_result, { call_id = call.id })
    if ok then
      print(result.call_id == call.id, result.adherence_score >= 0)
      break
    end
  end
end
--> true	true

--- get_evaluations
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_evaluations, { call_id = call.id })
    if ok then
      print(result.call_id == call.id, #result.evaluations)
      break
    end
  end
end
--> true	1

--- get_predicted_csat
local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.get_predicted_csat, { call_id = call.id })
    if ok then
      print(type(result.csat))
      break
    end
  end
end
--> table

--- get_number
local aircall = app.integrations.aircall
local first = aircall.list_numbers().numbers[1]
local number = aircall.get_number({ number_id = first.id }).number
print(number.name == first.name, number.number == number.digits, #number.users > 0)
--> true	true	true

--- update_number
local aircall = app.integrations.aircall
local first = aircall.list_numbers().numbers[1]
local number = aircall.update_number({ number_id = first.id, name = "Front desk" }).number
print(number.name)
--> Front desk

--- get_number_registration_status
local aircall = app.integrations.aircall
local first = aircall.list_numbers().numbers[1]
print(aircall.get_number_registration_status({ number_id = first.id }).registration_status)
--> approved

--- create_number_configuration
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[1]
local configuration = aircall.create_number_configuration({
  number_id = line.id,
  callback_url = "https://hooks.example.com/messages"
})
print(configuration.callbackUrl, configuration.type)
--> https://hooks.example.com/messages	Public Api

--- get_number_configuration
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[2]
print(aircall.get_number_configuration({ number_id = line.id }).type)
--> Public Api

--- delete_number_configuration
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[2]
aircall.delete_number_configuration({ number_id = line.id })
local ok, failed = pcall(aircall.get_number_configuration, { number_id = line.id })
print(ok, failed.type)
--> false	not_found

--- send_message
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[2]
local message = aircall.send_message({
  number_id = line.id,
  to = "+33612345678",
  body = "Your order is ready."
})
print(message.status, message.body)
--> pending	Your order is ready.

--- send_message_in_agent_conversation
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[1]
local message = aircall.send_message_in_agent_conversation({
  number_id = line.id,
  to = "+33612345678",
  body = "Your order is ready."
})
print(message.status, message.body)
--> pending	Your order is ready.

--- send_group_message
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[2]
local message = aircall.send_group_message({
  number_id = line.id,
  participants = { "+33612345678", "+33698765432" },
  body = "Your order is ready."
})
print(message.status, #message.participants)
--> pending	2

--- send_group_message_in_agent_conversation
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[1]
local message = aircall.send_group_message_in_agent_conversation({
  number_id = line.id,
  participants = { "+33612345678", "+33698765432" },
  body = "Your order is ready."
})
print(message.status, #message.participants)
--> pending	2

--- list_sms_templates
local result = app.integrations.aircall.list_sms_templates({ search = "invoice", per_page = 1 })
print(result.templates[1].name)
--> invoice_sent

--- send_whatsapp_message
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[2]
local message = aircall.send_whatsapp_message({
  number_id = line.id,
  to = "+33612345678",
  text = "Your order is ready."
})
print(message.status, message.body)
--> pending	Your order is ready.

--- send_whatsapp_message_in_agent_conversation
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[1]
local template = aircall.list_whatsapp_templates({ number_id = line.id, status = "APPROVED" }).templates[1]
local message = aircall.send_whatsapp_message_in_agent_conversation({
  number_id = line.id,
  to = "+33612345678",
  template = { id = template.id, body = { { key = "{{1}}", value = "Jane" }, { key = "{{2}}", value = "A-17" } } }
})
print(message.status, message.body)
--> pending	Hello Jane, your order A-17 is confirmed.

--- list_whatsapp_templates
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[1]
local result = aircall.list_whatsapp_templates({ number_id = line.id, limit = 2 })
for _, template in ipairs(result.templates) do
  print(template.name)
end
--> order_confirmed
--> appointment_confirmed

--- get_whatsapp_status
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[1]
local result = aircall.get_whatsapp_status({ number_id = line.id })
print(result.status, result.canSendMessage)
--> ONLINE	true

--- get_dialer_campaign
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
aircall.create_dialer_campaign({ user_id = owner.id, phone_numbers = { "+33612345678" } })
print(aircall.get_dialer_campaign({ user_id = owner.id }).id > 0)
--> true

--- create_dialer_campaign
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
aircall.create_dialer_campaign({ user_id = owner.id, phone_numbers = { "+33612345678" } })
print(aircall.list_dialer_campaign_phone_numbers({ user_id = owner.id }).numbers[1].number)
--> 33612345678

--- delete_dialer_campaign
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
aircall.create_dialer_campaign({ user_id = owner.id, phone_numbers = { "+33612345678" } })
aircall.delete_dialer_campaign({ user_id = owner.id })
local ok, failed = pcall(aircall.get_dialer_campaign, { user_id = owner.id })
print(ok, failed.type)
--> false	not_found

--- list_dialer_campaign_phone_numbers
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
aircall.create_dialer_campaign({ user_id = owner.id, phone_numbers = { "+33612345678" } })
for _, entry in ipairs(aircall.list_dialer_campaign_phone_numbers({ user_id = owner.id }).numbers) do
  print(entry.number, entry.called)
end
--> 33612345678	false

--- add_dialer_campaign_phone_numbers
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
aircall.create_dialer_campaign({ user_id = owner.id, phone_numbers = { "+33612345678" } })
aircall.add_dialer_campaign_phone_numbers({ user_id = owner.id, phone_numbers = { "+33698765432" } })
print(#aircall.list_dialer_campaign_phone_numbers({ user_id = owner.id }).numbers)
--> 2

--- delete_dialer_campaign_phone_number
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
aircall.create_dialer_campaign({ user_id = owner.id, phone_numbers = { "+33612345678" } })
local entry = aircall.list_dialer_campaign_phone_numbers({ user_id = owner.id }).numbers[1]
aircall.delete_dialer_campaign_phone_number({ user_id = owner.id, phone_number_id = entry.id })
print(#aircall.list_dialer_campaign_phone_numbers({ user_id = owner.id }).numbers)
--> 0

--- list_campaigns
local aircall = app.integrations.aircall
for _, campaign in ipairs(aircall.list_campaigns().campaigns) do
  print(campaign.name, campaign.status)
end
--> Renewals	draft

--- get_campaign
local aircall = app.integrations.aircall
local first = aircall.list_campaigns().campaigns[1]
local campaign = aircall.get_campaign({ campaign_id = first.id }).campaign
print(campaign.name, campaign.call_attempts)
--> Renewals	3

--- create_campaign
local aircall = app.integrations.aircall
local campaign = aircall.create_campaign({ name = "Spring", call_attempts = 2, external_ringing_timeout = 20 }).campaign
print(campaign.name, campaign.status)
--> Spring	draft

--- list_campaign_contacts
local aircall = app.integrations.aircall
local campaign = aircall.create_campaign({ name = "Spring" }).campaign
aircall.add_campaign_contacts({ campaign_id = campaign.id, contacts = { { phone_number = "+12025550147", first_name = "Jane" } } })
aircall.assign_campaign_agents({ campaign_id = campaign.id, user_ids = { aircall.get_current_user().user.id } })
local found = aircall.list_campaign_contacts({ campaign_id = campaign.id, phone_number = "+12025550147" }).contacts
print(found[1].phone_number, found[1].first_name)
--> 12025550147	Jane

--- add_campaign_contacts
local aircall = app.integrations.aircall
local campaign = aircall.create_campaign({ name = "Spring" }).campaign
local added = aircall.add_campaign_contacts({ campaign_id = campaign.id, contacts = {
  { phone_number = "+12025550147", first_name = "Jane" },
  { phone_number = "+12025550148" },
} }).contacts
print(#added, added[1].phone_number)
--> 2	12025550147

--- assign_campaign_agents
local aircall = app.integrations.aircall
local campaign = aircall.create_campaign({ name = "Spring" }).campaign
local owner = aircall.get_current_user().user
campaign = aircall.assign_campaign_agents({ campaign_id = campaign.id, user_ids = { owner.id } }).campaign
print(campaign.user_ids[1] == owner.id)
--> true

--- launch_campaign
local aircall = app.integrations.aircall
local campaign = aircall.create_campaign({ name = "Spring" }).campaign
aircall.add_campaign_contacts({ campaign_id = campaign.id, contacts = { { phone_number = "+12025550147", first_name = "Jane" } } })
aircall.assign_campaign_agents({ campaign_id = campaign.id, user_ids = { aircall.get_current_user().user.id } })
print(aircall.launch_campaign({ campaign_id = campaign.id }).campaign.status)
--> in_progress

--- pause_campaign
local aircall = app.integrations.aircall
local campaign = aircall.create_campaign({ name = "Spring" }).campaign
local ok, failed = pcall(aircall.pause_campaign, { campaign_id = campaign.id })
print(ok, failed.status)
--> false	405

--- resume_campaign
local aircall = app.integrations.aircall
local campaign = aircall.create_campaign({ name = "Spring" }).campaign
local ok, failed = pcall(aircall.resume_campaign, { campaign_id = campaign.id })
print(ok, failed.status)
--> false	405

--- archive_campaign
local aircall = app.integrations.aircall
local campaign = aircall.create_campaign({ name = "Spring" }).campaign
print(aircall.archive_campaign({ campaign_id = campaign.id }).campaign.status)
--> archived

--- list_campaign_outcomes
local aircall = app.integrations.aircall
for _, outcome in ipairs(aircall.list_campaign_outcomes().campaign_outcomes) do
  if outcome.name == "No Answer" then print(outcome.id) end
end
--> no_answer

--- list_campaign_call_outcomes
local aircall = app.integrations.aircall
local campaign = aircall.list_campaigns().campaigns[1]
print(#aircall.list_campaign_call_outcomes({ campaign_id = campaign.id }).call_outcomes)
--> 0

--- search_contacts
local aircall = app.integrations.aircall
local contact = aircall.get_contact({ contact_id = 5678 }).contact
local result = aircall.search_contacts({ email = contact.emails[1].value })
print(result.contacts[1].id)
--> 5678

--- get_contact
local contact = app.integrations.aircall.get_contact({ contact_id = 5678 }).contact
print(contact.id, #contact.phone_numbers > 0)
--> 5678	true

--- delete_contact
local aircall = app.integrations.aircall
aircall.delete_contact({ contact_id = 5678 })
local ok, failed = pcall(aircall.get_contact, { contact_id = 5678 })
print(ok, failed.type)
--> false	not_found

--- add_contact_phone_number
local aircall = app.integrations.aircall
local made = aircall.add_contact_phone_number({ contact_id = 5678, label = "Home", value = "+33698765432" }).phone_detail
print(made.label, made.value)
--> Home	+33698765432

--- update_contact_phone_number
local aircall = app.integrations.aircall
local made = aircall.add_contact_phone_number({ contact_id = 5678, label = "Home", value = "+33698765432" }).phone_detail
made = aircall.update_contact_phone_number({ contact_id = 5678, phone_number_id = made.id, label = "Work", value = "+33612345678" }).phone_detail
print(made.label, made.value)
--> Work	+33612345678

--- delete_contact_phone_number
local aircall = app.integrations.aircall
local made = aircall.add_contact_phone_number({ contact_id = 5678, label = "Home", value = "+33698765432" }).phone_detail
aircall.delete_contact_phone_number({ contact_id = 5678, phone_number_id = made.id })
for _, entry in ipairs(aircall.get_contact({ contact_id = 5678 }).contact.phone_numbers) do
  assert(entry.id ~= made.id)
end
print("Deleted " .. made.value)
--> Deleted +33698765432

--- add_contact_email
local aircall = app.integrations.aircall
local made = aircall.add_contact_email({ contact_id = 5678, label = "Home", value = "jane@home.example.com" }).email_detail
print(made.label, made.value)
--> Home	jane@home.example.com

--- update_contact_email
local aircall = app.integrations.aircall
local made = aircall.add_contact_email({ contact_id = 5678, label = "Home", value = "jane@home.example.com" }).email_detail
made = aircall.update_contact_email({ contact_id = 5678, email_id = made.id, label = "Work", value = "jane@acme.com" }).email_detail
print(made.label, made.value)
--> Work	jane@acme.com

--- delete_contact_email
local aircall = app.integrations.aircall
local made = aircall.add_contact_email({ contact_id = 5678, label = "Home", value = "jane@home.example.com" }).email_detail
aircall.delete_contact_email({ contact_id = 5678, email_id = made.id })
for _, entry in ipairs(aircall.get_contact({ contact_id = 5678 }).contact.emails) do
  assert(entry.id ~= made.id)
end
print("Deleted " .. made.value)
--> Deleted jane@home.example.com

--- list_tags
local result = app.integrations.aircall.list_tags({ per_page = 6 })
for _, tag in ipairs(result.tags) do
  print(tag.name, tag.color)
end
--> Callback Request	#29C8FF
--> Called Back	#B285D1
--> Conference	#000000
--> Follow Up	#ff7d03
--> Voicemail Drop	#FCBB26
--> Voice Virtual Agent	#00B388

--- get_tag
local aircall = app.integrations.aircall
local first = aircall.list_tags().tags[1]
local tag = aircall.get_tag({ tag_id = first.id }).tag
print(tag.name, tag.color)
--> Callback Request	#29C8FF

--- create_tag
local tag = app.integrations.aircall.create_tag({ name = "Needs a lawyer", color = "#aa3300" }).tag
print(tag.name, tag.color)
--> Needs a lawyer	#aa3300

--- update_tag
local aircall = app.integrations.aircall
local tag = aircall.create_tag({ name = "Needs a lawyer", color = "#aa3300" }).tag
tag = aircall.update_tag({ tag_id = tag.id, color = "#00b388" }).tag
print(tag.name, tag.color)
--> Needs a lawyer	#00b388

--- delete_tag
local aircall = app.integrations.aircall
local tag = aircall.create_tag({ name = "Needs a lawyer", color = "#aa3300" }).tag
aircall.delete_tag({ tag_id = tag.id })
print("Deleted " .. tag.name)
--> Deleted Needs a lawyer

--- list_a2p_campaign_associations
local ok, result = pcall(app.integrations.aircall.list_a2p_campaign_associations, {})
print(ok and #result.a2p_campaign_associations or result.type)
--> not_found

--- create_a2p_campaign_association
local ok, result = pcall(app.integrations.aircall.create_a2p_campaign_association, { external_campaign_id = "CM1", numbers = { 1 } })
print(ok and result.a2p_campaign_associations.id or result.type)
--> not_found

--- update_a2p_campaign_association
local ok, result = pcall(app.integrations.aircall.update_a2p_campaign_association, { external_campaign_id = "CM1", numbers = { 1 } })
print(ok and result.a2p_campaign_associations.id or result.type)
--> not_found

--- delete_a2p_campaign_association
local ok, result = pcall(app.integrations.aircall.delete_a2p_campaign_association, { association_id = 700 })
print(ok and "deleted" or result.type)
--> not_found

--- trigger_outbound_call
local result = app.integrations.aircall.trigger_outbound_call({
  agent_id = "agent-abc123",
  contact_phone = "+33612345678",
  idempotency_key = "appointment-17",
  context = { first_name = "Jane", appointment_time = "tomorrow at ten" }
})
print(result.status, result.idempotency_key)
--> PENDING	appointment-17

--- create_analytics_report_export
local export = app.integrations.aircall.create_analytics_report_export({
  report_name = "CALLS_HISTORY",
  timezone = "Europe/Paris",
  relative = "LAST_WEEK",
  export_name = "calls of last week"
})
print(export.status, export.exportID ~= "")
--> PENDING	true

--- get_analytics_report_export
local aircall = app.integrations.aircall
local export = aircall.create_analytics_report_export({
  report_name = "USER_STATUS_HISTORY", timezone = "UTC", from_date = "2026-02-01", to_date = "2026-02-28"
})
print(aircall.get_analytics_report_export({ export_id = export.exportID }).status)
--> PENDING

--- list_webhooks
local aircall = app.integrations.aircall
local webhook = aircall.create_webhook({ url = "https://hooks.example.com/calls", events = { "call.ended" } }).webhook
for _, hook in ipairs(aircall.list_webhooks().webhooks) do
  if hook.webhook_id == webhook.webhook_id then print(hook.url, hook.active) end
end
--> https://hooks.example.com/calls	true

--- get_webhook
local aircall = app.integrations.aircall
local webhook = aircall.create_webhook({ url = "https://hooks.example.com/calls", events = { "call.ended" } }).webhook
print(aircall.get_webhook({ webhook_id = webhook.webhook_id }).webhook.url)
--> https://hooks.example.com/calls

--- create_webhook
local aircall = app.integrations.aircall
local webhook = aircall.create_webhook({ url = "https://hooks.example.com/calls", events = { "call.ended" } }).webhook
print(webhook.url, webhook.active, webhook.events[1])
--> https://hooks.example.com/calls	true	call.ended

--- update_webhook
local aircall = app.integrations.aircall
local webhook = aircall.create_webhook({ url = "https://hooks.example.com/calls", events = { "call.ended" } }).webhook
webhook = aircall.update_webhook({
  webhook_id = webhook.webhook_id, events = { "call.tagged" }, events_action = "add"
}).webhook
print(#webhook.events)
--> 2

--- delete_webhook
local aircall = app.integrations.aircall
local webhook = aircall.create_webhook({ url = "https://hooks.example.com/calls", events = { "call.ended" } }).webhook
aircall.delete_webhook({ webhook_id = webhook.webhook_id })
local ok, failed = pcall(aircall.get_webhook, { webhook_id = webhook.webhook_id })
print(ok, failed.type)
--> false	not_found

--- exchange_authorization_code
local ok, result = pcall(app.integrations.aircall.exchange_authorization_code, {
  client_id = "fake-client-id",
  client_secret = "fake-client-secret",
  code = "used-before",
  redirect_uri = "https://app.example.com/oauth/callback"
})
print(ok or result.type)
--> api_error

--- each_call
local seconds, n = 0, 0
for call in app.integrations.aircall.each_call({ direction = "inbound" }) do
  seconds = seconds + call.duration
  n = n + 1
  if n == 120 then break end
end
print(n .. " calls on three pages", seconds > 0)
--> 120 calls on three pages	true

--- each_contact
local n = 0
for contact in app.integrations.aircall.each_contact({ q = "John" }) do
  n = n + 1
end
print(n >= 3)
--> true

--- each_user
local aircall = app.integrations.aircall
local n = 0
for user in aircall.each_user() do
  n = n + 1
end
print(n == aircall.get_company().company.users_count)
--> true

--- each_number
local aircall = app.integrations.aircall
local open, closed = 0, 0
for number in aircall.each_number() do
  if number.availability_status == "closed" then closed = closed + 1 else open = open + 1 end
end
print(open + closed == aircall.list_numbers().meta.total)
--> true

--- each_user_availability
local aircall = app.integrations.aircall
local n = 0
for user in aircall.each_user_availability() do
  if user.availability then n = n + 1 end
end
print(n == aircall.get_company().company.users_count)
--> true

--- each_user_number
local aircall = app.integrations.aircall
local number = aircall.list_numbers().numbers[1]
local user = aircall.get_number({ number_id = number.id }).number.users[1]
for n in aircall.each_user_number({ user_id = user.id }) do
  if n.id == number.id then print("It is among them") end
end
--> It is among them

--- each_user_v1
local aircall = app.integrations.aircall
local ok, failed = pcall(function()
  for user in aircall.each_user_v1() do print(user.name) end
end)
print(ok or failed.type)
--> not_found

--- each_team
local aircall = app.integrations.aircall
local n = 0
for team in aircall.each_team({ order = "asc" }) do
  n = n + 1
end
print(n == aircall.list_teams().meta.total)
--> true

--- each_found_call
local aircall = app.integrations.aircall
local call = aircall.get_call({ call_id = 12345 }).call
for found in aircall.each_found_call({ phone_number = call.from }) do
  if found.id == 12345 then print("It is among them") end
end
--> It is among them

--- each_sms_template
for template in app.integrations.aircall.each_sms_template({ search = "invoice" }) do
  print(template.name)
end
--> invoice_sent
--> invoice_due
--> invoice_overdue
--> invoice_paid
--> invoice_corrected

--- each_whatsapp_template
local aircall = app.integrations.aircall
local line = aircall.list_numbers().numbers[1]
local n = 0
for template in aircall.each_whatsapp_template({ number_id = line.id }) do
  n = n + 1
end
print(n == aircall.list_whatsapp_templates({ number_id = line.id }).pageInfo.totalCount)
--> true

--- each_dialer_campaign_phone_number
local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
aircall.create_dialer_campaign({ user_id = owner.id, phone_numbers = { "+33612345678" } })
for entry in aircall.each_dialer_campaign_phone_number({ user_id = owner.id }) do
  print(entry.number, entry.called)
end
--> 33612345678	false

--- each_found_contact
local aircall = app.integrations.aircall
local contact = aircall.get_contact({ contact_id = 5678 }).contact
for found in aircall.each_found_contact({ email = contact.emails[1].value }) do
  if found.id == 5678 then print("It is among them") end
end
--> It is among them

--- each_tag
local aircall = app.integrations.aircall
local names = {}
for tag in aircall.each_tag() do
  names[#names + 1] = tag.name
end
print(#names == aircall.list_tags().meta.total, names[1])
--> true	Callback Request

--- each_campaign
for campaign in app.integrations.aircall.each_campaign() do
  print(campaign.name)
end
--> Renewals

--- each_campaign_call_outcome
local aircall = app.integrations.aircall
local count = 0
for campaign in aircall.each_campaign() do
  for outcome in aircall.each_campaign_call_outcome({ campaign_id = campaign.id }) do count = count + 1 end
end
print(count)
--> 0

--- each_a2p_campaign_association
local ok, failed = pcall(function()
  for association in app.integrations.aircall.each_a2p_campaign_association() do
    print(association.external_id)
  end
end)
print(ok or failed.type)
--> not_found

--- each_webhook
local aircall = app.integrations.aircall
local webhook = aircall.create_webhook({ url = "https://hooks.example.com/calls", events = { "call.ended" } }).webhook
for hook in aircall.each_webhook() do
  if hook.webhook_id == webhook.webhook_id then print(hook.url, #hook.events) end
end
--> https://hooks.example.com/calls	1

--- api_get
local aircall = app.integrations.aircall
local reply = aircall.api_get({ path = "/v1/calls", query = { per_page = 5, order = "desc" } })
print(#reply.calls, reply.calls[1].from)
--> 5	nil

--- api_post
local aircall = app.integrations.aircall
local reply = aircall.api_post({ path = "/v1/contacts", body = { first_name = "Jane", phone_numbers = { { label = "Work", value = "+33612345678" } } } })
print(reply.contact.first_name, reply.contact.last_name)
--> Jane	nil

--- api_put
app.integrations.aircall.api_put({ path = "/v1/calls/12345/archive" })
print(app.integrations.aircall.get_call(12345).call.archived)
--> true

--- api_delete
local aircall = app.integrations.aircall
aircall.api_delete({ path = "/v1/contacts/5678" })
print(pcall(aircall.get_contact, 5678))
--> false	api_delete.lua:3: Aircall API error (404): Not Found. Check ID of the resource
