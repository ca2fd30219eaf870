package traffic

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// A past holds what earlier exchanges of a recording showed, as far as a rule asks for it. Its keys begin with the account,
// if the recording has the credentials.
type past struct {
	deleted  memory[bool]     // paths
	members  memory[bool]     // paths of users in teams: true if added last, false if removed
	names    memory[bool]     // names of what was made, by operation
	disabled memory[bool]     // accounts whose app was disabled
	tags     memory[[]int64]  // tags of a call
	tagged   memory[[]int64]  // tags that were sent to a call since
	phones   memory[int]      // the number of a contact's phone numbers
	system   memory[bool]     // ids of system tags
	tokens   memory[string]   // tokens of configurations
	comments memory[int]      // of a call
	events   memory[[]string] // of a call
	movers   memory[int64]    // users who transferred a call
	hungups  memory[bool]     // tokens of webhooks that got call.hungup
	agents   memory[bool]     // calls with an AI voice agent
	lines    memory[bool]     // ids of lines that are not found
	fresh    memory[bool]     // credentials of apps that have not changed their integration
}

// A memory is a bounded map.
type memory[T any] map[string]T

const mostRemembered = 10_000

func (m *memory[T]) set(key string, value T) {
	if *m == nil || len(*m) >= mostRemembered {
		*m = memory[T]{}
	}
	(*m)[key] = value
}

func newPast() *past { return &past{} }

