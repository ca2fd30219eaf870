package binding

func userCallFunctions() []Function {
	busy := []string{"api_error with status 405 if the user's app is closed or the user is busy"}
	return []Function{
		{
			Name: "start_outbound_call", Effect: EffectWrite, Ops: []string{"start-an-outbound-call"},
			Description: "Let the app of a user ring someone, from one of the user's numbers.",
			Params: []Param{
				userParam(),
				{Name: "number_id", Kind: KindID, Required: true, Description: "The number to call from"},
				{Name: "to", Kind: KindPhone, Required: true, Description: "Whom to call, in E.164"},
			},
			Returns: emptyResult, Errors: busy,
			Note: "Nothing tells which call it becomes. Called twice, Aircall calls twice.",
		},
		{
			Name: "dial_phone_number", Effect: EffectWrite, Ops: []string{"dial-a-phone-number-in-the-phone"},
			Description: "Write a phone number into the app of a user, who may then call it or not.",
			Params: []Param{
				userParam(),
				{Name: "to", Kind: KindPhone, Required: true, Description: "The phone number, in E.164"},
			},
			Returns: emptyResult, Errors: busy,
		},
	}
}
