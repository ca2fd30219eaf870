package binding

func companyFunctions() []Function {
	return []Function{
		{
			Name: "ping", Effect: EffectRead, Ops: []string{"ping"},
			Description: "Ask whether Aircall answers and takes the account's credentials.",
			Returns:     "`ping`, which is `\"pong\"`.",
		},
		{
			Name: "get_company", Effect: EffectRead, Ops: []string{"retrieve-company"}, Key: "company",
			Description: "Retrieve the company of the account: its name, and how many users and numbers it has.",
			Returns:     "`company`.",
		},
	}
}
