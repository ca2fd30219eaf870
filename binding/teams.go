package binding

func teamParam() Param { return pathParam("team_id", "The unique identifier of the team") }

func teamFunctions() []Function {
	return []Function{
		{
			Name: "list_teams", Effect: EffectRead, Ops: []string{"list-all-teams"}, Key: "teams",
			Description: "List the teams of the company with their users.",
			Params:      pageParams(),
			Returns:     "`teams`, a list of teams, and `meta`.",
			handle:      listPage,
			Example: `local result = app.integrations.aircall.list_teams({ per_page = 2 })
print(#result.teams, #result.teams[1].users > 0)
`,
			each: iteration{name: "each_team", item: "team", example: `local aircall = app.integrations.aircall
local n = 0
for team in aircall.each_team({ order = "asc" }) do
  n = n + 1
end
print(n == aircall.list_teams().meta.total)
`},
		},
		{
			Name: "get_team", Effect: EffectRead, Ops: []string{"retrieve-a-team"}, Key: "team",
			Description: "Retrieve a team with its users.",
			Params:      []Param{teamParam()},
			Returns:     "`team`.",
			Example: `local aircall = app.integrations.aircall
local first = aircall.list_teams().teams[1]
print(aircall.get_team({ team_id = first.id }).team.name == first.name)
`,
		},
		{
			Name: "create_team", Effect: EffectWrite, Ops: []string{"create-a-team"}, Key: "team",
			Description: "Create a team without users. Aircall has no way to change its name later.",
			Params:      []Param{{Name: "name", Kind: KindText, Required: true, Description: "Name, at most 64 characters, which no other team has"}},
			Returns:     "`team`, as created.",
			Errors:      []string{"api_error if another team has the name"},
			Example: `local team = app.integrations.aircall.create_team({ name = "Night shift" }).team
print(team.name, #team.users)
`,
		},
		{
			Name: "delete_team", Effect: EffectWrite, Ops: []string{"delete-a-team"},
			Description: "Delete a team. Its users stay.",
			Params:      []Param{teamParam()},
			Returns:     emptyResult,
			Example: `local aircall = app.integrations.aircall
local team = aircall.create_team({ name = "Night shift" }).team
aircall.delete_team({ team_id = team.id })
print("Deleted " .. team.name)
`,
		},
		{
			Name: "add_team_user", Effect: EffectWrite, Ops: []string{"add-a-user-to-a-team"}, Key: "team",
			Description: "Add a user to a team.",
			Params:      []Param{teamParam(), pathParam("user_id", "The user to add")},
			Returns:     "`team`, with its users.",
			Example: `local aircall = app.integrations.aircall
local team = aircall.create_team({ name = "Night shift" }).team
local owner = aircall.get_current_user().user
team = aircall.add_team_user({ team_id = team.id, user_id = owner.id }).team
print(team.name .. ": " .. #team.users .. " user")
`,
		},
		{
			Name: "remove_team_user", Effect: EffectWrite, Ops: []string{"remove-a-user-from-a-team"}, Key: "team",
			Description: "Remove a user from a team.",
			Params:      []Param{teamParam(), pathParam("user_id", "The user to remove")},
			Returns:     "`team`, with the users that stay.",
			Example: `local aircall = app.integrations.aircall
local team = aircall.list_teams().teams[1]
local before = #team.users
team = aircall.remove_team_user({ team_id = team.id, user_id = team.users[1].id }).team
print(before - #team.users)
`,
		},
	}
}
