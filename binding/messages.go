package binding

func lineParam() Param { return pathParam("number_id", "The number to send from") }

func messageFunctions() []Function {
	configured := []string{"forbidden if agents control the messages of the number: see create_number_configuration"}
	agents := []string{"forbidden if the API controls the messages of the number: see delete_number_configuration"}
	const twice = "It costs money, and two calls send two messages. A message cannot be read later: its status comes by webhook."
	media := Param{Name: "media_url", wire: "mediaUrl", Kind: KindList, Max: 10, Items: &Param{Kind: KindText}, Description: "URLs of files, for an MMS"}
	agent := Param{Name: "user_id", Kind: KindID, Description: "The user shown as the sender in the conversation"}
	one := []Param{
		lineParam(),
		{Name: "to", Kind: KindPhone, Required: true, Description: "The receiver, in E.164"},
		{Name: "body", Kind: KindText, Required: true, Description: "Text, at most 1,600 characters"},
		media,
	}
	group := []Param{
		lineParam(),
		{Name: "participants", Kind: KindList, Max: 10, Required: true, Items: &Param{Kind: KindPhone}, Description: "The receiver, in E.164"},
		{Name: "body", Kind: KindText, Description: "Text, at most 1,600 characters"},
		media,
	}
	return []Function{{
		Name: "create_number_configuration", Effect: EffectWrite, Ops: []string{"create-number-configuration"},
		Description: "Give the API control of the messages of a number: agents can no longer send from it, and incoming messages go to a URL.",
		Params: []Param{
			lineParam(),
			{Name: "callback_url", wire: "callbackUrl", Kind: KindText, Description: "Receives messages and the status of sent ones, over https; without it nobody receives them"},
			{Name: "type", Kind: KindEnum, Enum: []string{"whatsapp"}, Description: "Left out for SMS"},
		},
		Returns: "`token`, which comes with every callback, `callbackUrl` if there is one, and `type`.",
	}, {
		Name: "get_number_configuration", Effect: EffectRead, Ops: []string{"fetch-number-configuration"},
		Description: "Retrieve how the messages of a number are configured.",
		Params:      []Param{lineParam()},
		Returns:     "`token`, `callbackUrl` if there is one, and `type`.",
		Errors:      []string{"not_found if agents control the messages of the number"},
	}, {
		Name: "delete_number_configuration", Effect: EffectWrite, Ops: []string{"delete-number-configuration"},
		Description: "Give agents control of the messages of a number again.",
		Params:      []Param{lineParam()},
	}, {
		Name: "send_message", Effect: EffectWrite, Ops: []string{"send-message"},
		Description: "Send a text outside the inbox, from a number that is configured for it.",
		Params:      one, Returns: "the message: `id`, `status`, `body` and more.", Errors: configured, Note: twice,
	}, {
		Name: "send_message_in_agent_conversation", Effect: EffectWrite, Ops: []string{"send-message-in-agent-conversation"},
		Description: "Send a text that agents see in the conversation with the receiver.",
		Params:      append(one[:len(one):len(one)], agent), Returns: "the message: `id`, `status`, `body` and more.", Errors: agents, Note: twice,
	}, {
		Name: "send_group_message", Effect: EffectWrite, Ops: []string{"send-group-message"},
		Description: "Send a text or files to several receivers outside the inbox, from a number that is configured for it.",
		Params:      group, Returns: "the message: `group_message_id`, `status`, `participants` and more.", Errors: configured, Note: twice,
		check: func(a arguments) []string {
			if !a.has("body") && !a.has("media_url") {
				return []string{"give body or media_url"}
			}
			return nil
		},
	}, {
		Name: "send_group_message_in_agent_conversation", Effect: EffectWrite, Ops: []string{"send-group-message-in-agent-conversation"},
		Description: "Send a text to several receivers that agents see in the conversation with them.",
		Params:      append(group[:len(group):len(group)], agent), Returns: "the message: `group_message_id`, `status`, `participants` and more.", Errors: agents, Note: twice,
	}, {
		Name: "list_sms_templates", Effect: EffectRead, Ops: []string{"list-sms-templates"}, Key: "templates",
		Description: "List the saved texts of the company's users.",
		Params: append(plainPageParams(),
			Param{Name: "search", Kind: KindQuery, Description: "Words of the name or the text"}),
		Returns: "`templates`, a list of `id`, `name` and `body`, and `meta`.",
		each:    iteration{name: "each_sms_template", item: "template"},
	}}
}

