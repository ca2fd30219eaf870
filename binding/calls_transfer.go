package binding

func callTransferFunctions() []Function {
	return []Function{{
		Name: "transfer_call", Effect: EffectWrite, Ops: []string{"transfer-a-call"},
		Description: "Pass a call that is under way on to a user, a team or a number outside.",
		Params: []Param{
			callParam(),
			{Name: "user_id", Kind: KindID, Description: "The user who shall get the call"},
			{Name: "team_id", Kind: KindID, Description: "The team that shall get the call"},
			{Name: "number", Kind: KindPhone, Description: "The number outside that shall get the call, in E.164; only of an inbound call nobody answered yet"},
			{Name: "dispatching_strategy", Kind: KindEnum, Enum: []string{"simultaneous", "random", "longest_idle"}, Description: "In which order the users of the team ring"},
		},
		Returns: emptyResult,
		Errors:  []string{"api_error if the call is over"},
		check: func(a arguments) []string {
			wrong := exactlyOne("user_id", "team_id", "number")(a)
			if a.has("dispatching_strategy") && !a.has("team_id") {
				wrong = append(wrong, "dispatching_strategy goes with team_id")
			}
			return wrong
		},
	}}
}
