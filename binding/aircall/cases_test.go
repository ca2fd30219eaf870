package aircall_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func companyCases() []opCase {
	return []opCase{{
		op:      "ping",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.Ping(ctx) },
		request: "GET /v1/ping", status: 200, reply: `{"ping":"pong"}`,
	}, {
		op:      "retrieve-company",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Company(ctx) },
		request: "GET /v1/company", status: 200,
		reply: `{"company":{"name":"Acme","users_count":4,"numbers_count":2}}`,
		want:  &aircall.Company{Name: "Acme", UsersCount: 4, NumbersCount: 2},
	}, {
		op:      "retrieve-an-integration",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Integration(ctx) },
		request: "GET /v1/integrations/me", status: 200,
		reply: `{"integration":{"id":3,"name":"CRM","custom_name":"Ours","logo":"https://a.test/l.png","company_id":9,"status":"ok","active":true,"number_ids":[5,6],"numbers_count":2,"user":{"id":7,"name":"Ada Okafor"}}}`,
		want: &aircall.Integration{
			ID: 3, Name: "CRM", CustomName: "Ours", Logo: "https://a.test/l.png", CompanyID: 9, Status: "ok", Active: true,
			NumberIDs: []int64{5, 6}, NumbersCount: 2, User: &aircall.User{ID: 7, Name: "Ada Okafor"},
		},
	}}
}

func userCases(t *testing.T) []opCase {
	const ada = `{"id":2100001,"name":"Ada Okafor","email":"ada@acme.test","direct_link":"https://api.aircall.io/v2/users/2100001","language":"en-US","created_at":"2026-02-03T09:15:00.000Z","time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":5,"extension":"001","availability_status":"available","available":true,"default_number_id":44,"substatus":"always_opened","numbers":[{"id":44}]}`
	full := aircall.User{
		ID: 2100001, Name: "Ada Okafor", Email: "ada@acme.test", DirectLink: "https://api.aircall.io/v2/users/2100001",
		Language: "en-US", CreatedAt: iso(t, someISO), TimeZone: "Etc/UTC", State: "always_opened", WrapUpTime: 5, Extension: "001",
		AvailabilityStatus: "available", Available: true, DefaultNumberID: 44, Substatus: "always_opened", Numbers: []aircall.Number{{ID: 44}},
	}
	return []opCase{{
		op: "list-all-users",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Users(aircall.ListParams{From: from, To: to, Order: aircall.Desc, Page: 3, PerPage: 50}).Page(ctx)
		},
		request: "GET /v2/users?from=1767225600&order=desc&page=3&per_page=50&to=1767312000", status: 200,
		reply: `{"users":[{"id":1,"default_number_id":null}],` + oneOf + `}`,
		want:  page(aircall.User{ID: 1}),
	}, {
		op:      "retrieve-a-user",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.User(ctx, 2100001) },
		request: "GET /v2/users/2100001", status: 200, reply: `{"user":` + ada + `}`, want: &full,
	}, {
		op:      "retrieve-a-user",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.UserByEmail(ctx, "ada@acme.test") },
		request: "GET /v2/users/ada@acme.test", status: 200, reply: `{"user":` + ada + `}`, want: &full,
	}, {
		op: "create-a-user",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateUser(ctx, aircall.UserParams{
				Email: new("a@b.test"), FirstName: new("A"), LastName: new("B"), AvailabilityStatus: new("custom"), IsAdmin: new(false), RoleIDs: []string{"agent"},
				WrapUpTime: new(0), Language: new("fr-FR"), TimeZone: new("Europe/Paris"), Extension: new("007"), InviterUserID: new(int64(12)),
			})
		},
		request: "POST /v2/users", status: 201, reply: `{"user":{"id":3}}`, want: &aircall.User{ID: 3},
		body: `{"email":"a@b.test","first_name":"A","last_name":"B","availability_status":"custom","is_admin":false,"role_ids":["agent"],"wrap_up_time":0,"language":"fr-FR","time_zone":"Europe/Paris","extension":"007","inviter_user_id":12}`,
	}, {
		op: "update-a-user",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateUser(ctx, 3, aircall.UserParams{WrapUpTime: new(0), Substatus: new("Other"), DefaultNumberID: new(int64(9))})
		},
		request: "PUT /v2/users/3", status: 200, reply: `{"user":{"id":3}}`, want: &aircall.User{ID: 3},
		body: `{"substatus":"Other","wrap_up_time":0,"default_number_id":9}`,
	}, {
		op:      "delete-a-user",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteUser(ctx, 3) },
		request: "DELETE /v1/users/3", status: 204,
	}, {
		op: "retrieve-list-of-users-availability",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Availabilities(aircall.ListParams{PerPage: 2}).Page(ctx)
		},
		request: "GET /v1/users/availabilities?per_page=2", status: 200,
		reply: `{"users":[{"availability":"offline","id":7}],` + oneOf + `}`,
		want:  page(aircall.UserAvailability{ID: 7, Availability: "offline"}),
	}, {
		op:      "check-availability-of-a-user",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Availability(ctx, 7) },
		request: "GET /v1/users/7/availability", status: 200, reply: `{"availability":"in_call"}`, want: "in_call",
	}, {
		op: "list-numbers-of-a-user",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UserNumbers(7, aircall.PageParams{Page: 1, PerPage: 20}).Page(ctx)
		},
		request: "GET /v2/users/7/numbers?page=1&per_page=20", status: 200,
		reply: `{"numbers":[{"id":44,"flow_editor_enabled":true}],` + oneOf + `}`,
		want:  page(aircall.Number{ID: 44, FlowEditorEnabled: true}),
	}}
}

