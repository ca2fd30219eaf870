package binding

// intelligenceFunctions are those of what Aircall makes of a recorded conversation.
func intelligenceFunctions() []Function {
	const assistPro = "It requires AI Assist Pro."
	nothing := []string{"not_found if there is no such call, or Aircall has not analyzed it"}
	plain := func(name, op, key, description, returns, note string) Function {
		return Function{
			Name: name, Effect: EffectRead, Ops: []string{op}, Key: key, Description: description,
			Returns: returns, Errors: nothing, Note: note,
		}
	}
	transcription := plain("get_transcription", "retrieve-a-transcription", "transcription",
		"Retrieve the transcript of a call.", "`transcription`, whose `content.utterances` are in order.", "")
	transcription.Params = append(transcription.Params,
		Param{Name: "mode", Kind: KindEnum, Enum: []string{"async", "realtime"}, Description: "Made after the call or during it"})
	playbook := plain("get_playbook_result", "retrieve-a-playbook-result", "",
		"Retrieve how well a call followed a playbook.", "`call_id`, `adherence_score`, `playbook_result_topics`, and `playbook` if requested.", assistPro)
	playbook.Params = append(playbook.Params, Param{Name: "fetch_playbook", Kind: KindBool, Description: "Whether to include the playbook"})
	realtime := plain("get_realtime_transcription", "retrieve-a-realtime-transcription", "",
		"Retrieve the transcript so far of a call in progress.", "`call_id` and the transcript.",
		"Aircall removed this route on 2026-03-31. Use get_transcription with mode \"realtime\".")
	return []Function{
		transcription, realtime,
		plain("get_sentiments", "retrieve-sentiments", "sentiment", "Retrieve the moods of the external participants of a call.",
			"`sentiment`, with `participants`.", ""),
		plain("get_topics", "retrieve-topics", "topic", "Retrieve the topics of a call.",
			"`topic`, whose `content` is a list of words.", ""),
		plain("get_summary", "retrieve-a-summary", "summary", "Retrieve a summary of a call.",
			"`summary`, whose `content` is the text.", ""),
		plain("get_custom_summary_result", "retrieve-a-custom-summary-result", "", "Retrieve a summary of a call by a template.",
			"`call_id`, `custom_summary` and `summary_template_results`.", assistPro),
		plain("get_action_items", "retrieve-action-items", "action_items", "Retrieve the tasks that follow from a call.",
			"`action_items`, a list, and `call_id`.", ""),
		playbook,
		plain("get_evaluations", "retrieve-evaluations", "evaluations", "Retrieve the scorecards of a call.",
			"`evaluations`, a list, and `call_id`.", assistPro),
		plain("get_predicted_csat", "retrieve-a-predicted-csat", "csat", "Retrieve the predicted satisfaction of the customer of a call.",
			"`csat`.", assistPro),
	}
}

func aiAgentFunctions() []Function {
	return []Function{{
		Name: "trigger_outbound_call", Effect: EffectWrite, Ops: []string{"trigger-an-outbound-call"},
		Description: "Make an AI voice agent, created in the Dashboard, call a number.",
		Params: []Param{
			{Name: "agent_id", Kind: KindKey, Required: true, in: inPath, Description: "The id of the agent"},
			{Name: "contact_phone", Kind: KindPhone, Required: true, Description: "The number to call, in E.164"},
			{Name: "idempotency_key", Kind: KindText, Required: true, Description: "A key of your choice; a key that was used before makes no second call"},
			{Name: "context", Kind: KindMap, Description: "A value for each {{variable}} of the agent's messages; `timezone` for times in UTC"},
			{Name: "expiration_seconds", Kind: KindInteger, Min: 60, Max: 86400, Description: "Seconds the call may wait for its turn; Aircall's default is 3600"},
		},
		Returns: "`id`, `idempotency_key`, `status` and `virtual_agent_id`.",
		Errors:  []string{"not_found if there is no such agent", "api_error with status 409 if the key was used before"},
		Note:    "The result is visible only in events and in the call itself. A company can have 5 such calls at a time, a number 1.",
	}}
}
