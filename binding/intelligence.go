package binding

// intelligenceFunctions are those of what Aircall makes of a recorded conversation.
func intelligenceFunctions() []Function {
	const assistPro = "The account needs AI Assist Pro."
	nothing := []string{"not_found if there is no such call, or nothing was made of it"}
	plain := func(name, op, key, description, returns, note string) Function {
		return Function{
			Name: name, Effect: EffectRead, Ops: []string{op}, Key: key, Description: description,
			Returns: returns, Errors: nothing, Note: note,
		}
	}
	transcription := plain("get_transcription", "retrieve-a-transcription", "transcription",
		"Retrieve what was said in a call.", "`transcription`, whose `content.utterances` are in order.", "")
	transcription.Params = append(transcription.Params,
		Param{Name: "mode", Kind: KindEnum, Enum: []string{"async", "realtime"}, Description: "Made after the call or while it lasted"})
	playbook := plain("get_playbook_result", "retrieve-a-playbook-result", "",
		"Retrieve how well a call kept to a playbook.", "`call_id`, `adherence_score`, `playbook_result_topics`, and `playbook` if asked for.", assistPro)
	playbook.Params = append(playbook.Params, Param{Name: "fetch_playbook", Kind: KindBool, Description: "Whether the playbook itself comes with it"})
	realtime := plain("get_realtime_transcription", "retrieve-a-realtime-transcription", "",
		"Retrieve what was said so far in a call that lasts.", "`call_id` and what was said.",
		"Aircall removed this route on 2026-03-31. Use get_transcription with mode \"realtime\".")
	return []Function{
		transcription, realtime,
		plain("get_sentiments", "retrieve-sentiments", "sentiment", "Retrieve the mood of those outside in a call.",
			"`sentiment`, with `participants`.", ""),
		plain("get_topics", "retrieve-topics", "topic", "Retrieve what a call was about.",
			"`topic`, whose `content` is a list of words.", ""),
		plain("get_summary", "retrieve-a-summary", "summary", "Retrieve a call in a few sentences.",
			"`summary`, whose `content` is the text.", ""),
		plain("get_custom_summary_result", "retrieve-a-custom-summary-result", "", "Retrieve a call summed up by a template.",
			"`call_id`, `custom_summary` and `summary_template_results`.", assistPro),
		plain("get_action_items", "retrieve-action-items", "action_items", "Retrieve what somebody has to do after a call.",
			"`action_items`, a list, and `call_id`.", ""),
		playbook,
		plain("get_evaluations", "retrieve-evaluations", "evaluations", "Retrieve the scorecards of a call.",
			"`evaluations`, a list, and `call_id`.", assistPro),
		plain("get_predicted_csat", "retrieve-a-predicted-csat", "csat", "Retrieve how satisfied the customer of a call is thought to be.",
			"`csat`.", assistPro),
	}
}

func aiAgentFunctions() []Function {
	return []Function{{
		Name: "trigger_outbound_call", Effect: EffectWrite, Ops: []string{"trigger-an-outbound-call"},
		Description: "Let an AI voice agent, made in the Dashboard, call someone.",
		Params: []Param{
			{Name: "agent_id", Kind: KindKey, Required: true, in: inPath, Description: "The id of the agent"},
			{Name: "contact_phone", Kind: KindPhone, Required: true, Description: "Whom to call, in E.164"},
			{Name: "idempotency_key", Kind: KindText, Required: true, Description: "A key of your own; one used before makes no second call"},
			{Name: "context", Kind: KindMap, Description: "A value for every {{variable}} of the agent's messages; `timezone` for times in UTC"},
			{Name: "expiration_seconds", Kind: KindInteger, Min: 60, Max: 86400, Description: "Seconds the call may wait for its turn; Aircall's default is 3600"},
		},
		Returns: "`id`, `idempotency_key`, `status` and `virtual_agent_id`.",
		Errors:  []string{"not_found if there is no such agent", "api_error with status 409 if the key was used before"},
		Note:    "No function tells what became of it: events do, and the call itself. A company has 5 such calls at a time, a number 1.",
	}}
}