func teamCases(t *testing.T) []opCase {
	const night = `{"id":31,"name":"Night desk","direct_link":"https://api.aircall.io/v1/teams/31","created_at":"2026-02-03T09:15:00.000Z","users":[{"id":7}]}`
	full := aircall.Team{
		ID: 31, Name: "Night desk", DirectLink: "https://api.aircall.io/v1/teams/31", CreatedAt: iso(t, someISO), Users: []aircall.User{{ID: 7}},
	}
	return []opCase{{
		op: "list-all-teams",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Teams(aircall.OrderedPageParams{Order: aircall.Asc, Page: 1, PerPage: 5}).Page(ctx)
		},
		request: "GET /v1/teams?order=asc&page=1&per_page=5", status: 200, reply: `{"teams":[` + night + `],` + oneOf + `}`, want: page(full),
	}, {
		op:      "retrieve-a-team",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Team(ctx, 31) },
		request: "GET /v1/teams/31", status: 200, reply: `{"team":` + night + `}`, want: &full,
	}, {
		op: "create-a-team",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateTeam(ctx, aircall.TeamParams{Name: "Night desk"})
		},
		request: "POST /v1/teams", body: `{"name":"Night desk"}`, status: 201, reply: `{"team":{"id":31,"users":[]}}`,
		want: &aircall.Team{ID: 31, Users: []aircall.User{}},
	}, {
		op:      "delete-a-team",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteTeam(ctx, 31) },
		request: "DELETE /v1/teams/31", status: 204,
	}, {
		op:      "add-a-user-to-a-team",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.AddTeamUser(ctx, 31, 7) },
		request: "POST /v1/teams/31/users/7", status: 201, reply: `{"team":` + night + `}`, want: &full,
	}, {
		op:      "remove-a-user-from-a-team",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.RemoveTeamUser(ctx, 31, 7) },
		request: "DELETE /v1/teams/31/users/7", status: 200, reply: `{"team":` + night + `}`, want: &full,
	}}
}

