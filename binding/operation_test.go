package binding_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

// Arguments are in the part of the request where Aircall reads them, under Aircall's names.
func TestOperationsOnTheWire(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		if strings.HasPrefix(r.line, "GET /v1/tags?") {
			return 200, `{"tags":[{"id":9,"name":"VIP"},{"id":8,"name":"Later"}],"meta":{"total":2}}`
		}
		return 200, `{"ok":true}`
	})
	r := runner(t, srv.URL)
	for _, c := range []struct {
		call string
		want []string
	}{
		{`ping()`, []string{`GET /v1/ping`}},
		{`get_user("ada@example.com")`, []string{`GET /v2/users/ada@example.com`}},
		{`get_user({ user_id = 7 })`, []string{`GET /v2/users/7`}},
		{`get_webhook("a/b c")`, []string{`GET /v1/webhooks/a%2Fb%20c`}},
		{`list_tags()`, []string{`GET /v1/tags?page=1&per_page=20`}},
		{`list_teams({ per_page = 2, page = 3, order = "asc" })`, []string{`GET /v1/teams?order=asc&page=3&per_page=2`}},
		{`list_user_numbers({ user_id = 7 })`, []string{`GET /v2/users/7/numbers?page=1&per_page=20`}},
		{`search_contacts({ email = "a+b@c.com", from = "2026-01-01" })`, []string{`GET /v1/contacts/search?email=a%2Bb%40c.com&from=1767225600&order=desc&page=1&per_page=20`}},
		{`search_calls({ from = "2026-01-01T00:00:00Z", to = "2026-01-01T00:00:00Z" })`, []string{`GET /v1/calls/search?from=1767225599&order=desc&page=1&per_page=20&to=1767225600`}},
		{`search_calls({ tags = { "VIP", 5 }, phone_number = "+33612345678", fetch_contact = true })`, []string{`GET /v1/tags?page=1&per_page=50`,
			`GET /v1/calls/search?fetch_contact=true&order=desc&page=1&per_page=20&phone_number=%2B33612345678&tags%5B%5D=9&tags%5B%5D=5`}},
		{`add_call_tags(5, { "vip", "Later", 9 })`, []string{`GET /v1/tags?page=1&per_page=50`, `POST /v1/calls/5/tags {"tags":[9,8]}`}},
		{`add_call_tags(5, { 3 })`, []string{`POST /v1/calls/5/tags {"tags":[3]}`}},
		{`add_call_comment(5, "é\n")`, []string{`POST /v1/calls/5/comments {"content":"é\n"}`}},
		{`archive_call(5)`, []string{`PUT /v1/calls/5/archive`}},
		{`transfer_call({ call_id = 5, team_id = 31, dispatching_strategy = "longest_idle" })`, []string{`POST /v1/calls/5/transfers {"team_id":31,"dispatching_strategy":"longest_idle"}`}},
		{`create_insight_cards({ call_id = 5, contents = { { type = "title", text = "CRM" }, { type = "shortText", text = "Gold", user_id = 7 } } })`,
			[]string{`POST /v1/calls/5/insight_cards {"contents":[{"type":"title","text":"CRM"},{"type":"shortText","text":"Gold","user_id":7}]}`}},
		{`create_insight_cards({ call_id = 5, contents = {} })`, []string{`POST /v1/calls/5/insight_cards {"contents":[]}`}},
		{`get_playbook_result({ call_id = 5, fetch_playbook = true })`, []string{`GET /v1/calls/5/playbook_result?fetch_playbook=true`}},
		{`update_user({ user_id = 7, is_admin = false, role_ids = { "agent" }, wrap_up_time = 0 })`, []string{`PUT /v2/users/7 {"is_admin":false,"role_ids":["agent"],"wrap_up_time":0}`}},
		{`update_number({ number_id = 4, messages = { welcome = "https://x.test/a.mp3" } })`, []string{`PUT /v1/numbers/4 {"messages":{"welcome":"https://x.test/a.mp3"}}`}},
		{`add_team_user(3, 4)`, []string{`POST /v1/teams/3/users/4`}},
		{`remove_team_user(3, 4)`, []string{`DELETE /v1/teams/3/users/4`}},
		{`start_outbound_call({ user_id = 7, number_id = 44, to = "+33176000001" })`, []string{`POST /v1/users/7/calls {"number_id":44,"to":"+33176000001"}`}},
		{`send_message({ number_id = 4, to = "+33612345678", body = "Hi", media_url = { "https://x.test/a.png" } })`,
			[]string{`POST /v1/numbers/4/messages/send {"to":"+33612345678","body":"Hi","mediaUrl":["https://x.test/a.png"]}`}},
		{`send_group_message({ number_id = 4, participants = { "+1", "+2" }, body = "Hi" })`, []string{`POST /v1/numbers/4/messages/group/send {"participants":["+1","+2"],"body":"Hi"}`}},
		{`send_whatsapp_message({ number_id = 4, to = "+33612345678", text = "Hi" })`, []string{`POST /v1/messages/whatsapp/send {"lineId":4,"to":"+33612345678","text":"Hi"}`}},
		{`send_whatsapp_message({ number_id = 4, to = "+33612345678", media_url = { "https://x.test/a.png" } })`,
			[]string{`POST /v1/messages/whatsapp/send {"lineId":4,"to":"+33612345678","mediaUrl":["https://x.test/a.png"]}`}},
		{`send_whatsapp_message_in_agent_conversation({ number_id = 4, to = "+33612345678", template = { id = 1, body = { { key = "{{1}}", value = "A" } } } })`,
			[]string{`POST /v1/messages/send/whatsapp/native {"lineId":4,"externalNumber":"+33612345678","templateParams":{"id":1,"body":[{"key":"{{1}}","value":"A"}]}}`}},
		{`list_whatsapp_templates({ number_id = 4, token = 20, limit = 5 })`, []string{`GET /v1/numbers/4/templates?limit=5&token=20`}},
		{`create_number_configuration({ number_id = 4, callback_url = "https://x.test" })`, []string{`POST /v1/numbers/4/messages/configuration {"callbackUrl":"https://x.test"}`}},
		{`add_contact_email(5678, "Work", "a@b.c")`, []string{`POST /v1/contacts/5678/email_details {"label":"Work","value":"a@b.c"}`}},
		{`delete_contact_phone_number(5678, 9)`, []string{`DELETE /v1/contacts/5678/phone_details/9`}},
		{`trigger_outbound_call({ agent_id = "agent-1", contact_phone = "+1555", idempotency_key = "k", context = { b = "2", a = "1" } })`,
			[]string{`POST /v1/outbound-calls/agents/agent-1 {"contact_phone":"+1555","idempotency_key":"k","context":{"a":"1","b":"2"}}`}},
		{`create_analytics_report_export({ report_name = "CALLS_HISTORY", timezone = "UTC", from_date = "2026-05-01", to_date = "2026-05-02", user_ids = { 1, 2 }, with_voicemail = true, export_name = "x" })`,
			[]string{`POST /v1/analytics/report/export {"input":{"reportName":"CALLS_HISTORY","filter":{"timezone":"UTC","dateFilter":{"absoluteRange":{"fromDate":"2026-05-01","toDate":"2026-05-02"}},"userIDs":[1,2],"withVoicemail":true},"exportOptions":{"exportName":"x"}}}`}},
		{`create_campaign({ name = "Spring", call_attempts = 3, external_ringing_timeout = 30, caller_id_strategy = "agent_number_pool" })`,
			[]string{`POST /v1/campaigns {"name":"Spring","caller_id_strategy":"agent_number_pool","call_attempts":3,"external_ringing_timeout":30}`}},
		{`list_campaign_contacts({ campaign_id = "c-1", phone_number = "+12025550147" })`, []string{`GET /v1/campaigns/c-1/contacts?page=1&per_page=20&phone_number=%2B12025550147`}},
		{`add_campaign_contacts({ campaign_id = "c-1", contacts = { { phone_number = "+12025550147", note = "VIP" } } })`,
			[]string{`POST /v1/campaigns/c-1/contacts {"contacts":[{"phone_number":"+12025550147","note":"VIP"}]}`}},
		{`assign_campaign_agents({ campaign_id = "c-1", user_ids = { 7 }, team_ids = { 9 } })`, []string{`POST /v1/campaigns/c-1/agents {"user_ids":[7],"team_ids":[9]}`}},
		{`launch_campaign("c-1")`, []string{`POST /v1/campaigns/c-1/launch`}},
		{`list_campaign_outcomes()`, []string{`GET /v1/campaign_outcomes`}},
		{`list_campaign_call_outcomes("c-1")`, []string{`GET /v1/campaigns/c-1/call_outcomes?page=1&per_page=20`}},
		{`create_webhook({ url = "https://x.test" })`, []string{`POST /v1/webhooks {"url":"https://x.test"}`}},
		{`update_webhook({ webhook_id = "w-1", events = { "call.ended" }, events_action = "add", active = true })`, []string{`PUT /v1/webhooks/w-1?events_action=add {"active":true,"events":["call.ended"]}`}},
		{`delete_tag("8")`, []string{`DELETE /v1/tags/8`}},
	} {
		t.Run(c.call, func(t *testing.T) {
			run(t, r, `app.integrations.aircall.`+c.call)
			if diff := cmp.Diff(c.want, srv.lines()); diff != "" {
				t.Errorf("requests:\n%s", diff)
			}
		})
	}
}

