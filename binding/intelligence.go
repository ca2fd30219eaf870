package binding

// intelligenceFunctions are those of what Aircall makes of a recorded conversation.
func intelligenceFunctions() []Function {
	const assistPro = "The account needs AI Assist Pro."
	nothing := []string{"not_found if there is no such call, or nothing was made of it"}
	// Of a conversation that was long enough, on the fake, something was made.
	of := func(name, rest string) string {
		return `local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording and call.duration >= 150 then
    local ok, result = pcall(aircall.` + name + `, { call_id = call.id })
    if ok then
      ` + rest + `
      break
    end
  end
end
`
	}
	plain := func(name, op, key, description, returns, note, rest string) Function {
		return Function{
			Name: name, Effect: EffectRead, Ops: []string{op}, Key: key, Description: description,
			Params: []Param{callParam()}, Returns: returns, Errors: nothing, Note: note, Example: of(name, rest),
		}
	}
	transcription := plain("get_transcription", "retrieve-a-transcription", "transcription",
		"Retrieve what was said in a call.", "`transcription`, whose `content.utterances` are in order.", "",
		"print(result.transcription.call_id == call.id, #result.transcription.content.utterances > 0)")
	transcription.Params = append(transcription.Params,
		Param{Name: "mode", Kind: KindEnum, Enum: []string{"async", "realtime"}, Description: "Made after the call or while it lasted"})
	playbook := plain("get_playbook_result", "retrieve-a-playbook-result", "",
		"Retrieve how well a call kept to a playbook.", "`call_id`, `adherence_score`, `playbook_result_topics`, and `playbook` if asked for.", assistPro,
		"print(result.call_id == call.id, result.adherence_score >= 0)")
	playbook.Params = append(playbook.Params, Param{Name: "fetch_playbook", Kind: KindBool, Description: "Whether the playbook itself comes with it"})
	realtime := plain("get_realtime_transcription", "retrieve-a-realtime-transcription", "",
		"Retrieve what was said so far in a call that lasts.", "`call_id` and what was said.",
		"Aircall removed this route on 2026-03-31. Use get_transcription with mode \"realtime\".", "")
	realtime.Example = `local ok, result = pcall(app.integrations.aircall.get_realtime_transcription, { call_id = 12345 })
print(ok or result.type)
`
	return []Function{
		transcription, realtime,
		plain("get_sentiments", "retrieve-sentiments", "sentiment", "Retrieve the mood of those outside in a call.",
			"`sentiment`, with `participants`.", "", "print(result.sentiment.call_id == call.id, #result.sentiment.participants)"),
		plain("get_topics", "retrieve-topics", "topic", "Retrieve what a call was about.",
			"`topic`, whose `content` is a list of words.", "", "print(result.topic.call_id == call.id, #result.topic.content > 0)"),
		plain("get_summary", "retrieve-a-summary", "summary", "Retrieve a call in a few sentences.",
			"`summary`, whose `content` is the text.", "", "print(result.summary.call_id == call.id, type(result.summary.content))"),
		plain("get_custom_summary_result", "retrieve-a-custom-summary-result", "", "Retrieve a call summed up by a template.",
			"`call_id`, `custom_summary` and `summary_template_results`.", assistPro, "print(result.call_id == call.id, #result.summary_template_results)"),
		plain("get_action_items", "retrieve-action-items", "action_items", "Retrieve what somebody has to do after a call.",
			"`action_items`, a list, and `call_id`.", "", "print(result.call_id == call.id, type(result.action_items))"),
		playbook,
		plain("get_evaluations", "retrieve-evaluations", "evaluations", "Retrieve the scorecards of a call.",
			"`evaluations`, a list, and `call_id`.", assistPro, "print(result.call_id == call.id, #result.evaluations)"),
		plain("get_predicted_csat", "retrieve-a-predicted-csat", "csat", "Retrieve how satisfied the customer of a call is thought to be.",
			"`csat`.", assistPro, "print(type(result.csat))"),
	}
}