const fullCall = `{"id":9007199254740993,"sid":"CA1","direct_link":"https://api.aircall.io/v1/calls/1","direction":"inbound","status":"done","missed_call_reason":"no_available_agent","started_at":1770109200,"answered_at":1770109210,"ended_at":1770109270,"duration":70,"voicemail":"https://v.test/1.mp3","recording":"https://r.test/1.mp3","asset":"https://assets.aircall.io/calls/1/recording","voicemail_short_url":"https://s.test/v","recording_short_url":"https://s.test/r","raw_digits":"+1 800-555-0100","user":{"id":7},"contact":{"id":8},"archived":true,"assigned_to":{"id":9},"transferred_by":{"id":10},"transferred_to":{"id":11},"external_transferred_to":"+33176000002","external_caller_number":"+33176000003","cost":"2.34","hangup_cause":"normal","number":{"id":44,"digits":"+33 1 76 00 00 01"},"comments":[{"id":1,"content":"hi","posted_at":1770109300,"posted_by":null}],"tags":[{"id":2,"name":"VIP","created_at":1770109301,"tagged_at":1770109302,"tagged_by":{}}],"teams":[{"id":31,"created_at":"2026-02-03T09:15:00.000Z"}],"participants":[{"id":"7","type":"user","name":"Ada","phone_number":"+33176000001"}],"conference_participants":[{"type":"external"}],"ivr_options_selected":[{"id":"i","title":"Sales","key":"1","branch":"b","created_at":"2026-02-03T09:15:00.000Z","transition_started_at":"2026-02-03T09:15:00Z","transition_ended_at":null}],"ai_voice_agents":[{"agent_id":"a","agent_name":"Bot","started_at":1770109200,"ended_at":1770109201.5,"end_reason":"escalated","escalation_reason":"asked","escalation_target":{"type":"team","destination":31}}],"country_code_a2":"FR","pricing_type":"free","automatic_callback_call_id":12}`

func wholeCall() *aircall.Call {
	halfPast := at(1770109201)
	halfPast.Time = halfPast.Add(5e8)
	return &aircall.Call{
		ID: 9007199254740993, SID: "CA1", DirectLink: "https://api.aircall.io/v1/calls/1", Direction: "inbound", Status: "done",
		MissedCallReason: "no_available_agent", StartedAt: at(1770109200), AnsweredAt: at(1770109210), EndedAt: at(1770109270), Duration: 70,
		Voicemail: "https://v.test/1.mp3", Recording: "https://r.test/1.mp3", Asset: "https://assets.aircall.io/calls/1/recording",
		VoicemailShortURL: "https://s.test/v", RecordingShortURL: "https://s.test/r", RawDigits: "+1 800-555-0100",
		User: &aircall.User{ID: 7}, Contact: &aircall.Contact{ID: 8}, Archived: true, AssignedTo: &aircall.User{ID: 9},
		TransferredBy: &aircall.User{ID: 10}, TransferredTo: &aircall.User{ID: 11},
		ExternalTransferredTo: "+33176000002", ExternalCallerNumber: "+33176000003", Cost: "2.34", HangupCause: "normal",
		Number:                 &aircall.Number{ID: 44, Digits: "+33 1 76 00 00 01"},
		Comments:               []aircall.Comment{{ID: 1, Content: "hi", PostedAt: at(1770109300)}},
		Tags:                   []aircall.CallTag{{ID: 2, Name: "VIP", CreatedAt: at(1770109301), TaggedAt: at(1770109302), TaggedBy: &aircall.User{}}},
		Teams:                  []aircall.Team{{ID: 31, CreatedAt: at(1770110100)}},
		Participants:           []aircall.Participant{{ID: "7", Type: "user", Name: "Ada", PhoneNumber: "+33176000001"}},
		ConferenceParticipants: []aircall.Participant{{Type: "external"}},
		IVROptionsSelected: []aircall.IVROption{{
			ID: "i", Title: "Sales", Key: "1", Branch: "b", CreatedAt: at(1770110100), TransitionStartedAt: at(1770110100),
		}},
		AIVoiceAgents: []aircall.AIVoiceAgent{{
			AgentID: "a", AgentName: "Bot", StartedAt: at(1770109200), EndedAt: halfPast, EndReason: "escalated", EscalationReason: "asked",
			EscalationTarget: &aircall.EscalationTarget{Type: "team", Destination: json.RawMessage("31")},
		}},
		CountryCodeA2: "FR", PricingType: "free", AutomaticCallbackCallID: 12,
	}
}

