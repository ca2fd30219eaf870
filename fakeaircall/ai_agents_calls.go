package fakeaircall

import (
	"slices"
	"time"
)

// actAgentCall: a call of an AI voice agent gets on its way by the step n.
const actAgentCall = act("agent call")

// A queued call is tried again until its time is over: a company has five at
// once, and a line one (documented).
const (
	maxAgentsAtOnce = 5
	agentRetry      = 5 * time.Second
	agentRings      = 6 // seconds
	agentTalks      = 45
)

// The progress of such a call (documented). Where it stands shows in events alone.
const (
	agentPending    = "PENDING"
	agentInProgress = "IN_PROGRESS"
	agentCompleted  = "COMPLETED"
	agentFailed     = "FAILED"
)

// agentSteps is what happens next, each step after the one before.
var agentSteps = []struct {
	after time.Duration
	do    func(*tx, *agentCall, *call)
}{
	{2 * time.Second, nil}, // to be placed, in place
	{agentRings * time.Second, (*tx).agentAnswered},
	{agentTalks * time.Second, (*tx).agentEnded},
	{gathering, (*tx).agentSummed},
}

func (t *tx) moveAgentCall(m timer) {
	i := slices.IndexFunc(t.agentCalls, func(a agentCall) bool { return a.n == m.id })
	if i < 0 {
		return // so many were asked for after it
	}
	t.changed(partAgentCalls)
	a := &t.agentCalls[i]
	if m.n == 0 {
		t.place(a)
		return
	}
	c, ok := t.calls.get(a.call)
	if !ok {
		return
	}
	agentSteps[m.n].do(t, a, c)
	if next := m.n + 1; int(next) < len(agentSteps) {
		t.after(agentSteps[next].after, actAgentCall, a.n, next)
	}
}

// place lets a queued call begin on a line that has none.
func (t *tx) place(a *agentCall) {
	busy := make(map[int64]bool)
	for _, other := range t.agentCalls {
		if c, ok := t.calls.get(other.call); ok && other.status == agentInProgress {
			busy[c.number] = true
		}
	}
	n, free := t.numbers.first(func(n *number) bool { return !busy[n.id] })
	switch {
	case t.unix() > a.expires:
		a.status = agentFailed
		return
	case len(busy) >= maxAgentsAtOnce || !free:
		t.after(agentRetry, actAgentCall, a.n, 0)
		return
	}
	t.lastCall++
	c := &call{
		id: t.lastCall, sid: "CA" + t.random.hex(32), started: t.unix(),
		other: displayPhone(a.phone), number: n.id, cost: noCost, recorded: n.recording,
	}
	t.calls.insert(c)
	a.call, a.status, a.session = c.id, agentInProgress, t.random.uuid()
	t.emitCall("call.created", c)
	t.emitAgent("ai_voice_agent.started", a, c)
	t.after(agentSteps[1].after, actAgentCall, a.n, 1)
}

func (t *tx) agentAnswered(_ *agentCall, c *call) {
	t.calls.change(c, func() { c.answered = t.unix() })
	t.emitCall("call.answered", c)
}

func (t *tx) agentEnded(a *agentCall, c *call) {
	t.calls.change(c, func() { c.ended = t.unix() })
	t.finalizeLater(c)
	a.status = agentCompleted
	t.emitAgent("ai_voice_agent.ended", a, c)
	t.emitCall("call.hungup", c)
	t.expectInsights(c)
}

func (t *tx) agentSummed(a *agentCall, c *call) {
	t.emitCall("call.ended", c)
	t.emitAgent("ai_voice_agent.summary", a, c)
	if c.hasAudio() {
		t.emitCall("call.comm_assets_generated", c)
	}
}

// emitAgent tells of an AI voice agent in a call. That the call is already known
// by its id makes the id the call's.
func (t *tx) emitAgent(name string, a *agentCall, c *call) {
	e := envelope{
		{"id", c.id}, {"call_id", c.id}, {"call_uuid", c.sid}, {"ai_voice_agent_id", a.agent}, {"ai_voice_agent_name", agentName(a.agent)},
		{"ai_voice_agent_session_id", a.session}, {"number_id", c.number}, {"created_at", isoTime(t.unix())},
	}
	line := ""
	if n, ok := t.numbers.get(c.number); ok {
		line = "+" + digits(n.digits)
	}
	parties := envelope{{"external_caller_number", externalPhone(c.other)}, {"aircall_number", line}, {"started_at", isoTime(c.started)}}
	switch name {
	case "ai_voice_agent.started":
		e = append(e, parties...)
	case "ai_voice_agent.ended":
		e = append(append(e, parties...), envelope{{"ended_at", isoTime(c.ended)}, {"call_end_reason", a.reason()}}...)
	case "ai_voice_agent.escalated":
		e = append(e, member{"escalation_reason", a.escalation})
	case "ai_voice_agent.summary":
		e = append(e, member{"extracted_data", a.extracted()})
	}
	t.emit(name, e.appendTo(nil))
}

// reason is why the agent's part of the call ended.
func (a *agentCall) reason() string {
	if a.escalation != "" {
		return "escalated"
	}
	return "caller_hung_up"
}

// extracted is what the agent asked, and heard.
func (a *agentCall) extracted() map[string]string {
	answers := map[string]string{"Is the time convenient?": "Yes", "Should somebody call back?": "No"}
	if a.escalation != "" {
		answers["Should somebody call back?"] = "Yes"
	}
	return answers
}
