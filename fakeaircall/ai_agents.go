package fakeaircall

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// AI voice agents: https://developer.aircall.io/api-references/#ai-voice-agent
//
// The anchor is invented: no source has it.
func agentRoutes() []route {
	return []route{
		{"trigger-an-outbound-call", "POST", "/v1/outbound-calls/agents/{agent_id}", railsTier, triggerOutboundCall},
	}
}

// An agent is made in the Dashboard, and calls from a line with a first message, which has {{variables}}. No route lists
// agents, so every account that has a line has the same.
type agent struct{ name, first string }

var agents = map[string]agent{
	"agent-abc123": {"Appointments", "Hello {{first_name}}, I am calling about your appointment on {{appointment_time}}."},
	"agent-def456": {"Leads", "Hello, thank you for your interest. Do you have a minute?"},
}

// An agentCall waits until it is placed, and is then a call like any other.
type agentCall struct {
	N       int64  `json:"n,omitzero"` // counts the calls of agents of the account
	ID      string `json:"id,omitzero"`
	Key     string `json:"key,omitzero"`
	Agent   string `json:"agent,omitzero"`
	Phone   string `json:"phone,omitzero"`
	Status  string `json:"status,omitzero"`  // PENDING, IN_PROGRESS, COMPLETED or FAILED (documented)
	Expires int64  `json:"expires,omitzero"` // after which it is not placed
	Call    int64  `json:"call,omitzero"`    // 0 until it is placed
	Session string `json:"session,omitzero"` // with the agent
	Contact int64  `json:"contact,omitzero"` // of a campaign; 0: the API asked for the call
}

func (a *agentCall) identity() (id, created int64) { return a.N, a.N }

func (a *agentCall) clone() *agentCall { return new(*a) }

// maxAgentCalls bounds the keys that an account remembers; the oldest goes first.
const maxAgentCalls = 1000

// The bounds and the default of how long a call may wait, in seconds.
const (
	shortestExpiration = 60
	usualExpiration    = 3600
	longestExpiration  = 86_400
)

// triggerOutboundCall accepts a call and answers with its id. A key that was used before is a 409, whatever else the
// request has. A request that is refused does not use its key.
func triggerOutboundCall(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	var c agentCall
	err = r.do(func(t *tx) error {
		a, ok := agents[r.path["agent_id"]]
		if !ok || t.numbers.len() == 0 {
			return errNotFound
		}
		wait, err := c.read(in)
		if err == nil {
			err = a.checkContext(in)
		}
		if err != nil {
			return err
		}
		if slices.ContainsFunc(t.agentCalls.order, func(other *agentCall) bool { return other.Key == c.Key }) {
			return &apiError{status: 409, troubleshoot: "idempotency_key was used before"}
		}
		t.lastAgentCall++
		c.ID, c.N, c.Agent = t.random.ulid(t.now), t.lastAgentCall, r.path["agent_id"]
		c.Status, c.Expires = "PENDING", t.unix()+wait
		t.agentCalls.insert(c.clone())
		t.agentCalls.keepNewest(maxAgentCalls)
		t.after(agentSteps[0].after, actAgentCall, c.N, 0)
		return nil
	})
	return flat(202, envelope{{"id", c.ID}, {"idempotency_key", c.Key}, {"status", c.Status}, {"virtual_agent_id", c.Agent}}), err
}

// read reads the phone number and the key. It returns how many seconds the call may wait.
func (a *agentCall) read(in object) (wait int64, err error) {
	phone, state, err := in.text("contact_phone")
	switch {
	case err != nil:
		return 0, err
	case state != isPresent || !possiblePhone(phone):
		return 0, invalid("contact_phone must be a phone number in E.164 format")
	}
	key, _, err := in.text("idempotency_key")
	switch {
	case err != nil:
		return 0, err
	case key == "" || len(key) > 255:
		return 0, invalid("idempotency_key must be a string of 1 to 255 characters")
	}
	wait, state, err = in.integer("expiration_seconds")
	switch {
	case err != nil:
		return 0, err
	case state != isPresent:
		wait = usualExpiration
	case wait < shortestExpiration || wait > longestExpiration:
		return 0, invalid("expiration_seconds must be between %d and %d", shortestExpiration, longestExpiration)
	}
	a.Phone, a.Key = phone, key
	return wait, nil
}