// followingRules need the exchanges before.
var followingRules = []rule{
	// The status of a second deletion.
	{id: "delete-twice", shape: true, after: func(p *past, x *exchange) finding {
		if x.Method != http.MethodDelete || !deletes(x) || !p.deleted[x.key()] {
			return nothing
		}
		if x.throttled() {
			return nothing
		}
		return holds(x.Status == 404)
	}},

	// A user who was deleted, when read.
	{id: "user-delete", shape: true, after: func(p *past, x *exchange) finding {
		if !x.is("retrieve-a-user", "retrieve-a-user-v1") || !p.deleted[strings.Replace(x.key(), "/v2/", "/v1/", 1)] || x.throttled() || x.fromAnyEdge() {
			return nothing
		}
		return holds(x.Status == 404)
	}},

	// A member who is added twice, or removed twice.
	{id: "team-member", shape: true, after: func(p *past, x *exchange) finding {
		added, known := p.members[x.key()]
		if !known || x.throttled() || x.Status == 404 || !x.is("add-a-user-to-a-team", "remove-a-user-from-a-team") || added != (x.Method == http.MethodPost) {
			return nothing
		}
		return holds(x.Status == 422)
	}},

	// A name that was given before.
	{id: "unique-422", after: func(p *past, x *exchange) finding {
		name := x.madeName()
		if name == "" || x.account() == "" || !p.names[x.account()+x.op+name] || x.throttled() {
			return nothing // without credentials it may be another company
		}
		if x.is("create-a-tag") {
			return holds(x.Status == 400)
		}
		return holds(x.Status == 422)
	}},

	// A request with the token of an app that was disabled.
	{id: "integration-disabled", shape: true, after: func(p *past, x *exchange) finding {
		account := x.account()
		if account == "" || x.kind != withAPI || !p.disabled[account] {
			return nothing
		}
		switch {
		case x.Status == 401 || x.Status == 403 && x.fromAnyEdge():
			return only("uninstall")
		case x.Status/100 == 2:
			return only("keep")
		}
		return nothing
	}},

	// The tags of a call before and after others were set.
	{id: "call-tags", after: func(p *past, x *exchange) finding {
		result := nothing
		for _, c := range x.calls() {
			id := x.account() + fmt.Sprint(dig(c, "id"))
			before, known := p.tags[id]
			sent, changed := p.tagged[id]
			now := ids(dig(c, "tags"))
			if !known || !changed || subset(before, sent) {
				continue
			}
			switch {
			case subset(before, now) && subset(sent, now):
				result = only("add")
			case subset(sent, now) && subset(now, sent):
				result = only("replace")
			}
		}
		return result
	}},

	// The only phone number of a contact, when deleted.
	{id: "contact-last-phone", shape: true, after: func(p *past, x *exchange) finding {
		if !x.is("delete-phone-number-from-a-contact") || len(x.vars) == 0 || p.phones[x.account()+x.vars[0]] != 1 || x.throttled() || x.Status == 404 {
			return nothing
		}
		return holds(x.Status/100 == 2)
	}},

	// A change of a system tag.
	{id: "system-tags", shape: true, after: func(p *past, x *exchange) finding {
		if !x.is("update-a-tag", "delete-a-tag") || len(x.vars) == 0 || !p.system[x.account()+x.vars[0]] {
			return nothing
		}
		switch x.Status {
		case 200, 204:
			return holds(true)
		case 405, 409, 422:
			return holds(false)
		}
		return nothing
	}},

	// The token of a line that is configured again.
	{id: "message-configuration", after: func(p *past, x *exchange) finding {
		token := text(object(x.body), "token")
		before := p.tokens[x.key()]
		if !x.is("create-number-configuration") || !x.ok() || before == "" || token == "" || strings.ContainsAny(token, "[*<") {
			return nothing
		}
		return holds(token == before)
	}},

	// The speakers of a call that an AI voice agent took part in.
	{id: "agent-participant", after: func(p *past, x *exchange) finding {
		if !x.is("retrieve-a-transcription") || !x.ok() || !p.agents[x.account()+x.vars[0]] {
			return nothing
		}
		internal := false
		for _, u := range objects(x.get("transcription", "content", "utterances")) {
			switch text(u, "participant_type") {
			case "ai_voice_agent":
				return only("ai_voice_agent")
			case "internal":
				internal = internal || !has(u, "user_id")
			}
		}
		if internal {
			return only("internal")
		}
		return nothing
	}},

	// The line of a call, if it has none, or one that is not found.
	{id: "number-deleted", after: func(p *past, x *exchange) finding {
		for _, c := range x.calls() {
			line, found := c.Get("number")
			switch {
			case found && line == nil:
				return only("null")
			case p.lines[x.account()+fmt.Sprint(dig(line, "id"))]:
				return only("shown")
			}
		}
		return nothing
	}},

	// The integration of an app whose token was just given.
	{id: "integration-installed", after: func(p *past, x *exchange) finding {
		active, ok := x.get("integration", "active").(bool)
		if !x.is("retrieve-an-integration") || !x.ok() || !ok || !p.fresh[x.RequestHeader.Get("Authorization")] {
			return nothing
		}
		if active {
			return only("active")
		}
		return only("inactive")
	}},

	// The events of a missed call.
	{id: "hungup-missed", shape: true, after: func(p *past, x *exchange) finding {
		name, data := x.event("call.")
		answered, found := data.Get("answered_at")
		before := p.events[x.callKey(data)]
		if name != "call.ended" || !found || answered != nil || !slices.Contains(before, "call.created") || !p.hungups[text(object(x.sent), "token")] {
			return nothing // the webhook may not have asked for call.hungup
		}
		if slices.Contains(before, "call.hungup") {
			return only("told")
		}
		return only("none")
	}},

	// The events of a transferred call, up to its end.
	{id: "transfer-answered", after: func(p *past, x *exchange) finding {
		name, data := x.event("call.")
		before := p.events[x.callKey(data)]
		at := slices.Index(before, "call.transferred")
		from, known := p.movers[x.callKey(data)]
		user, taken := number(dig(data, "user", "id"))
		if name != "call.hungup" || !known || !taken || user == from || at < 0 || !slices.Contains(before[:at], "call.answered") {
			return nothing // the target did not take the call
		}
		if slices.Contains(before[at:], "call.answered") {
			return only("again")
		}
		return only("silent")
	}},
}

// afterComment looks at the refusal of a comment by the number of those that the call had.
func afterComment(p *past, x *exchange) finding {
	if !x.is("comment-a-call") || len(x.vars) == 0 || x.Status != 400 && x.Status != 422 || text(object(x.sent), "content") == "" {
		return nothing
	}
	switch n, known := p.comments[x.account()+x.vars[0]]; {
	case known && n == 4:
		return only("4")
	case known && n == 5:
		return only("5")
	}
	return nothing
}