func whatsappFunctions() []Function {
	const twice = "It costs money, and two calls send two messages. More than 24 hours after the last message of the receiver Aircall still accepts a text, but delivers only templates."
	params := func(receiver string) []Param {
		return []Param{
			{Name: "number_id", wire: "lineId", Kind: KindID, Required: true, Description: "The number to send from"},
			{Name: "to", wire: receiver, Kind: KindPhone, Required: true, Description: "The receiver, in E.164"},
			{Name: "text", Kind: KindText, Description: "Text, at most 4,096 characters; or else a template"},
			{Name: "template", wire: "templateParams", Kind: KindObject, Description: "An approved template with the values of its placeholders", Fields: []Param{
				{Name: "id", Kind: KindID, Required: true},
				{Name: "body", Kind: KindList, Max: 20, Items: &Param{Kind: KindObject, Fields: []Param{
					{Name: "key", Kind: KindText, Required: true}, {Name: "value", Kind: KindText, Required: true},
				}}},
			}},
			{Name: "user_id", Kind: KindID, Description: "The user shown as the sender in the conversation"},
		}
	}
	object := []Object{{"Template Object", `{"id": 1, "body": [{"key": "{{1}}", "value": "Jane"}, {"key": "{{2}}", "value": "A-17"}]}`}}
	files := Param{Name: "media_url", wire: "mediaUrl", Kind: KindList, Max: 10, Items: &Param{Kind: KindText}, Description: "URLs of files, with or without a text"}
	const sent = "the message: `id`, `status`, `body` and more."
	return []Function{{
		Name: "send_whatsapp_message", Effect: EffectWrite, Ops: []string{"send-whatsapp-message"},
		Description: "Send a WhatsApp message outside the inbox, from a number that is configured for it.",
		Params:      append(params("to"), files), Objects: object, Returns: sent, Note: twice, check: textFilesOrTemplate,
		Errors: []string{"api_error if the number cannot send WhatsApp messages outside the inbox, or has reached the daily limit of its messaging tier"},
	}, {
		Name: "send_whatsapp_message_in_agent_conversation", Effect: EffectWrite, Ops: []string{"send-whatsapp-message-in-agent-conversation"},
		Description: "Send a WhatsApp message that agents see in the conversation with the receiver.",
		Params:      params("externalNumber"), Objects: object, Returns: sent, Note: twice, check: exactlyOne("text", "template"),
		Errors: []string{"forbidden if the API controls the messages of the number, api_error if it cannot send WhatsApp messages or has reached the daily limit of its messaging tier"},
	}, {
		Name: "list_whatsapp_templates", Effect: EffectRead, Ops: []string{"list-whatsapp-templates"}, Key: "templates",
		Description: "List the WhatsApp templates of a number. It is the only list that is paged by tokens.",
		Params: []Param{
			lineParam(),
			{Name: "status", Kind: KindQuery, Description: "Only templates in this status, such as APPROVED"},
			{Name: "category", Kind: KindQuery, Description: "Only templates of this category, such as UTILITY"},
			{Name: "sort", Kind: KindQuery, Description: "Order of the list"},
			{Name: "token", Kind: KindKey, Description: "Where the page begins: `pageInfo.nextToken` of the page before"},
			{Name: "limit", Kind: KindInteger, Min: 1, Max: 100, Description: "Number of results per page"},
		},
		Returns: "`templates`, a list, and `pageInfo` with `nextToken`, which is absent on the last page, and `totalCount`.",
		list:    templateListing,
		each:    iteration{name: "each_whatsapp_template", item: "template"},
	}, {
		Name: "get_whatsapp_status", Effect: EffectRead, Ops: []string{"retrieve-whatsapp-status"},
		Description: "Retrieve whether a number can send WhatsApp messages.",
		Params:      []Param{lineParam()},
		Returns:     "`status`, `canSendMessage`, `qualityRating` and more.",
		Errors:      []string{"not_found if the number has no WhatsApp"},
	}}
}

// textFilesOrTemplate allows a text, files or both, or else a template.
func textFilesOrTemplate(a arguments) []string {
	if (a.has("text") || a.has("media_url")) == a.has("template") {
		return []string{"give text, media_url or both, or else template"}
	}
	return nil
}

func templateListing(c *call) (listing, error) {
	return listing{op: "list-whatsapp-templates", key: "templates", req: c.request(), token: func(reply *value) string {
		next := reply.get("pageInfo").get("nextToken")
		if next.null() {
			return ""
		}
		return next.text // a text or a number
	}}, nil
}

func a2pFunctions() []Function {
	const note = "Aircall's documentation of 2026 no longer has this operation."
	gone := []string{"not_found if Aircall no longer has the operation"}
	params := func(what string) []Param {
		return []Param{
			{Name: "external_campaign_id", Kind: KindKey, Required: true, Description: "The campaign's id at its registry"},
			{Name: "numbers", Kind: KindList, Max: 100, Required: true, Items: &Param{Kind: KindID}, Description: what},
		}
	}
	const key = "a2p_campaign_associations"
	return []Function{{
		Name: "list_a2p_campaign_associations", Effect: EffectRead, Ops: []string{"list-a2p-campaign-associations"}, Key: key,
		Description: "List the numbers of campaigns that are registered for messages from applications.",
		Params:      plainPageParams(), Returns: "`a2p_campaign_associations`, a list, and `meta`.", Errors: gone, Note: note,
		each: iteration{name: "each_a2p_campaign_association", item: "association"},
	}, {
		Name: "create_a2p_campaign_association", Effect: EffectWrite, Ops: []string{"create-an-a2p-campaign-association"}, Key: key,
		Description: "Connect numbers with a campaign.", Params: params("The numbers"), Returns: "`a2p_campaign_associations`, which is one.", Errors: gone, Note: note,
	}, {
		Name: "update_a2p_campaign_association", Effect: EffectWrite, Ops: []string{"update-an-a2p-campaign-association"}, Key: key,
		Description: "Replace the numbers of a campaign.", Params: params("The new numbers"), Returns: "`a2p_campaign_associations`, which is one.", Errors: gone, Note: note,
	}, {
		Name: "delete_a2p_campaign_association", Effect: EffectWrite, Ops: []string{"delete-an-a2p-campaign-association"},
		Description: "Delete an association.", Params: []Param{pathParam("association_id", "The unique identifier of the association")}, Errors: gone, Note: note,
	}}
}