// checkContext requires a value for every variable of the first message, and a time zone beside a time in UTC.
func (a agent) checkContext(in object) error {
	var values object
	if _, err := in.decode("context", "an object", &values); err != nil {
		return err
	}
	for _, part := range strings.Split(a.first, "{{")[1:] {
		name, _, _ := strings.Cut(part, "}}")
		if _, state := values.field(name); state != isPresent {
			return invalid("context has no value for %s", name)
		}
	}
	zone, state, err := values.text("timezone")
	if err != nil {
		return err
	}
	if state == isPresent {
		if _, ok := zoneOf(zone); !ok {
			return invalid("context.timezone must be an IANA time zone")
		}
		return nil
	}
	for _, f := range values.fields {
		var at time.Time
		if strings.HasSuffix(f.value, `Z"`) && json.Unmarshal([]byte(f.value), &at) == nil {
			return invalid("context has a time in UTC and no timezone")
		}
	}
	return nil
}

// zoneOf finds an IANA time zone. "" and "Local", which the Go library also knows, are not time zones here.
func zoneOf(name string) (*time.Location, bool) {
	if name == "" || name == "Local" {
		return nil, false
	}
	l, err := time.LoadLocation(name)
	return l, err == nil
}

// ulid is the milliseconds of an instant and 80 random bits in Crockford's base 32.
func (r *random) ulid(at time.Time) string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var b [26]byte
	ms := uint64(at.UnixMilli())
	for i := 9; i >= 0; i-- {
		b[i], ms = alphabet[ms%32], ms/32
	}
	for i := 10; i < len(b); i++ {
		b[i] = alphabet[r.intn(32)]
	}
	return string(b[:])
}

// actAgentCall lets a call of an AI voice agent take the step n.
const actAgentCall = act("agent call")

// A queued call is tried again until its time is over: an account has five at once, and a line one (documented).
const (
	maxAgentsAtOnce = 5
	agentRetry      = 5 * time.Second
)

// agentSteps are what happens to the call, each after the one before: it is placed, answered, over and summed up.
var agentSteps = []struct {
	after time.Duration
	do    func(*tx, *agentCall, *call)
}{
	{2 * time.Second, nil}, // see place
	{6 * time.Second, (*tx).agentAnswered},
	{45 * time.Second, (*tx).agentEnded},
	{gathering, (*tx).agentSummed},
}

func (t *tx) moveAgentCall(m timer) {
	a, ok := t.agentCalls.get(m.ID)
	if !ok {
		return // newer calls have replaced it
	}
	if m.N == 0 {
		t.place(a)
		return
	}
	c, ok := t.calls.get(a.Call)
	if !ok {
		return
	}
	agentSteps[m.N].do(t, a, c)
	if next := m.N + 1; int(next) < len(agentSteps) {
		t.after(agentSteps[next].after, actAgentCall, a.N, next)
	}
}

// place begins a queued call on a line that has no other.
func (t *tx) place(a *agentCall) {
	busy := make(map[int64]bool)
	for _, other := range t.agentCalls.order {
		if c, ok := t.calls.get(other.Call); ok && other.Status == "IN_PROGRESS" {
			busy[c.Number] = true
		}
	}
	n, free := t.numbers.first(func(n *number) bool { return !busy[n.ID] })
	person, ofCampaign := t.campaigning.contacts.get(a.Contact)
	switch {
	case t.unix() > a.Expires, ofCampaign && !t.dials(person):
		t.agentCalls.update(a, func() { a.Status = "FAILED" })
		if ofCampaign {
			t.giveBack(person)
		}
		return
	case len(busy) >= maxAgentsAtOnce || !free:
		t.after(agentRetry, actAgentCall, a.N, 0)
		return
	}
	c := t.newCall(n, displayPhone(a.Phone), 0, false)
	t.calls.update(c, func() { c.Recorded = n.Recording })
	session := t.random.uuid()
	t.agentCalls.update(a, func() { a.Call, a.Status, a.Session = c.ID, "IN_PROGRESS", session })
	t.emitCall("call.created", c)
	t.emitAgent("ai_voice_agent.started", a, c)
	if ofCampaign {
		t.startAgentAttempt(person, c)
	}
	t.after(agentSteps[1].after, actAgentCall, a.N, 1)
}