// One message tells all that is wrong, with the path of what is wrong inside, and nothing is sent.
func TestOperationsRefuse(t *testing.T) {
	srv := replies(t, nil)
	r := runner(t, srv.URL)
	for _, c := range []struct{ call, want string }{
		{`add_call_comment()`, `(missing: call_id (integer), content (string)). Accepted: call_id, content.`},
		{`add_call_tags(5, "VIP")`, `(wrong: tags must be a list, got "VIP" (wrap it in { })). Accepted: call_id, tags.`},
		{`update_tag(5)`, `(wrong: nothing to update, give at least one field besides tag_id). Accepted: tag_id, name?, color?.`},
		{`update_contact_email(5, 6)`, `(wrong: nothing to update, give at least one field besides contact_id and email_id). Accepted: contact_id, email_id, label?, value?.`},
		{`update_webhook({ webhook_id = "w", events_action = "add" })`, `(wrong: nothing to update, give at least one field besides webhook_id and events_action). Accepted: webhook_id, url?, custom_name?, active?, events?, events_action?.`},
		{`update_webhook({ webhook_id = "w", active = "yes", events = { "a", 1 }, x = 1 })`,
			`(wrong: active must be true or false, got "yes"; events[2] must be a string, got 1; unknown: x). Accepted: webhook_id, url?, custom_name?, active?, events?, events_action?.`},
		{`transfer_call({ call_id = 5 })`, `(wrong: give one of user_id, team_id, number, and only one). Accepted: call_id, user_id?, team_id?, number?, dispatching_strategy?.`},
		{`transfer_call({ call_id = 5, user_id = 1, number = "+1", dispatching_strategy = "random" })`,
			`(wrong: give one of user_id, team_id, number, and only one; dispatching_strategy goes with team_id). Accepted: call_id, user_id?, team_id?, number?, dispatching_strategy?.`},
		{`start_outbound_call({ user_id = 1, number_id = 2, to = "Ann" })`, `(wrong: to must be a telephone number in E.164 such as "+33612345678", got "Ann"). Accepted: user_id, number_id, to.`},
		{`create_insight_cards({ call_id = 5, contents = { { type = "title" }, { type = "big", text = 1, bold = true }, "x" } })`,
			`(wrong: contents[1].text is required; contents[2] has an unknown key "bold", accepted are type, text, label, link, user_id; contents[2].type must be "title" or "shortText", got "big"; contents[2].text must be a string, got 1; contents[3] must be a table, got "x"). Accepted: call_id, contents.`},
		{`update_number({ number_id = 4, priority = 2, messages = "x" })`,
			`(wrong: priority must be an integer from 0 to 1, got 2; messages must be a table, got "x"). Accepted: number_id, name?, availability_status?, priority?, messages?.`},
		{`get_webhook({ webhook_id = "" })`, `(wrong: webhook_id must be an id, got ""). Accepted: webhook_id.`},
		{`get_user({ user_id = {} })`, `(wrong: user_id must be an id, got a table). Accepted: user_id.`},
		{`trigger_outbound_call({ agent_id = "a", contact_phone = "+1", idempotency_key = "k", context = { a = 1, [2] = "x" }, expiration_seconds = 59 })`,
			`(wrong: context must have names as keys, got 2; context.a must be a string, got 1; expiration_seconds must be an integer from 60 to 86400, got 59). Accepted: agent_id, contact_phone, idempotency_key, context?, expiration_seconds?.`},
		{`send_group_message({ number_id = 4, participants = { "+1", {} } })`, `(wrong: participants[2] must be a telephone number in E.164 such as "+33612345678", got a table). Accepted: number_id, participants, body?, media_url?.`},
		{`send_group_message({ number_id = 4, participants = { "+1" } })`, `(wrong: give body or media_url). Accepted: number_id, participants, body?, media_url?.`},
		{`create_dialer_campaign({ user_id = 1, phone_numbers = (function() local t = {} for i = 1, 501 do t[i] = "+1" end return t end)() })`,
			`(wrong: phone_numbers must have at most 500 entries, got 501). Accepted: user_id, phone_numbers.`},
		{`search_contacts()`, `(wrong: give phone_number or email). Accepted: per_page?, page?, order?, from?, to?, order_by?, phone_number?, email?.`},
		{`search_calls({ from = 20, to = 10 })`, `(wrong: from must not be later than to). Accepted: per_page?, page?, order?, from?, to?, direction?, user_id?, phone_number?, tags?, fetch_contact?, fetch_short_urls?, fetch_call_timeline?.`},
		{`create_analytics_report_export({ report_name = "CALLS_HISTORY", timezone = "UTC", to_date = "2026-01-01" })`, `(wrong: from_date and to_date go together). Accepted: report_name, timezone, relative?, from_date?, to_date?, user_ids?, team_ids?, call_ids?, line_ids?, tag_ids?, customer_numbers?, call_types?, user_statuses?, with_voicemail?, date_breakdown?, export_name?.`},
		{`ping(1)`, ``},
	} {
		t.Run(c.call, func(t *testing.T) {
			failed := fails(t, r, `app.integrations.aircall.`+c.call)
			name, _, _ := strings.Cut(c.call, "(")
			message := "Invalid arguments for app.integrations.aircall." + name + " " + c.want + " No request was made."
			if c.want == "" {
				message = "app.integrations.aircall.ping takes at most 0 positional arguments, got 1. No request was made."
			}
			want(t, "message", failed.Type+": "+failed.Message, "invalid_arguments: "+message)
		})
	}
	if lines := srv.lines(); len(lines) > 0 {
		t.Errorf("requests: %v", lines)
	}
}

