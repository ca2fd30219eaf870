package binding

func aiAgentFunctions() []Function {
	return []Function{{
		Name: "trigger_outbound_call", Effect: EffectWrite, Ops: []string{"trigger-an-outbound-call"},
		Description: "Let an AI voice agent, made in the Dashboard, call someone.",
		Params: []Param{
			{Name: "agent_id", Kind: KindKey, Required: true, In: InPath, Description: "The id of the agent"},
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
