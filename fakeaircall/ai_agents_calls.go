package fakeaircall

import "time"

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
	a, ok := t.agentCalls.get(m.ID)
	if !ok {
		return // so many were asked for after it
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

// place lets a queued call begin on a line that has none.
func (t *tx) place(a *agentCall) {
	busy := make(map[int64]bool)
	for _, other := range t.agentCalls.order {
		if c, ok := t.calls.get(other.Call); ok && other.Status == agentInProgress {
			busy[c.Number] = true
		}
	}
	n, free := t.numbers.first(func(n *number) bool { return !busy[n.ID] })
	switch {
	case t.unix() > a.Expires:
		t.agentCalls.update(a, func() { a.Status = agentFailed })
		return
	case len(busy) >= maxAgentsAtOnce || !free:
		t.after(agentRetry, actAgentCall, a.N, 0)
		return
	}
	c := &call{
		ID: t.last.newCall(t.unix()), SID: "CA" + t.random.hex(32), Started: t.unix(),
		Other: displayPhone(a.Phone), Number: n.ID, Cost: noCost, Recorded: n.Recording,
	}
	t.calls.insert(c)
	session := t.random.uuid()
	t.agentCalls.update(a, func() { a.Call, a.Status, a.Session = c.ID, agentInProgress, session })
	t.emitCall("call.created", c)
	t.emitAgent("ai_voice_agent.started", a, c)
	t.after(agentSteps[1].after, actAgentCall, a.N, 1)
}

func (t *tx) agentAnswered(_ *agentCall, c *call) {
	t.calls.update(c, func() { c.Answered = t.unix() })
	t.emitCall("call.answered", c)
}

func (t *tx) agentEnded(a *agentCall, c *call) {
	t.calls.update(c, func() { c.Ended = t.unix() })
	t.finalizeLater(c)
	t.agentCalls.update(a, func() { a.Status = agentCompleted })
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
		{"id", c.ID}, {"call_id", c.ID}, {"call_uuid", c.SID}, {"ai_voice_agent_id", a.Agent}, {"ai_voice_agent_name", agentName(a.Agent)},
		{"ai_voice_agent_session_id", a.Session}, {"number_id", c.Number}, {"created_at", isoTime(t.unix())},
	}
	line := ""
	if n, ok := t.numbers.get(c.Number); ok {
		line = "+" + digits(n.Digits)
	}
	parties := envelope{{"external_caller_number", externalPhone(c.Other)}, {"aircall_number", line}, {"started_at", isoTime(c.Started)}}
	switch name {
	case "ai_voice_agent.started":
		e = append(e, parties...)
	case "ai_voice_agent.ended":
		e = append(append(e, parties...), envelope{{"ended_at", isoTime(c.Ended)}, {"call_end_reason", a.reason()}}...)
	case "ai_voice_agent.escalated":
		e = append(e, member{"escalation_reason", a.Escalation})
	case "ai_voice_agent.summary":
		e = append(e, member{"extracted_data", a.extracted()})
	}
	t.emit(name, e.appendTo(nil))
}

// reason is why the agent's part of the call ended.
func (a *agentCall) reason() string {
	if a.Escalation != "" {
		return "escalated"
	}
	return "caller_hung_up"
}

// extracted is what the agent asked, and heard.
func (a *agentCall) extracted() map[string]string {
	answers := map[string]string{"Is the time convenient?": "Yes", "Should somebody call back?": "No"}
	if a.Escalation != "" {
		answers["Should somebody call back?"] = "Yes"
	}
	return answers
}