// A write that may have happened says so, a refusal says what Aircall said, and an unknown tag causes no request.
func TestOperationsFail(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		if strings.HasPrefix(r.line, "GET") {
			return 200, `{"tags":[{"id":9,"name":"VIP"}],"meta":{"total":1}}`
		}
		return 502, `<!DOCTYPE html>`
	})
	r := runner(t, srv.URL)
	failed := fails(t, r, `app.integrations.aircall.create_tag("VIP", "#aa3300")`)
	want(t, "failure", failed.Type+" "+string(failed.Effect)+" "+string(failed.EffectStatus), "server_error write unknown")
	if failed.Retryable || failed.Path != "integrations.aircall.create_tag" {
		t.Errorf("%+v", failed)
	}
	failed = fails(t, r, `app.integrations.aircall.add_call_tags(5, { "VIPP" })`)
	want(t, "unknown tag", failed.Message, `Invalid arguments for app.integrations.aircall.add_call_tags (wrong: tags: no tag is named "VIPP" (did you mean "VIP"?)). Nothing was changed.`)
}

// The code and the secret that a script exchanges reach Aircall without the account's own, and no error.
func TestExchangeOnTheWire(t *testing.T) {
	answer := `{"access_token":"made-token-1","token_type":"Bearer","created_at":1767225600}`
	status := 200
	srv := serve(t, func(r request) (int, string) {
		if r.auth != "" {
			t.Errorf("it carries %q", r.auth)
		}
		return status, answer
	})
	r := runner(t, srv.URL)
	const call = `app.integrations.aircall.exchange_authorization_code({ client_id = "app", client_secret = "script-secret-1", code = "script-code-1", redirect_uri = "https://x.test" })`
	want(t, "token", run(t, r, `local t = `+call+` print(t.access_token, t.token_type, t.created_at)`), "made-token-1\tBearer\t1767225600\n")
	want(t, "request", strings.Join(srv.lines(), "\n"), `POST /v1/oauth/token {"client_id":"app","client_secret":"script-secret-1","code":"script-code-1","grant_type":"authorization_code","redirect_uri":"https://x.test"}`)
	status, answer = 400, `{"error":"invalid_grant","error_description":"script-code-1 of script-secret-1"}`
	if failed := fails(t, r, call); strings.Contains(failed.Error()+failed.Hint, "script-secret-1") || strings.Contains(failed.Error(), "script-code-1") {
		t.Errorf("the error tells a secret: %v", failed)
	}
}

