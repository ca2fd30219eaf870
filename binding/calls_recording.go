package binding

func callRecordingFunctions() []Function {
	over := []string{"api_error if the call is over or not recorded"}
	return []Function{
		{
			Name: "pause_recording", Effect: EffectWrite, Ops: []string{"pause-recording"},
			Description: "Pause the recording of a call that is under way.",
			Params:      []Param{callParam()}, Returns: emptyResult, Errors: over,
		},
		{
			Name: "resume_recording", Effect: EffectWrite, Ops: []string{"resume-recording"},
			Description: "Resume the recording of a call that is under way.",
			Params:      []Param{callParam()}, Returns: emptyResult, Errors: over,
		},
		{
			Name: "delete_recording", Effect: EffectWrite, Ops: []string{"delete-a-recording"},
			Description: "Delete the recording of a call, and what was made of it.",
			Params:      []Param{callParam()}, Returns: emptyResult,
		},
		{
			Name: "delete_voicemail", Effect: EffectWrite, Ops: []string{"delete-a-voicemail"},
			Description: "Delete the voicemail of a call.",
			Params:      []Param{callParam()}, Returns: emptyResult,
		},
	}
}
