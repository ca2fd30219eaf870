package binding

func campaignParam() Param {
	return Param{Name: "campaign_id", Kind: KindKey, Required: true, in: inPath, Description: "The unique identifier of the campaign, a UUID"}
}

func campaignFunctions() []Function {
	const beta = "Outbound campaigns are a beta of 2026, of which little is documented; Aircall may answer differently."
	const campaign = "`campaign`: `id`, `name`, `status` and more. The status is draft, in_progress, paused, completed or archived."
	state := []string{"api_error with status 405 if the status of the campaign does not allow it"}
	contact := []Param{
		{Name: "phone_number", Kind: KindPhone, Required: true, Description: "In E.164"},
		{Name: "first_name", Kind: KindText}, {Name: "last_name", Kind: KindText}, {Name: "email", Kind: KindText},
		{Name: "company_name", Kind: KindText}, {Name: "note", Kind: KindText},
	}
	ids := func(name, of string) Param {
		return Param{Name: name, Kind: KindList, Max: 500, Items: &Param{Kind: KindID}, Description: of}
	}
	move := func(name, description string) Function {
		return Function{
			Name: name + "_campaign", Effect: EffectWrite, Ops: []string{name + "-a-campaign"}, Key: "campaign",
			Description: description, Params: []Param{campaignParam()}, Returns: campaign, Errors: state, Note: beta,
		}
	}
	launch := move("launch", "Let the draft of a campaign call its contacts.")
	launch.Errors = append(launch.Errors, "api_error with status 422 if it has no contacts, or nobody who calls")
	return []Function{{
		Name: "list_campaigns", Effect: EffectRead, Ops: []string{"list-campaigns"}, Key: "campaigns",
		Description: "List the outbound campaigns.", Params: plainPageParams(), Note: beta,
		each: iteration{name: "each_campaign", item: "campaign"},
	}, {
		Name: "get_campaign", Effect: EffectRead, Ops: []string{"retrieve-a-campaign"}, Key: "campaign",
		Description: "Retrieve an outbound campaign.", Params: []Param{campaignParam()}, Returns: campaign, Note: beta,
	}, {
		Name: "create_campaign", Effect: EffectWrite, Ops: []string{"create-a-campaign"}, Key: "campaign",
		Description: "Create the draft of an outbound campaign, which calls a list of contacts.",
		Params: []Param{
			{Name: "name", Kind: KindText, Required: true, Description: "Name of the campaign"},
			{Name: "description", Kind: KindText, Description: "What it is for"},
			{Name: "caller_id_strategy", Kind: KindText, Description: "Which number the contacts see: agent_number_pool is the number of whoever calls"},
			{Name: "call_attempts", Kind: KindInteger, Min: 1, Description: "How often a contact is called at most"},
			{Name: "external_ringing_timeout", Kind: KindInteger, Min: 1, Description: "How long a contact's phone rings, in seconds"},
			{Name: "aiva_agent_id", Kind: KindText, Description: "The AI voice agent that calls, as the Dashboard shows it; without it users call"},
		},
		Returns: campaign, Errors: []string{"forbidden if the company is not entitled to such campaigns"}, Note: beta,
	}, {
		Name: "list_campaign_contacts", Effect: EffectRead, Ops: []string{"list-campaign-contacts"}, Key: "contacts", plain: true,
		Description: "List the contacts of a campaign.",
		Params: append([]Param{campaignParam(), {Name: "phone_number", Kind: KindPhone, Description: "Only the contact with this number, in E.164"}},
			plainPageParams()...),
		Returns: "`contacts`, a list of `phone_number`, `first_name`, `last_name`, `email`, `company_name` and `note`. The phone number has digits only. There is no `meta`.",
		Note:    beta,
	}, {
		Name: "add_campaign_contacts", Effect: EffectWrite, Ops: []string{"add-campaign-contacts"}, Key: "contacts", plain: true,
		Description: "Add contacts to the draft of a campaign.",
		Params: []Param{
			campaignParam(),
			{Name: "contacts", Kind: KindList, Max: 500, Required: true, Items: &Param{Kind: KindObject, Fields: contact}, Description: "People to call, with phone_number and, if known, first_name, last_name, email, company_name and note"},
		},
		Objects: []Object{{"Contact Object", `{"phone_number": "+12025550147", "first_name": "Jane", "last_name": "Doe"}`}},
		Returns: "`contacts`, those that are new.", Errors: state, Note: beta,
	}, {
		Name: "assign_campaign_agents", Effect: EffectWrite, Ops: []string{"assign-campaign-agents"}, Key: "campaign",
		Description: "Replace the users who call in a campaign.",
		Params:      []Param{campaignParam(), ids("user_ids", "Users"), ids("team_ids", "Teams whose members call")},
		Returns:     campaign, Errors: state, Note: beta, check: atLeastOne("assign", "campaign_id"),
	},
		launch,
		move("pause", "Stop a campaign after the calls under way."),
		move("resume", "Let a paused campaign go on."),
		move("archive", "Archive a campaign that does not call."),
		{
			Name: "list_campaign_outcomes", Effect: EffectRead, Ops: []string{"list-campaign-outcomes"}, Key: "campaign_outcomes",
			Description: "List the outcomes that an attempt to reach a contact can have.",
			Returns:     "`campaign_outcomes`, a list of `id`, a UUID or a code, and `name`.", Note: beta,
		}, {
			Name: "list_campaign_call_outcomes", Effect: EffectRead, Ops: []string{"list-campaign-call-outcomes"}, Key: "call_outcomes",
			Description: "List the outcomes of a campaign's attempts to reach its contacts.",
			Params:      append([]Param{campaignParam()}, plainPageParams()...),
			Returns:     "`call_outcomes`, a list of `call_id`, `outcome_id`, `outcome_label`, `attempt_number` and more, and `meta`.", Note: beta,
			each: iteration{name: "each_campaign_call_outcome", item: "outcome"},
		}}
}
