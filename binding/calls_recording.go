package binding

func callRecordingFunctions() []Function {
	over := []string{"api_error if the call is over or not recorded"}
	return []Function{
		{
			Name: "pause_recording", Effect: EffectWrite, Ops: []string{"pause-recording"},
			Description: "Pause the recording of a call that is under way.",
			Params:      []Param{callParam()}, Returns: emptyResult, Errors: over,
			Example: underWay + `local ok, failed = pcall(aircall.pause_recording, { call_id = call.id })
print(ok and "paused" or failed.type)
`,
		},
		{
			Name: "resume_recording", Effect: EffectWrite, Ops: []string{"resume-recording"},
			Description: "Resume the recording of a call that is under way.",
			Params:      []Param{callParam()}, Returns: emptyResult, Errors: over,
			Example: underWay + `local ok, failed = pcall(function()
  aircall.pause_recording({ call_id = call.id })
  aircall.resume_recording({ call_id = call.id })
end)
print(ok and "resumed" or failed.type)
`,
		},
		{
			Name: "delete_recording", Effect: EffectWrite, Ops: []string{"delete-a-recording"},
			Description: "Delete the recording of a call, and what was made of it.",
			Params:      []Param{callParam()}, Returns: emptyResult,
			Example: `local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.recording then
    aircall.delete_recording({ call_id = call.id })
    print(aircall.get_call({ call_id = call.id }).call.recording)
    break
  end
end
`,
		},
		{
			Name: "delete_voicemail", Effect: EffectWrite, Ops: []string{"delete-a-voicemail"},
			Description: "Delete the voicemail of a call.",
			Params:      []Param{callParam()}, Returns: emptyResult,
			Example: `local aircall = app.integrations.aircall
for call in aircall.each_call() do
  if call.voicemail then
    aircall.delete_voicemail({ call_id = call.id })
    print(aircall.get_call({ call_id = call.id }).call.voicemail)
    break
  end
end
`,
		},
	}
}
