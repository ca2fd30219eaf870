package binding

// userV1Functions are those of version 1, beside which the others stand.
func userV1Functions() []Function {
	const note = "Aircall announced the end of this route for 2026-09-30. Use "
	gone := []string{"not_found after the end of the route"}
	return []Function{
		{
			Name: "list_users_v1", Effect: EffectRead, Ops: []string{"list-all-users-v1"}, Key: "users",
			Description: "List users as version 1 of Aircall's API tells of them.",
			Params:      append(pageParams(), windowParams("users created")...),
			Returns:     "`users`, a list of users, and `meta`.", Errors: gone, Note: note + "list_users.",
			check: checkWindow, handle: listPage,
			each: iteration{name: "each_user_v1", item: "user"},
		},
		{
			Name: "get_user_v1", Effect: EffectRead, Ops: []string{"retrieve-a-user-v1"}, Key: "user",
			Description: "Retrieve a user as version 1 of Aircall's API tells of them, with the numbers the user takes calls on.",
			Params:      []Param{{Name: "user_id", Kind: KindKey, Required: true, In: InPath, Description: "The unique identifier of the user, or the user's e-mail"}},
			Returns:     "`user`.", Errors: gone, Note: note + "get_user and list_user_numbers.",
		},
		{
			Name: "create_user_v1", Effect: EffectWrite, Ops: []string{"create-a-user-v1"}, Key: "user",
			Description: "Create a user by version 1 of Aircall's API.",
			Params:      userParams(true),
			Returns:     "`user`, as created.", Errors: gone, Note: note + "create_user.",
		},
		{
			Name: "update_user_v1", Effect: EffectWrite, Ops: []string{"update-a-user-v1"}, Key: "user",
			Description: "Change a user by version 1 of Aircall's API.",
			Params:      append([]Param{userParam()}, userParams(false)...),
			Returns:     "`user`, as it is after the update.", Errors: gone, Note: note + "update_user.",
			check: atLeastOne("update", "user_id"),
		},
	}
}