// note remembers what later exchanges are compared with.
func (p *past) note(x *exchange) {
	switch {
	case x.kind == delivery:
		if name, data := x.event("call."); name != "" {
			key := x.callKey(data)
			p.events.set(key, append(slices.Clip(p.events[key]), name))
			if name == "call.hungup" {
				p.hungups.set(text(object(x.sent), "token"), true)
			}
			if user, ok := number(dig(data, "user", "id")); ok && name == "call.transferred" {
				p.movers.set(key, user)
			}
		}
		return
	case x.is("retrieve-a-number") && x.Status == 404:
		p.lines.set(x.account()+x.vars[0], true)
		return
	case x.kind != withAPI || x.op == "" || x.Status/100 != 2:
		return
	}
	account := x.account()
	for _, c := range x.calls() {
		id := account + fmt.Sprint(dig(c, "id"))
		p.tags.set(id, ids(dig(c, "tags")))
		p.comments.set(id, len(objects(dig(c, "comments"))))
		if len(objects(dig(c, "ai_voice_agents"))) > 0 {
			p.agents.set(id, true)
		}
		delete(p.tagged, id)
	}
	for _, c := range x.contacts() {
		p.phones.set(account+fmt.Sprint(dig(c, "id")), len(objects(dig(c, "phone_numbers"))))
	}
	switch x.op {
	case "tag-a-call":
		id := account + x.vars[0]
		var sent []int64
		list, _ := dig(x.sent, "tags").([]any)
		for _, v := range list {
			if n, ok := number(v); ok {
				sent = append(sent, n)
			}
		}
		p.tagged.set(id, append(slices.Clip(p.tagged[id]), sent...))
	case "comment-a-call":
		id := account + x.vars[0]
		if n, known := p.comments[id]; known {
			p.comments.set(id, n+1)
		}
	case "exchange-an-authorization-code":
		if token := text(object(x.body), "access_token"); len(token) > 8 {
			p.fresh.set("Bearer "+token, true)
		}
	case "disable-an-integration":
		p.disabled.set(account, true)
		delete(p.fresh, account)
		return
	case "enable-an-integration":
		delete(p.disabled, account)
		delete(p.fresh, account)
	case "list-all-tags":
		for _, t := range x.records("tags", "tag") {
			if slices.Contains(systemTags, text(t, "description")) {
				p.system.set(account+fmt.Sprint(dig(t, "id")), true)
			}
		}
	case "add-a-user-to-a-team", "remove-a-user-from-a-team":
		p.members.set(x.key(), x.Method == http.MethodPost)
	case "create-number-configuration":
		p.tokens.set(x.key(), text(object(x.body), "token"))
	case "delete-number-configuration":
		delete(p.tokens, x.key())
	case "add-phone-number-to-a-contact", "delete-phone-number-from-a-contact":
		delete(p.phones, account+x.vars[0])
	case "update-a-tag", "delete-a-tag", "delete-a-team", "update-a-user", "update-a-user-v1", "delete-a-user":
		p.names = nil // a name may be free again
	}
	if name := x.madeName(); name != "" {
		p.names.set(account+x.op+name, true)
	}
	if x.Method == http.MethodDelete {
		p.deleted.set(x.key(), true)
	}
}

// systemTags are the descriptions of the tags that every company has.
var systemTags = []string{
	"queue_callback", "queue_called_back", "conference", "follow_up_self_assign", "voicemail_drop", "voice_virtual_agent", "outbound_campaign",
	"native_to_gsm", "local_presence",
}

// key identifies the record of a request.
func (x *exchange) key() string { return x.account() + " " + strings.TrimSuffix(x.path, "/") }

// callKey identifies the call of an event.
func (x *exchange) callKey(data orderedjson.Object) string {
	return text(object(x.sent), "token") + " " + fmt.Sprint(dig(data, "id"))
}

// deletes reports whether the request deletes a record that is gone then. Recordings and members of teams are not.
func deletes(x *exchange) bool {
	return x.is("delete-a-contact", "delete-phone-number-from-a-contact", "delete-email-from-a-contact", "delete-a-tag", "delete-a-team", "delete-a-user",
		"delete-a-webhook", "delete-a-phone-number")
}

// madeName returns the name that a request gives to a new team or tag, or the e-mail of a new user.
func (x *exchange) madeName() string {
	switch {
	case x.is("create-a-team", "create-a-tag"):
		return text(object(x.sent), "name")
	case x.is("create-a-user", "create-a-user-v1"):
		return text(object(x.sent), "email")
	}
	return ""
}

// ids returns the ids of a list of records.
func ids(v any) (list []int64) {
	for _, o := range objects(v) {
		if n, ok := number(dig(o, "id")); ok {
			list = append(list, n)
		}
	}
	return list
}

// subset reports whether all of a are in b.
func subset(a, b []int64) bool {
	return !slices.ContainsFunc(a, func(n int64) bool { return !slices.Contains(b, n) })
}