func callCases() []opCase {
	window := aircall.ListParams{From: from, To: to, Order: aircall.Desc, Page: 2, PerPage: 10}
	return []opCase{{
		op: "list-all-calls",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Calls(aircall.CallListParams{ListParams: window, Fetch: []aircall.Fetch{
				aircall.FetchContact, aircall.FetchShortURLs, aircall.FetchCallTimeline, aircall.FetchAIVoiceAgent,
			}}).Page(ctx)
		},
		request: "GET /v1/calls?fetch_aiva_conv=true&fetch_call_timeline=true&fetch_contact=true&fetch_short_urls=true&from=1767225600&order=desc&page=2&per_page=10&to=1767312000",
		status:  200, reply: `{"calls":[{"id":1,"missed_call_reason":null,"answered_at":null,"user":null,"contact":null,"comments":[]}],` + oneOf + `}`,
		want: page(aircall.Call{ID: 1, Comments: []aircall.Comment{}}),
	}, {
		op: "search-calls",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SearchCalls(aircall.CallSearchParams{
				ListParams: window, Fetch: []aircall.Fetch{aircall.FetchContact},
				Direction: "inbound", UserID: 7, PhoneNumber: "+33176000001", Tags: []int64{2, 1},
			}).Page(ctx)
		},
		request: "GET /v1/calls/search?direction=inbound&fetch_contact=true&from=1767225600&order=desc&page=2&per_page=10&phone_number=%2B33176000001&tags%5B%5D=2&tags%5B%5D=1&to=1767312000&user_id=7",
		status:  200, reply: `{"calls":[],` + oneOf + `}`, want: &aircall.Page[aircall.Call]{Items: []aircall.Call{}, Meta: meta1},
	}, {
		op:      "retrieve-a-call",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Call(ctx, 9007199254740993) },
		request: "GET /v1/calls/9007199254740993", status: 200, reply: `{"call":` + fullCall + `}`, want: wholeCall(),
	}, {
		op:      "retrieve-a-call",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Call(ctx, 5, aircall.FetchContact) },
		request: "GET /v1/calls/5?fetch_contact=true", status: 200, reply: `{"call":` + fullCall + `}`, want: wholeCall(),
	}, {
		op: "comment-a-call",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return nil, c.CommentCall(ctx, 5, `say "hi"`)
		},
		request: "POST /v1/calls/5/comments", body: `{"content":"say \"hi\""}`, status: 201,
	}, {
		op:      "tag-a-call",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.TagCall(ctx, 5, 2, 1) },
		request: "POST /v1/calls/5/tags", body: `{"tags":[2,1]}`, status: 201,
	}, {
		op:      "tag-a-call",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.TagCall(ctx, 5) },
		request: "POST /v1/calls/5/tags", body: `{"tags":[]}`, status: 201,
	}, {
		op:      "archive-a-call",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.ArchiveCall(ctx, 5) },
		request: "PUT /v1/calls/5/archive", status: 200, reply: `{"call":{"id":5,"archived":true}}`, want: &aircall.Call{ID: 5, Archived: true},
	}, {
		op:      "unarchive-a-call",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.UnarchiveCall(ctx, 5) },
		request: "PUT /v1/calls/5/unarchive", status: 200, reply: `{"call":{"id":5,"archived":false}}`, want: &aircall.Call{ID: 5},
	}}
}

func numberCases(t *testing.T) []opCase {
	const line = `{"id":44,"direct_link":"https://api.aircall.io/v1/numbers/44","name":"Front desk","digits":"+33 1 76 00 00 01","e164_digits":"+33176000001","created_at":"2026-02-03T09:15:00.000Z","country":"FR","time_zone":"Europe/Paris","open":true,"availability_status":"custom","is_ivr":true,"live_recording_activated":true,"users":[{"id":7}],"priority":0,"messages":{"welcome":"https://m.test/1","waiting":"https://m.test/2","ringing_tone":"https://m.test/3","ivr":"https://m.test/4","unanswered_call":"https://m.test/5","after_hours":"https://m.test/6","voicemail":"https://m.test/7","closed":"https://m.test/8","callback_later":"https://m.test/9"},"flow_editor_enabled":true}`
	full := aircall.Number{
		ID: 44, DirectLink: "https://api.aircall.io/v1/numbers/44", Name: "Front desk", Digits: "+33 1 76 00 00 01", E164Digits: "+33176000001",
		CreatedAt: iso(t, someISO), Country: "FR", TimeZone: "Europe/Paris", Open: true, AvailabilityStatus: "custom", IsIVR: true,
		LiveRecordingActivated: true, Users: []aircall.User{{ID: 7}}, Priority: new(0), FlowEditorEnabled: true,
		Messages: aircall.NumberMessages{
			Welcome: "https://m.test/1", Waiting: "https://m.test/2", RingingTone: "https://m.test/3", IVR: "https://m.test/4", UnansweredCall: "https://m.test/5",
			AfterHours: "https://m.test/6", Voicemail: "https://m.test/7", Closed: "https://m.test/8", CallbackLater: "https://m.test/9",
		},
	}
	return []opCase{{
		op: "list-all-numbers",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Numbers(aircall.ListParams{}).Page(ctx)
		},
		request: "GET /v1/numbers", status: 200, reply: `{"numbers":[{"id":44,"priority":null}],` + oneOf + `}`, want: page(aircall.Number{ID: 44}),
	}, {
		op:      "retrieve-a-number",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Number(ctx, 44) },
		request: "GET /v1/numbers/44", status: 200, reply: `{"number":` + line + `}`, want: &full,
	}, {
		op: "update-a-number",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateNumber(ctx, 44, aircall.NumberParams{
				Name: new("Desk"), AvailabilityStatus: new("open"), Priority: new(0), Open: new(false), Messages: &aircall.NumberMessages{Welcome: "https://m.test/w.mp3"},
			})
		},
		request: "PUT /v1/numbers/44", status: 200, reply: `{"number":{"id":44}}`, want: &aircall.Number{ID: 44},
		body: `{"name":"Desk","availability_status":"open","priority":0,"open":false,"messages":{"welcome":"https://m.test/w.mp3"}}`,
	}}
}

