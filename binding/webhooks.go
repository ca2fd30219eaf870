package binding

func webhookParam() Param {
	return Param{Name: "webhook_id", Kind: KindKey, Required: true, in: inPath, Description: "The `webhook_id` of the webhook, or its older `id`"}
}

func eventsParam(description string) Param {
	return Param{Name: "events", Kind: KindList, Max: 100, Items: &Param{Kind: KindText}, Description: description}
}

func webhookFunctions() []Function {
	const secret = "The result contains the token, which comes with every delivery. Deliveries are not signed: the token is the only proof that they come from Aircall."
	return []Function{{
		Name: "list_webhooks", Effect: EffectRead, Ops: []string{"list-all-webhooks"}, Key: "webhooks",
		Description: "List webhooks: those of the app for an access token, those of the Dashboard and of API keys for an API key.",
		Params:      pageParams(), Note: secret,
		each: iteration{name: "each_webhook", item: "webhook"},
	}, {
		Name: "get_webhook", Effect: EffectRead, Ops: []string{"retrieve-a-webhook"}, Key: "webhook",
		Description: "Retrieve a webhook.",
		Params:      []Param{webhookParam()}, Note: secret,
	}, {
		Name: "create_webhook", Effect: EffectWrite, Ops: []string{"create-a-webhook"}, Key: "webhook",
		Description: "Create a webhook. A company can have 100.",
		Params: []Param{
			{Name: "url", Kind: KindText, Required: true, Description: "Receiver of the events, over https"},
			{Name: "custom_name", Kind: KindText, Description: "Name in the Dashboard"},
			eventsParam("Events to send; all events by default"),
		},
		Note:   secret,
		Errors: []string{"api_error if an event does not exist or the url is not https"},
	}, {
		Name: "update_webhook", Effect: EffectWrite, Ops: []string{"update-a-webhook"}, Key: "webhook",
		Description: "Change a webhook.",
		Params: []Param{
			webhookParam(),
			{Name: "url", Kind: KindText, Description: "New receiver, over https"},
			{Name: "custom_name", Kind: KindText, Description: "New name in the Dashboard"},
			{Name: "active", Kind: KindBool, Description: "Whether events are sent; Aircall sets it to false when deliveries fail"},
			eventsParam("Events; see events_action"),
			{Name: "events_action", Kind: KindEnum, Enum: []string{"add", "remove"}, in: inQuery, Description: "Whether to add or remove the events; by default they replace all"},
		},
		Note:  "Without events and events_action the update subscribes the webhook to every event: give events_action = \"add\" to keep its events.",
		check: atLeastOne("update", "webhook_id", "events_action"),
	}, {
		Name: "delete_webhook", Effect: EffectWrite, Ops: []string{"delete-a-webhook"},
		Description: "Delete a webhook.",
		Params:      []Param{webhookParam()},
	}}
}
