package binding

func companyFunctions() []Function {
	return []Function{
		{
			Name: "ping", Effect: EffectRead, Ops: []string{"ping"},
			Description: "Ask whether Aircall answers and takes the account's credentials.",
			Returns:     "`ping`, which is `\"pong\"`.",
			Example: `local result = app.integrations.aircall.ping()
print(result.ping)
`,
		},
		{
			Name: "get_company", Effect: EffectRead, Ops: []string{"retrieve-company"}, Key: "company",
			Description: "Retrieve the company of the account: its name, and how many users and numbers it has.",
			Returns:     "`company`.",
			Example: `local company = app.integrations.aircall.get_company().company
print(company.name ~= "", company.users_count, company.numbers_count)
`,
		},
	}
}
