package binding

func lineParam() Param { return pathParam("number_id", "The number to send from") }

func messageFunctions() []Function {
	configured := []string{"forbidden if the messages of the number belong to agents: see create_number_configuration"}
	agents := []string{"forbidden if the messages of the number belong to the API: see delete_number_configuration"}
	const twice = "It costs money, and called twice it sends two. Nothing reads a message back: what becomes of it comes by webhook."
	media := Param{Name: "media_url", Wire: "mediaUrl", Kind: KindList, Max: 10, Items: &Param{Kind: KindText}, Description: "URLs of files, for an MMS"}
	agent := Param{Name: "user_id", Kind: KindID, Description: "The user in whose name the message stands in the conversation"}
	one := []Param{
		lineParam(),
		{Name: "to", Kind: KindPhone, Required: true, Description: "Whom to send it to, in E.164"},
		{Name: "body", Kind: KindText, Required: true, Description: "Text, at most 1,600 characters"},
		media,
	}
	group := []Param{
		lineParam(),
		{Name: "participants", Kind: KindList, Max: 10, Required: true, Items: &Param{Kind: KindPhone}, Description: "Whom to send it to, in E.164"},
		{Name: "body", Kind: KindText, Description: "Text, at most 1,600 characters"},
		media,
	}
	return []Function{
		{
			Name: "create_number_configuration", Effect: EffectWrite, Ops: []string{"create-number-configuration"},
			Description: "Give the messages of a number to the API: agents cannot send from it any more, and messages that come in go to a URL.",
			Params: []Param{
				lineParam(),
				{Name: "callback_url", Wire: "callbackUrl", Kind: KindText, Description: "Where messages and the status of sent ones go, over https. Without it they go nowhere"},
				{Name: "type", Kind: KindEnum, Enum: []string{"whatsapp"}, Description: "Left out for SMS"},
			},
			Returns: "`token`, which comes with every callback, `callbackUrl` if there is one, and `type`.",
		},
		{
			Name: "get_number_configuration", Effect: EffectRead, Ops: []string{"fetch-number-configuration"},
			Description: "Retrieve how the messages of a number are configured.",
			Params:      []Param{lineParam()},
			Returns:     "`token`, `callbackUrl` if there is one, and `type`.",
			Errors:      []string{"not_found if the messages of the number belong to agents"},
		},
		{
			Name: "delete_number_configuration", Effect: EffectWrite, Ops: []string{"delete-number-configuration"},
			Description: "Give the messages of a number back to agents.",
			Params:      []Param{lineParam()},
			Returns:     emptyResult,
		},
		{
			Name: "send_message", Effect: EffectWrite, Ops: []string{"send-message"},
			Description: "Send a text past the inbox, from a number that is configured for it.",
			Params:      one, Returns: "the message: `id`, `status`, `body` and more.", Errors: configured, Note: twice,
		},
		{
			Name: "send_message_in_agent_conversation", Effect: EffectWrite, Ops: []string{"send-message-in-agent-conversation"},
			Description: "Send a text that agents see in the conversation with its receiver.",
			Params:      append(one[:len(one):len(one)], agent), Returns: "the message: `id`, `status`, `body` and more.", Errors: agents, Note: twice,
		},
		{
			Name: "send_group_message", Effect: EffectWrite, Ops: []string{"send-group-message"},
			Description: "Send a text or files to several past the inbox, from a number that is configured for it.",
			Params:      group, Returns: "the message: `group_message_id`, `status`, `participants` and more.", Errors: configured, Note: twice,
			check: func(a arguments) []string {
				if !a.has("body") && !a.has("media_url") {
					return []string{"give body or media_url"}
				}
				return nil
			},
		},
		{
			Name: "send_group_message_in_agent_conversation", Effect: EffectWrite, Ops: []string{"send-group-message-in-agent-conversation"},
			Description: "Send a text to several that agents see in the conversation with them.",
			Params:      append(group[:len(group):len(group)], agent), Returns: "the message: `group_message_id`, `status`, `participants` and more.", Errors: agents, Note: twice,
		},
		{
			Name: "list_sms_templates", Effect: EffectRead, Ops: []string{"list-sms-templates"}, Key: "templates",
			Description: "List the texts the company's users keep for reuse.",
			Params: append(plainPageParams(),
				Param{Name: "search", Kind: KindQuery, Description: "Words of the name or the text"}),
			Returns: "`templates`, a list of `id`, `name` and `body`, and `meta`.",
			handle:  listPage,
			each:    iteration{name: "each_sms_template", item: "template"},
		},
	}
}
