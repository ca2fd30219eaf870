package binding

func dialerFunctions() []Function {
	phones := Param{Name: "phone_numbers", Kind: KindList, Max: 500, Required: true, Items: &Param{Kind: KindPhone}, Description: "Phone numbers to call, in E.164"}
	partly := []string{"api_error with status 422 that lists the rejected numbers; the others were added"}
	return []Function{{
		Name: "get_dialer_campaign", Effect: EffectRead, Ops: []string{"retrieve-a-dialer-campaign"},
		Description: "Retrieve the Power Dialer campaign of a user.",
		Returns:     "the campaign: `id`, `number_id` as text, `created_at`.",
		Errors:      []string{"not_found if the user has no campaign"},
	}, {
		Name: "create_dialer_campaign", Effect: EffectWrite, Ops: []string{"create-a-dialer-campaign"},
		Description: "Start a user's campaign, or add phone numbers to the existing one.",
		Params:      []Param{phones}, Errors: partly,
	}, {
		Name: "delete_dialer_campaign", Effect: EffectWrite, Ops: []string{"delete-a-dialer-campaign"},
		Description: "Delete a user's campaign.",
	}, {
		Name: "list_dialer_campaign_phone_numbers", Effect: EffectRead, Ops: []string{"retrieve-phone-numbers"}, Key: "numbers",
		Description: "List the phone numbers of a user's campaign.",
		Params:      plainPageParams(),
		Returns:     "`numbers`, a list of `id`, `number` (digits without a plus), `called` and `created_at`, and `meta`.",
		each:        iteration{name: "each_dialer_campaign_phone_number", item: "entry"},
	}, {
		Name: "add_dialer_campaign_phone_numbers", Effect: EffectWrite, Ops: []string{"add-phone-numbers"},
		Description: "Add phone numbers to a user's campaign.",
		Params:      []Param{phones}, Errors: partly,
	}, {
		Name: "delete_dialer_campaign_phone_number", Effect: EffectWrite, Ops: []string{"delete-a-phone-number"},
		Description: "Delete a phone number from a user's campaign.",
		Params:      []Param{pathParam("phone_number_id", "The id of the entry in the campaign")},
	}}
}
