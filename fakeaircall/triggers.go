package fakeaircall

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Trigger is an event that Server.Trigger can make happen, and the names of what can be set for it.
type Trigger struct {
	Event string
	Keys  []string
}

// Triggers returns a trigger for each event that a webhook can subscribe to.
func Triggers() (list []Trigger) {
	for _, e := range events {
		list = append(list, Trigger{e.name, triggerOf(e).keys()})
	}
	return list
}

// Trigger makes an event of an account happen now, "" for the first, and returns it. The event is about a new record, or
// about the one with the id in set; user.opened and the like are about the first user or line unless set says otherwise.
// set changes fields of the record, which Triggers lists: those of the record's fixture, and a few of the event. The events
// that come before it at Aircall do not happen: Simulate makes a whole call. If Trigger fails, nothing has happened. Its
// error is a *Refusal.
func (s *Server) Trigger(account, name string, set map[string]string) (happened Event, err error) {
	i := slices.IndexFunc(events, func(e event) bool { return e.name == name })
	if i < 0 {
		return Event{}, mistaken("%.60q is not an event; %s", name, perhaps(name, EventNames(), "give a name such as call.ended"))
	}
	how := triggerOf(events[i])
	for key := range set {
		if !slices.Contains(how.keys(), key) {
			return Event{}, mistaken("%s has no key %.60q; %s", name, key, perhaps(key, how.keys(), "give one of "+strings.Join(how.keys(), ", ")))
		}
	}
	err = s.in(account, func(t *tx) error {
		trial := *t
		trial.state = t.state.copy()
		if err := how.run(&triggering{&trial, name, set}); err != nil {
			return asRefusal(err)
		}
		if err := how.run(&triggering{t, name, set}); err != nil {
			return asRefusal(err) // cannot happen: the trial went well
		}
		for _, e := range slices.Backward(t.events.order) {
			if e.Name == name {
				happened = *e
				return nil
			}
		}
		return conflict("%s did not happen: the line is in proxy mode, whose messages go to its callback", name)
	})
	return happened, err
}

// asRefusal makes a Refusal of an error of fixtures, of the API, or of a simulation.
func asRefusal(err error) error {
	if wrong, ok := errors.AsType[FixtureMistakes](err); ok {
		var said []string
		for _, m := range wrong {
			_, field, _ := strings.Cut(m.Path, "].")
			said = append(said, strings.TrimPrefix(field+": "+m.Problem, ": "))
		}
		return mistaken("%s", strings.Join(said, "; "))
	}
	if wire, ok := errors.AsType[*apiError](err); ok {
		return &Refusal{wire.status, wire.troubleshoot}
	}
	return err
}

// A trigger is how an event is made.
type trigger struct {
	fixture any      // the zero value of the fixture whose fields can be set; nil: none
	extra   []string // what else can be set
	run     func(*triggering) error
}

