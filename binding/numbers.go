package binding

func listNumbers() Function {
	return Function{
		Name: "list_numbers", Effect: EffectRead,
		Note:        "It reads all pages, at most 40 of 50 numbers; `meta.truncated` says whether there are more.",
		Description: "List all phone numbers in the Aircall account.",
		Returns:     "`numbers`, a list of all numbers, and `meta`.",
		Ops:         []string{"list-all-numbers"},
		Key:         "numbers",
		handle:      listAll, each: iteration{name: "each_number", item: "number"},
	}
}

func numberFunctions() []Function {
	return []Function{{
		Name: "get_number", Effect: EffectRead, Ops: []string{"retrieve-a-number"}, Key: "number",
		Description: "Retrieve a phone number of the company, with the users who take calls on it.",
	}, {
		Name: "update_number", Effect: EffectWrite, Ops: []string{"update-a-number"}, Key: "number",
		Description: "Change a phone number, its music and its announcements.",
		Params: []Param{
			{Name: "name", Kind: KindText, Description: "New name"},
			{Name: "availability_status", Kind: KindEnum, Enum: []string{"open", "custom", "closed"}, Description: "When the number takes calls"},
			{Name: "priority", Kind: KindInteger, Min: 0, Max: 1, Description: "Priority of its calls in a queue, 0 or 1"},
			{Name: "messages", Kind: KindObject, Description: "URLs of music and announcements; the others stay", Fields: []Param{
				{Name: "welcome", Kind: KindText}, {Name: "waiting", Kind: KindText}, {Name: "ringing_tone", Kind: KindText},
				{Name: "ivr", Kind: KindText}, {Name: "unanswered_call", Kind: KindText}, {Name: "after_hours", Kind: KindText},
				{Name: "callback_later", Kind: KindText},
			}},
		},
		check: atLeastOne("update", "number_id"),
	}, {
		Name: "get_number_registration_status", Effect: EffectRead, Ops: []string{"retrieve-registration-status"},
		Description: "Retrieve whether carriers accept the messages of a phone number.",
		Returns:     "`registration_status`, such as `\"approved\"` or `\"pending\"`. Aircall does not document this reply.",
	}}
}
