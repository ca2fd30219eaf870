package binding

// hostNames lists, for each function, its names in other hosts of app.integrations.aircall. Some hosts leave "call" out of
// the names. Each name belongs to one function, and an account cannot have it. Permissions, limits, records and
// documentation know a function by its own name; docs/embedding.md has this table for people.
var hostNames = map[string][]string{
	"list_calls":                 {"list"},
	"get_call":                   {"get"},
	"search_calls":               {"search"},
	"add_call_comment":           {"comment_call", "comment"},
	"add_call_tags":              {"tag_call", "tag"},
	"archive_call":               {"archive"},
	"unarchive_call":             {"unarchive"},
	"transfer_call":              {"transfer"},
	"pause_recording":            {"pause_call_recording"},
	"resume_recording":           {"resume_call_recording"},
	"delete_recording":           {"delete_call_recording"},
	"delete_voicemail":           {"delete_call_voicemail"},
	"create_insight_cards":       {"create_insight_card"},
	"get_transcription":          {"get_call_transcription"},
	"get_realtime_transcription": {"get_call_realtime_transcription"},
	"get_sentiments":             {"get_call_sentiments"},
	"get_topics":                 {"get_call_topics"},
	"get_summary":                {"get_call_summary"},
	"get_custom_summary_result":  {"get_call_custom_summary_result"},
	"get_action_items":           {"get_call_action_items"},
	"get_playbook_result":        {"get_call_playbook_result"},
	"get_evaluations":            {"get_call_evaluations"},
	"list_users":                 {"list_users_v2"},
	"get_user":                   {"get_user_v2"},
	"create_user":                {"create_user_v2"},
	"update_user":                {"update_user_v2"},
	"list_user_numbers":          {"list_user_numbers_v2"},
	"start_outbound_call":        {"start_outbound"},
	"dial_phone_number":          {"dial_user_phone"},
	"add_team_user":              {"add_user_to_team", "add_user_team"},
	"remove_team_user":           {"remove_user_from_team"},
	"update_number":              {"update_number_music_and_messages"},
}

// aliasesOf returns the other names of a function: those above, and each with the slug of the integration before it.
func aliasesOf(name string) []string {
	aliases := append([]string(nil), hostNames[name]...)
	for _, name := range append([]string{name}, hostNames[name]...) {
		aliases = append(aliases, integration+"_"+name)
	}
	return aliases
}