// keys returns the names that can be set, sorted.
func (g trigger) keys() []string {
	keys := slices.Clone(g.extra)
	if g.fixture != nil {
		for _, f := range fixtureFields(reflect.TypeOf(g.fixture), "") {
			if f.Fields == nil {
				keys = append(keys, f.Name)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// eventKeys are the keys that an event has beside those of all events of its resource.
var eventKeys = map[string][]string{
	"message.sent":                  {"to", "whatsapp"},
	"message.received":              {"from", "whatsapp"},
	"message.status_updated":        {"status", "to", "whatsapp"},
	"group_message.sent":            {"participants", "to"},
	"group_message.received":        {"from", "participants"},
	"group_message.status_updated":  {"participants", "status", "to"},
	"custom_summary.result_updated": {"content"},
	"call_evaluation.updated":       {"score"},
	"ai_voice_agent.ended":          {"call_end_reason"},
	"ai_voice_agent.escalated":      {"escalation_reason"},
	"analytics.report_created":      {"exportName"},
	"analytics.report_failed":       {"errorMessage"},
}

// triggerOf returns how an event is made.
func triggerOf(e event) trigger {
	switch e.resource {
	case "call":
		g := callTriggers[e.name]
		return trigger{CallFixture{}, g.extra, g.run}
	case "contact":
		return trigger{ContactFixture{}, []string{"phone", "email"}, triggerContact}
	case "user":
		return trigger{UserFixture{}, nil, triggerUser}
	case "number":
		return trigger{NumberFixture{}, nil, triggerNumber}
	case "message":
		return trigger{nil, append([]string{"body", "media", "number"}, eventKeys[e.name]...), triggerMessage}
	case "conversation_intelligence":
		return trigger{nil, append([]string{"call_id"}, eventKeys[e.name]...), triggerInsight}
	case "ai_voice_agent":
		return trigger{nil, append([]string{"call_id", "ai_voice_agent_id"}, eventKeys[e.name]...), triggerAgent}
	case "analytics":
		return trigger{nil, eventKeys[e.name], triggerExport}
	case "integration":
		return trigger{nil, []string{"client_id"}, triggerIntegration}
	}
	return trigger{nil, []string{"call_id", "campaign_id", "outcome_id", "outcome_label", "attempt_number", "max_attempts"}, triggerOutcome}
}

// A triggering is one use of a trigger.
type triggering struct {
	*tx
	event string
	set   map[string]string
}

// text returns what is set, or else.
func (x *triggering) text(key, otherwise string) string { return cmp.Or(x.set[key], otherwise) }

// integer returns a number that is set, or else.
func (x *triggering) integer(key string, otherwise int64) (int64, error) {
	text, ok := x.set[key]
	if !ok {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, mistaken("%s: %.60q: give a whole number", key, text)
	}
	return n, nil
}

// list returns the parts of a text that is set, between commas.
func (x *triggering) list(key string) []string {
	if x.set[key] == "" {
		return nil
	}
	return strings.Split(x.set[key], ",")
}

// user returns the user that is set, by id or e-mail, or else.
func (x *triggering) user(key string, otherwise int64) (int64, error) {
	ref, ok := x.set[key]
	if !ok {
		return otherwise, nil
	}
	u, ok := x.users.first(func(u *user) bool { return u.Email == ref || strconv.FormatInt(u.ID, 10) == ref })
	if !ok {
		return 0, missing("%s: there is no user %.60q: give an id or an e-mail", key, ref)
	}
	return u.ID, nil
}

// fill sets the fields of a fixture, a pointer, to what is set.
func (x *triggering) fill(fixture any) error {
	v := reflect.ValueOf(fixture).Elem()
	for i, f := range fixtureFields(v.Type(), "") {
		text, ok := x.set[f.Name]
		if !ok {
			continue
		}
		var err error
		want := "a whole number"
		switch field := v.Field(i).Addr().Interface().(type) {
		case *int64:
			*field, err = strconv.ParseInt(text, 10, 64)
		case **int64:
			*field, err = pointer(strconv.ParseInt(text, 10, 64))
		case **bool:
			want = "true or false"
			*field, err = pointer(strconv.ParseBool(text))
		case **time.Time:
			want = "an instant such as 2026-06-15T09:00:00Z"
			*field, err = pointer(time.Parse(time.RFC3339, text))
		case **string:
			*field = &text
		case *[]string:
			*field = x.list(f.Name)
		}
		if err != nil {
			return mistaken("%s: %.60q: give %s", f.Name, text, want)
		}
	}
	return nil
}

func pointer[T any](v T, err error) (*T, error) { return &v, err }

// apply adds or changes records.
func (x *triggering) apply(fx Fixtures) error {
	if wrong := fx.Check(x.account.Account.Name); len(wrong) > 0 {
		return wrong
	}
	if wrong := x.addFixtures(fx); len(wrong) > 0 {
		return wrong
	}
	return nil
}

// fallback sets a field that is not given.
func fallback[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}

func triggerContact(x *triggering) error {
	var fx ContactFixture
	if err := x.fill(&fx); err != nil {
		return err
	}
	if x.event == "contact.updated" && fx.ID == 0 && x.contacts.len() > 0 {
		fx.ID = x.contacts.order[x.contacts.len()-1].ID
	}
	if phone, ok := x.set["phone"]; ok {
		fx.PhoneNumbers = []DetailFixture{{new("Work"), &phone}}
	}
	if email, ok := x.set["email"]; ok {
		fx.Emails = []DetailFixture{{new("Work"), &email}}
	}
	if _, there := x.contacts.get(fx.ID); !there {
		fallback(&fx.FirstName, "Ann")
		fallback(&fx.LastName, "Lee")
		if fx.PhoneNumbers == nil {
			fx.PhoneNumbers = []DetailFixture{{new("Work"), new("+33199000042")}}
		}
	}
	if err := x.apply(Fixtures{Contacts: []ContactFixture{fx}}); err != nil {
		return err
	}
	c, _ := x.contacts.get(cmp.Or(fx.ID, x.last.Contact))
	switch x.event {
	case "contact.updated":
		x.changeContact(c, func() {})
	case "contact.deleted":
		x.contacts.remove(c.ID)
		x.emitContact(x.event, c)
	default:
		x.contacts.update(c, func() { c.encoded = cachedJSON{} })
		x.emitContact(x.event, c)
	}
	return nil
}

func triggerUser(x *triggering) error {
	var fx UserFixture
	if err := x.fill(&fx); err != nil {
		return err
	}
	name := strings.TrimSuffix(x.event, ".v2")
	begins := name == "user.created" || name == "user.deleted"
	if fx.ID == 0 && !begins && x.users.len() > 0 {
		fx.ID = x.users.order[0].ID
	}
	if _, there := x.users.get(fx.ID); !there {
		fallback(&fx.FirstName, "Eve")
		fallback(&fx.LastName, "Ek")
		fallback(&fx.Email, x.freeAddress())
		fallback(&fx.CreatedAt, x.now)
	}
	if err := x.apply(Fixtures{Users: []UserFixture{fx}}); err != nil {
		return err
	}
	u, _ := x.users.get(cmp.Or(fx.ID, x.last.User))
	switch name {
	case "user.deleted":
		x.users.remove(u.ID)
		x.userRemoved(u)
	case "user.connected", "user.disconnected":
		x.setOnline(u, name == "user.connected")
	case "user.opened":
		x.setAvailable(u, "available", x.text("substatus", "always_opened"))
	case "user.closed":
		x.setAvailable(u, "unavailable", x.set["substatus"])
	case "user.wut_start":
		x.wrapUp(u, cmp.Or(u.WrapUpTime, 60))
	case "user.wut_end":
		delete(x.wrapUps, u.ID)
		x.emitWrapUp(name, u, u.LastCall)
	default:
		x.emitUser(name, u)
	}
	return nil
}

// freeAddress returns an e-mail address that no user has.
func (x *triggering) freeAddress() string {
	for n := x.users.len() + 1; ; n++ {
		address := fmt.Sprintf("eve.%d@%s.example.com", n, hostLabel(x.account.Account.Name))
		if _, taken := x.users.first(func(u *user) bool { return u.Email == address }); !taken {
			return address
		}
	}
}

func triggerNumber(x *triggering) error {
	var fx NumberFixture
	if err := x.fill(&fx); err != nil {
		return err
	}
	begins := x.event == "number.created" || x.event == "number.deleted"
	if fx.ID == 0 && !begins && x.numbers.len() > 0 {
		fx.ID = x.numbers.order[0].ID
	}
	if _, there := x.numbers.get(fx.ID); !there {
		fallback(&fx.Name, "New line")
		fallback(&fx.Digits, x.freeDigits())
		fallback(&fx.CreatedAt, x.now)
	}
	switch x.event {
	case "number.opened":
		fallback(&fx.AvailabilityStatus, "open")
	case "number.closed":
		fallback(&fx.AvailabilityStatus, "closed")
	}
	if err := x.apply(Fixtures{Numbers: []NumberFixture{fx}}); err != nil {
		return err
	}
	n, _ := x.numbers.get(cmp.Or(fx.ID, x.last.Number))
	if x.event == "number.deleted" {
		x.deleteNumber(n)
		return nil
	}
	x.emitNumber(x.event, n)
	return nil
}

// freeDigits returns the digits of a line that the account does not have, in the range that France keeps for fiction.
func (x *triggering) freeDigits() string {
	for n := 9000 + x.numbers.len(); ; n++ {
		phone := fmt.Sprintf("+3319900%04d", n%10_000)
		if _, taken := x.numbers.first(func(l *number) bool { return "+"+digits(l.Digits) == phone }); !taken {
			return phone
		}
	}
}

func triggerMessage(x *triggering) error {
	line, err := x.integer("number", 0)
	if err != nil {
		return err
	}
	whatsapp, err := strconv.ParseBool(x.text("whatsapp", "false"))
	if err != nil {
		return mistaken("whatsapp: %.20q: give true or false", x.set["whatsapp"])
	}
	group := strings.HasPrefix(x.event, "group_")
	m := SimulatedMessage{
		From: cmp.Or(x.set["from"], x.set["to"]), NumberID: line, Body: x.text("body", "Please call back"), Media: x.list("media"),
		WhatsApp: whatsapp, Participants: x.list("participants"),
	}
	if group && m.Participants == nil {
		m.Participants = []string{"+33199000043"}
	}
	if line == 0 {
		m.NumberID = x.inboxLine(whatsapp)
	}
	if strings.HasSuffix(x.event, "message.received") {
		_, err := x.receiveInbound(m)
		return err
	}
	sent, err := x.inboundMessage(m) // which has the same checks
	if err != nil {
		return err
	}
	if strings.HasSuffix(x.event, "message.sent") {
		x.send(sent)
		return nil
	}
	statuses := []string{"sent", "delivered", "read", "failed"}
	if sent.Status = x.text("status", "delivered"); !slices.Contains(statuses, sent.Status) {
		return mistaken("status: %.40q: give one of %s", sent.Status, strings.Join(statuses, ", "))
	}
	x.emitMessage("message.status_updated", x.keepMessage(sent))
	return nil
}

// inboxLine returns a line whose messages have events, or 0.
func (x *triggering) inboxLine(whatsapp bool) int64 {
	n, ok := x.numbers.first(func(n *number) bool {
		l := x.messageLine(n)
		return l.Mode != thirdPartyMode && l.Mode != publicMode && (l.Whatsapp != nil || !whatsapp)
	})
	if !ok {
		return 0
	}
	return n.ID
}

// call returns the call with call_id, the newest for which suits returns true, or one that made makes.
func (x *triggering) call(suits func(*call) bool, made func() (*call, error)) (*call, error) {
	id, err := x.integer("call_id", 0)
	if err != nil {
		return nil, err
	}
	if id != 0 {
		c, ok := x.calls.get(id)
		switch {
		case !ok:
			return nil, missing("account %q has no call %d", x.account.Account.Name, id)
		case !suits(c):
			return nil, conflict("call %d does not suit %s: it needs %s", id, x.event, x.needs())
		}
		return c, nil
	}
	for _, c := range slices.Backward(x.calls.order[max(0, x.calls.len()-1000):]) {
		if suits(c) {
			return c, nil
		}
	}
	return made()
}

func triggerExport(x *triggering) error {
	x.lastExport++
	e := &export{N: x.lastExport, ID: x.random.uuid(), Created: x.now.Add(-exportTime), Name: x.text("exportName", "calls-history-"+x.now.Format(time.DateOnly))}
	if x.event == "analytics.report_failed" {
		e.Failure = x.text("errorMessage", "Report generation failed: userStatuses is not supported by CALLS_HISTORY")
	}
	x.exports.insert(e)
	x.emit(x.event, e.view(x.now).appendTo(nil))
	return nil
}

// triggerIntegration only emits the event: the app stays. Server.Uninstall removes one.
func triggerIntegration(x *triggering) error {
	app := x.text("client_id", StandardApp().ClientID)
	x.emit(x.event, envelope{{"integration_id", integrationID(app)}, {"company_id", x.companyID}}.appendTo(nil))
	return nil
}

// triggerOutcome emits an outcome of the newest campaign, whether or not it made the call.
func triggerOutcome(x *triggering) error {
	if x.account.assume.campaigns == (campaignPlan{}) {
		return conflict("the account has no outbound campaigns: choose another answer to the assumption campaign-plan")
	}
	attempt, err := x.integer("attempt_number", 1)
	if err != nil {
		return err
	}
	most, err := x.integer("max_attempts", max(attempt, 3))
	if err != nil {
		return err
	}
	c, err := x.call(func(c *call) bool { return x.set["call_id"] != "" }, func() (*call, error) {
		return x.callAt(endedStage, CallFixture{Direction: new("outbound")})
	})
	if err != nil {
		return err
	}
	newest := ""
	if n := x.campaigning.campaigns.len(); n > 0 {
		newest = x.campaigning.campaigns.order[n-1].ID
	}
	of := &campaign{ID: cmp.Or(x.set["campaign_id"], newest, x.random.uuid7(x.now))}
	label := x.text("outcome_label", "Connected")
	outcome := cmp.Or(x.set["outcome_id"], x.random.uuid7(outcomesMade))
	for _, o := range x.campaignOutcomes() {
		if o.name == label && x.set["outcome_id"] == "" {
			outcome = o.id
		}
	}
	x.emit(x.event, x.viewOutcome(of, &campaignAttempt{ID: x.random.uuid(), Call: c.ID, Line: c.Number, Outcome: outcome, Label: label, Number: attempt, Most: most}))
	return nil
}
