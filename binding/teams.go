package binding

func teamFunctions() []Function {
	return []Function{{
		Name: "list_teams", Effect: EffectRead, Ops: []string{"list-all-teams"}, Key: "teams",
		Description: "List the teams of the company with their users.",
		Params:      pageParams(),
		each:        iteration{name: "each_team", item: "team"},
	}, {
		Name: "get_team", Effect: EffectRead, Ops: []string{"retrieve-a-team"}, Key: "team",
		Description: "Retrieve a team with its users.",
	}, {
		Name: "create_team", Effect: EffectWrite, Ops: []string{"create-a-team"}, Key: "team",
		Description: "Create a team without users. Aircall has no way to change its name later.",
		Params:      []Param{{Name: "name", Kind: KindText, Required: true, Description: "Name, at most 64 characters, unique in the company"}},
		Errors:      []string{"api_error if another team has the name"},
	}, {
		Name: "delete_team", Effect: EffectWrite, Ops: []string{"delete-a-team"},
		Description: "Delete a team. Its users stay.",
	}, {
		Name: "add_team_user", Effect: EffectWrite, Ops: []string{"add-a-user-to-a-team"}, Key: "team",
		Description: "Add a user to a team.",
		Params:      []Param{pathParam("user_id", "The user to add")},
		Returns:     "`team`, with its users.",
	}, {
		Name: "remove_team_user", Effect: EffectWrite, Ops: []string{"remove-a-user-from-a-team"}, Key: "team",
		Description: "Remove a user from a team.",
		Params:      []Param{pathParam("user_id", "The user to remove")},
		Returns:     "`team`, with the users that stay.",
	}}
}
