package binding

func listNumbers() Function {
	return Function{
		Name: "list_numbers", Effect: EffectRead,
		Note:        "It reads all pages, 50 numbers each and 40 pages at most; `meta.truncated` says whether there were more.",
		Description: "List all phone numbers in the Aircall account.",
		Returns:     "`numbers`, a list of all numbers, and `meta`.",
		Ops:         []string{"list-all-numbers"},
		Example: `local result = app.integrations.aircall.list_numbers({})
for _, number in ipairs(result.numbers) do
print(number.id .. ": " .. number.name .. " - " .. number.number)
end
`,
		Key:    "numbers",
		handle: listAll, each: eachNumber,
	}
}

var eachNumber = iteration{name: "each_number", item: "number", example: `local aircall = app.integrations.aircall
local open, closed = 0, 0
for number in aircall.each_number() do
  if number.availability_status == "closed" then closed = closed + 1 else open = open + 1 end
end
print(open + closed == aircall.list_numbers().meta.total)
`}

func numberFunctions() []Function {
	return []Function{
		{
			Name: "get_number", Effect: EffectRead, Ops: []string{"retrieve-a-number"}, Key: "number",
			Description: "Retrieve a phone number of the company, with the users who take calls on it.",
			Params:      []Param{pathParam("number_id", "The unique identifier of the number")},
			Returns:     "`number`.",
			Example: `local aircall = app.integrations.aircall
local first = aircall.list_numbers().numbers[1]
local number = aircall.get_number({ number_id = first.id }).number
print(number.name == first.name, number.number == number.digits, #number.users > 0)
`,
		},
		{
			Name: "update_number", Effect: EffectWrite, Ops: []string{"update-a-number"}, Key: "number",
			Description: "Change a phone number, its music and its announcements.",
			Params: []Param{
				pathParam("number_id", "The unique identifier of the number"),
				{Name: "name", Kind: KindText, Description: "New name"},
				{Name: "availability_status", Kind: KindEnum, Enum: []string{"open", "custom", "closed"}, Description: "When the number takes calls"},
				{Name: "priority", Kind: KindInteger, Min: 0, Max: 1, Description: "Priority of its calls in a queue, 0 or 1"},
				{Name: "messages", Kind: KindObject, Description: "URLs of music and announcements; what is not given stays", Fields: []Param{
					{Name: "welcome", Kind: KindText}, {Name: "waiting", Kind: KindText}, {Name: "ringing_tone", Kind: KindText},
					{Name: "ivr", Kind: KindText}, {Name: "unanswered_call", Kind: KindText}, {Name: "after_hours", Kind: KindText},
					{Name: "callback_later", Kind: KindText},
				}},
			},
			Returns: "`number`, as it is after the update.",
			check:   atLeastOne("update", "number_id"),
			Example: `local aircall = app.integrations.aircall
local first = aircall.list_numbers().numbers[1]
local number = aircall.update_number({ number_id = first.id, name = "Front desk" }).number
print(number.name)
`,
		},
		{
			Name: "get_number_registration_status", Effect: EffectRead, Ops: []string{"retrieve-registration-status"},
			Description: "Retrieve whether carriers take the messages of a phone number.",
			Params:      []Param{pathParam("number_id", "The unique identifier of the number")},
			Returns:     "`registration_status`, such as `\"approved\"` or `\"pending\"`. Aircall publishes no form of this reply.",
			Example: `local aircall = app.integrations.aircall
local first = aircall.list_numbers().numbers[1]
print(aircall.get_number_registration_status({ number_id = first.id }).registration_status)
`,
		},
	}
}