// A dry run returns the request of every function that writes, and sends nothing.
func TestDryRunOfEveryFunction(t *testing.T) {
	srv := replies(t, nil)
	r := runner(t, srv.URL, func(c *binding.Config) { c.DryRun = true })
	want(t, "tag", run(t, r, `local d = app.integrations.aircall.create_tag("VIP", "#aa3300") print(d.dry_run, d.method, d.path, d.body.name)`), "true\tPOST\t/v1/tags\tVIP\n")
	want(t, "webhook", run(t, r, `local d = app.integrations.aircall.update_webhook{ webhook_id = "w", active = false, events = {}, events_action = "add" }
		print(d.method, d.path, json.encode(d.body))`), "PUT\t/v1/webhooks/w?events_action=add\t{\"active\":false,\"events\":[]}\n")
	got := run(t, r, `print(json.encode(app.integrations.aircall.exchange_authorization_code("app", "very-secret", "the-code", "https://x.test")))`)
	want(t, "exchange", got, `{"dry_run":true,"method":"POST","path":"/v1/oauth/token"}`+"\n")
	if lines := srv.lines(); len(lines) > 0 {
		t.Errorf("requests: %v", lines)
	}
}

// No function that writes gets past a host that forbids it.
func TestReadOnlyForbidsEveryWrite(t *testing.T) {
	_, r := fakeRunner(t, func(c *binding.Config) { c.ReadOnly = true })
	denied := map[string]bool{}
	for _, f := range binding.All() {
		res, _ := r.Run(context.Background(), f.Name, f.Example, binding.RunOptions{}) // how it ends is its own matter
		for _, c := range res.Calls {
			if c.Effect != binding.EffectWrite {
				continue
			}
			if denied[c.Function] = true; c.ErrorType != "permission_denied" || c.Requests != 0 {
				t.Errorf("the example of %s: %+v", f.Name, c)
			}
		}
	}
	if len(denied) < 25 {
		t.Errorf("the examples tried %d functions that write", len(denied))
	}
}