func (t *tx) agentAnswered(_ *agentCall, c *call) {
	t.calls.update(c, func() { c.Answered = t.unix() })
	t.emitCall("call.answered", c)
}

func (t *tx) agentEnded(a *agentCall, c *call) {
	t.calls.update(c, func() { c.Ended = t.unix() })
	t.finalizeLater(c)
	t.agentCalls.update(a, func() { a.Status = "COMPLETED" })
	t.emitAgent("ai_voice_agent.ended", a, c)
	t.emitCall("call.hungup", c)
	t.endAttempt(c)
	t.expectInsights(c)
}

func (t *tx) agentSummed(a *agentCall, c *call) {
	t.emitCall("call.ended", c)
	t.emitAgent("ai_voice_agent.summary", a, c)
	if c.audio() != "" {
		t.emitCall("call.comm_assets_generated", c)
	}
}

// agentParticipant is the type of participant that an AI voice agent is.
const agentParticipant = "ai_voice_agent"

// agentOf returns the agent's side of a call, or nil if no agent placed it.
func (t *tx) agentOf(c *call) *agentCall {
	if c.User != 0 {
		return nil
	}
	a, _ := t.agentCalls.first(func(a *agentCall) bool { return a.Call == c.ID })
	return a
}

// viewAgents returns the agents who talked in a call, as REST has them on request. Times are text, as in events.
func (t *tx) viewAgents(c *call) []raw {
	a := t.agentOf(c)
	if a == nil {
		return []raw{}
	}
	var ended, reason *string
	if c.Ended != 0 {
		ended, reason = new(isoTime(c.Ended)), new(agentHungUp)
	}
	return []raw{encode(envelope{
		{"agent_id", a.Agent}, {"agent_name", agents[a.Agent].name}, {"started_at", isoTime(c.Started)}, {"ended_at", ended},
		{"end_reason", reason}, {"escalation_reason", null}, {"escalation_target", null},
	})}
}

// agentHungUp is the end_reason of every call that the fake makes for an agent.
const agentHungUp = "caller_hung_up"

// emitAgent emits an event of an AI voice agent in a call.
func (t *tx) emitAgent(name string, a *agentCall, c *call) {
	t.emitAgentWith(name, a, c, agentHungUp, "")
}

// emitAgentWith emits an event with the reasons of its kind. The id of the event is the call's.
func (t *tx) emitAgentWith(name string, a *agentCall, c *call, ended, escalated string) {
	e := envelope{
		{"id", c.ID}, {"call_id", c.ID}, {"call_uuid", c.SID}, {"ai_voice_agent_id", a.Agent},
		{"ai_voice_agent_name", agents[a.Agent].name}, {"ai_voice_agent_session_id", a.Session}, {"number_id", c.Number}, {"created_at", isoTime(t.unix())},
	}
	line := ""
	if n, ok := t.line(c.Number); ok {
		line = "+" + digits(n.Digits)
	}
	parties := envelope{{"external_caller_number", externalPhone(c.Other)}, {"aircall_number", line}, {"started_at", isoTime(c.Started)}}
	switch name {
	case "ai_voice_agent.started":
		e = append(e, parties...)
	case "ai_voice_agent.ended":
		e = append(append(e, parties...), member{"ended_at", isoTime(c.Ended)}, member{"call_end_reason", ended})
	case "ai_voice_agent.escalated":
		e = append(e, member{"escalation_reason", escalated})
	case "ai_voice_agent.summary":
		e = append(e, member{"extracted_data", map[string]string{"Is the time convenient?": "Yes", "Should somebody call back?": "No"}})
	}
	t.emit(name, encode(e))
}