func contactCases() []opCase {
	const kim = `{"id":500001,"created_at":1770109200,"updated_at":1770109206,"first_name":"Kim","last_name":"Lund","information":"met","company_name":"Shop","is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/500001","phone_numbers":[{"value":"+4520000001","id":900002,"label":"Mobile"}],"emails":[{"value":"kim@shop.test","id":900001,"label":"Work"}]}`
	full := aircall.Contact{
		ID: 500001, CreatedAt: at(1770109200), UpdatedAt: at(1770109206), FirstName: "Kim", LastName: "Lund", Information: "met",
		CompanyName: "Shop", IsShared: true, DirectLink: "https://api.aircall.io/v1/contacts/500001",
		PhoneNumbers: []aircall.Detail{{ID: 900002, Label: "Mobile", Value: "+4520000001"}},
		Emails:       []aircall.Detail{{ID: 900001, Label: "Work", Value: "kim@shop.test"}},
	}
	work := aircall.Detail{ID: 6, Label: "Work", Value: "v"}
	return append([]opCase{{
		op: "list-all-contacts",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Contacts(aircall.ContactListParams{ListParams: aircall.ListParams{Order: aircall.Asc}, OrderBy: "updated_at"}).Page(ctx)
		},
		request: "GET /v1/contacts?order=asc&order_by=updated_at", status: 200, reply: `{` + oneOf + `,"contacts":[{"id":1,"first_name":null,"emails":[]}]}`,
		want: page(aircall.Contact{ID: 1, Emails: []aircall.Detail{}}),
	}, {
		op: "search-contacts",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SearchContacts(aircall.ContactSearchParams{OrderBy: "created_at", PhoneNumber: "+4520000001", Email: "kim@shop.test"}).Page(ctx)
		},
		request: "GET /v1/contacts/search?email=kim%40shop.test&order_by=created_at&phone_number=%2B4520000001", status: 200,
		reply: `{` + oneOf + `,"contacts":[` + kim + `]}`, want: page(full),
	}, {
		op:      "retrieve-a-contact",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Contact(ctx, 500001) },
		request: "GET /v1/contacts/500001", status: 200, reply: `{"contact":` + kim + `}`, want: &full,
	}, {
		op: "create-a-contact",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateContact(ctx, aircall.ContactCreateParams{
				FirstName: "Kim", LastName: "Lund", CompanyName: "Shop", Information: "met",
				PhoneNumbers: []aircall.DetailParams{{Label: "Mobile", Value: "+4520000001"}}, Emails: []aircall.DetailParams{{Label: "Work", Value: "kim@shop.test"}},
			})
		},
		request: "POST /v1/contacts", status: 201, reply: `{"contact":` + kim + `}`, want: &full,
		body: `{"first_name":"Kim","last_name":"Lund","company_name":"Shop","information":"met","phone_numbers":[{"label":"Mobile","value":"+4520000001"}],"emails":[{"label":"Work","value":"kim@shop.test"}]}`,
	}, {
		op: "update-a-contact",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateContact(ctx, 500001, aircall.ContactUpdateParams{LastName: new(""), CompanyName: new("Shop")})
		},
		request: "POST /v1/contacts/500001", body: `{"last_name":"","company_name":"Shop"}`, status: 200, reply: `{"contact":` + kim + `}`, want: &full,
	}, {
		op:      "delete-a-contact",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteContact(ctx, 5) },
		request: "DELETE /v1/contacts/5", status: 204,
	}}, detailCases(&work)...)
}

