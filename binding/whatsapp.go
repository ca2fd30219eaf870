package binding

func whatsappFunctions() []Function {
	const twice = "It costs money, and called twice it sends two. Beyond 24 hours after the other's last message Aircall takes a text, too, but only templates are delivered."
	params := func(receiver string) []Param {
		return []Param{
			{Name: "number_id", Wire: "lineId", Kind: KindID, Required: true, Description: "The number to send from"},
			{Name: "to", Wire: receiver, Kind: KindPhone, Required: true, Description: "Whom to send it to, in E.164"},
			{Name: "text", Kind: KindText, Description: "Text, at most 4,096 characters; or else a template"},
			{Name: "template", Wire: "templateParams", Kind: KindObject, Description: "An approved template with the values for its places", Fields: []Param{
				{Name: "id", Kind: KindID, Required: true},
				{Name: "body", Kind: KindList, Max: 20, Items: &Param{Kind: KindObject, Fields: []Param{
					{Name: "key", Kind: KindText, Required: true}, {Name: "value", Kind: KindText, Required: true},
				}}},
			}},
			{Name: "user_id", Kind: KindID, Description: "The user in whose name the message stands in the conversation"},
		}
	}
	object := []Object{{"Template Object", `{"id": 1, "body": [{"key": "{{1}}", "value": "Jane"}, {"key": "{{2}}", "value": "A-17"}]}`}}
	const sent = "the message: `id`, `status`, `body` and more."
	return []Function{
		{
			Name: "send_whatsapp_message", Effect: EffectWrite, Ops: []string{"send-whatsapp-message"},
			Description: "Send a WhatsApp message past the inbox, from a number that is configured for it.",
			Params:      params("to"), Objects: object, Returns: sent, Note: twice, check: exactlyOne("text", "template"),
			Errors: []string{"api_error if the number cannot send WhatsApp messages past the inbox"},
		},
		{
			Name: "send_whatsapp_message_in_agent_conversation", Effect: EffectWrite, Ops: []string{"send-whatsapp-message-in-agent-conversation"},
			Description: "Send a WhatsApp message that agents see in the conversation with its receiver.",
			Params:      params("externalNumber"), Objects: object, Returns: sent, Note: twice, check: exactlyOne("text", "template"),
			Errors: []string{"forbidden if the messages of the number belong to the API, api_error if it cannot send WhatsApp messages"},
		},
		{
			Name: "list_whatsapp_templates", Effect: EffectRead, Ops: []string{"list-whatsapp-templates"}, Key: "templates",
			Description: "List the WhatsApp templates of a number. This list goes by tokens, as no other does.",
			Params: []Param{
				lineParam(),
				{Name: "status", Kind: KindQuery, Description: "Only templates in this status, such as APPROVED"},
				{Name: "category", Kind: KindQuery, Description: "Only templates of this category, such as UTILITY"},
				{Name: "sort", Kind: KindQuery, Description: "Order of the list"},
				{Name: "token", Kind: KindKey, Description: "Where the page begins: `pageInfo.nextToken` of the page before"},
				{Name: "limit", Kind: KindInteger, Min: 1, Max: 100, Description: "Number of results per page"},
			},
			Returns: "`templates`, a list, and `pageInfo` with `nextToken`, which is absent on the last page, and `totalCount`.",
			handle:  listPage, list: templateListing,
			each: iteration{name: "each_whatsapp_template", item: "template"},
		},
		{
			Name: "get_whatsapp_status", Effect: EffectRead, Ops: []string{"retrieve-whatsapp-status"},
			Description: "Retrieve whether a number can send WhatsApp messages.",
			Params:      []Param{lineParam()},
			Returns:     "`status`, `canSendMessage`, `qualityRating` and more.",
			Errors:      []string{"not_found if the number has no WhatsApp"},
		},
	}
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
