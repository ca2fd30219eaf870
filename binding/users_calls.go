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
			Example: `local aircall = app.integrations.aircall
for user in aircall.each_user_availability() do
  local number = aircall.list_user_numbers({ user_id = user.id }).numbers[1]
  if user.availability == "available" and number then
    aircall.start_outbound_call({ user_id = user.id, number_id = number.id, to = "+33612345678" })
    print("Calling")
    break
  end
end
`,
		},
		{
			Name: "dial_phone_number", Effect: EffectWrite, Ops: []string{"dial-a-phone-number-in-the-phone"},
			Description: "Write a phone number into the app of a user, who may then call it or not.",
			Params: []Param{
				userParam(),
				{Name: "to", Kind: KindPhone, Required: true, Description: "The phone number, in E.164"},
			},
			Returns: emptyResult, Errors: busy,
			Example: `local aircall = app.integrations.aircall
for user in aircall.each_user_availability() do
  if user.availability == "available" then
    aircall.dial_phone_number({ user_id = user.id, to = "+33612345678" })
    print("Dialed")
    break
  end
end
`,
		},
	}
}