func detailCases(work *aircall.Detail) []opCase {
	return []opCase{{
		op: "add-phone-number-to-a-contact",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.AddContactPhone(ctx, 5, aircall.DetailParams{Label: "Work", Value: "v"})
		},
		request: "POST /v1/contacts/5/phone_details", body: `{"label":"Work","value":"v"}`, status: 201, reply: `{"phone_detail":{"id":6,"label":"Work","value":"v"}}`, want: work,
	}, {
		op: "update-phone-number-to-a-contact",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateContactPhone(ctx, 5, 6, aircall.DetailParams{Label: "Work"})
		},
		request: "PUT /v1/contacts/5/phone_details/6", body: `{"label":"Work"}`, status: 202, reply: `{"phone_detail":{"id":6,"label":"Work","value":"v"}}`, want: work,
	}, {
		op:      "delete-phone-number-from-a-contact",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteContactPhone(ctx, 5, 6) },
		request: "DELETE /v1/contacts/5/phone_details/6", status: 204,
	}, {
		op: "add-email-to-a-contact",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.AddContactEmail(ctx, 5, aircall.DetailParams{Label: "Work", Value: "v"})
		},
		request: "POST /v1/contacts/5/email_details", body: `{"label":"Work","value":"v"}`, status: 201, reply: `{"email_detail":{"id":6,"label":"Work","value":"v"}}`, want: work,
	}, {
		op: "update-email-to-a-contact",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateContactEmail(ctx, 5, 6, aircall.DetailParams{Value: "v"})
		},
		request: "PUT /v1/contacts/5/email_details/6", body: `{"value":"v"}`, status: 200, reply: `{"email_detail":{"id":6,"label":"Work","value":"v"}}`, want: work,
	}, {
		op:      "delete-email-from-a-contact",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteContactEmail(ctx, 5, 6) },
		request: "DELETE /v1/contacts/5/email_details/6", status: 204,
	}}
}

func tagCases() []opCase {
	const refund = `{"id":9,"name":"Refund","direct_link":"https://api.aircall.io/v1/tags/9","color":"#AA3300","description":"money back"}`
	full := aircall.Tag{ID: 9, Name: "Refund", DirectLink: "https://api.aircall.io/v1/tags/9", Color: "#AA3300", Description: "money back"}
	return []opCase{{
		op: "list-all-tags",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Tags(aircall.PageParams{Page: 1}).Page(ctx)
		},
		request: "GET /v1/tags?page=1", status: 200, reply: `{"tags":[{"id":9,"description":null}],` + oneOf + `}`, want: page(aircall.Tag{ID: 9}),
	}, {
		op:      "retrieve-a-tag",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Tag(ctx, 9) },
		request: "GET /v1/tags/9", status: 200, reply: `{"tag":` + refund + `}`, want: &full,
	}, {
		op: "create-a-tag",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateTag(ctx, aircall.TagParams{Name: "Refund", Color: "#AA3300"})
		},
		request: "POST /v1/tags", body: `{"name":"Refund","color":"#AA3300"}`, status: 201, reply: `{"tag":` + refund + `}`, want: &full,
	}, {
		op: "update-a-tag",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateTag(ctx, 9, aircall.TagParams{Color: "#AA3300"})
		},
		request: "PUT /v1/tags/9", body: `{"color":"#AA3300"}`, status: 200, reply: `{"tag":` + refund + `}`, want: &full,
	}, {
		op:      "delete-a-tag",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteTag(ctx, 9) },
		request: "DELETE /v1/tags/9", status: 204,
	}}
}
