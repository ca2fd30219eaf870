package fakeaircall

import (
	"strings"
	"time"
)

// needs says which calls suit the event.
func (x *triggering) needs() string {
	if x.event == utterancesReceived {
		return "people who have said something, on a line that records"
	}
	return "a recorded conversation of a minute, two minutes after its end"
}

// conversed returns a call that people talked in and that Aircall has analyzed.
func (x *triggering) conversed() (*call, error) {
	return x.call(func(c *call) bool {
		v := x.conversation(c, false)
		return v != nil && v.kind == "call"
	}, func() (*call, error) {
		return x.callAt(stage{started: 5 * time.Minute, answered: 294 * time.Second, ended: 150 * time.Second, recorded: true}, CallFixture{})
	})
}

// revise changes what was made of a conversation: a verdict of the playbook, the first field of the custom summary, which
// alternates between two texts, or the score.
func (x *triggering) revise(v *conversation) error {
	next := v.call.Revised
	switch x.event {
	case "playbook_result.updated":
		next.Playbook++
	case "custom_summary.result_updated":
		longer := strings.Join(v.topics(), ", ") + ". " + v.summary()
		if next.Summary == longer {
			longer = ""
		}
		next.Summary = x.text("content", longer)
	case "call_evaluation.updated":
		score, err := x.integer("score", (v.score()+5)%105)
		switch {
		case err != nil:
			return err
		case score > 100:
			return mistaken("score: %d: give 0 to 100", score)
		}
		next.Score = &score
	}
	x.calls.update(v.call, func() { v.call.Revised = next })
	return nil
}

const utterancesReceived = "realtime_transcription.utterances_received"

// receiveUtterances emits what people said last in a call, one in progress unless another is given.
func (x *triggering) receiveUtterances() error {
	if x.account.assume.licence < x.account.assume.realtimeLicence {
		return x.unlicensed()
	}
	_, given := x.set["call_id"]
	c, err := x.call(func(c *call) bool {
		v := x.conversation(c, true)
		return (given || c.Ended == 0) && v != nil && len(v.utterances) > 0
	}, func() (*call, error) {
		return x.callAt(stage{started: talkingStage.started, answered: talkingStage.answered, recorded: true}, CallFixture{})
	})
	if err != nil {
		return err
	}
	x.beginOngoing(c)
	v := x.conversation(c, true)
	if v == nil || len(v.utterances) == 0 {
		return conflict("no line of the account records and has a language that Aircall analyzes")
	}
	x.emit(x.event, v.viewRealtime(x.random.uuid()))
	return nil
}

// triggerInsight emits what is made of a conversation. An update has the form of the first version.
func triggerInsight(x *triggering) error {
	if x.event == utterancesReceived {
		return x.receiveUtterances()
	}
	c, err := x.conversed()
	if err != nil {
		return err
	}
	v := x.conversation(c, false)
	if v == nil {
		return conflict("no line of the account has a language that Aircall analyzes")
	}
	if err := x.revise(v); err != nil {
		return err
	}
	first := strings.Replace(x.event, "updated", "created", 1)
	for _, e := range v.events() {
		if e.name == first {
			if x.account.assume.licence < e.needs {
				return x.unlicensed()
			}
			x.emit(x.event, e.data)
			return nil
		}
	}
	return conflict("the conversation of call %d has no %s", c.ID, first)
}

func (x *triggering) unlicensed() error {
	return conflict("the account has no license for %s: choose other answers to the assumptions intelligence-licence and realtime-licence", x.event)
}

// viewRealtime has the members that the reference documents; the utterances of a moment are the last two.
func (v *conversation) viewRealtime(id string) raw {
	var utterances []raw
	for _, u := range v.utterances[max(0, len(v.utterances)-2):] {
		kind, user := "internal", any(v.call.User)
		if u.external {
			kind, user = "external", nil
		}
		utterances = append(utterances, encode(envelope{
			{"participant_type", kind}, {"user_id", user}, {"timestamp", v.call.Answered*1000 + int64(u.start)*100},
			{"duration_ms", (u.end - u.start) * 100}, {"text", u.text}, {"language", v.language},
		}.present()))
	}
	return encode(envelope{
		{"id", id}, {"call", envelope{{"id", v.call.ID}, {"uuid", v.call.SID}, {"number_id", v.call.Number}, {"direction", directionOf(v.call.Inbound)}}},
		{"utterances", utterances},
	})
}

func triggerAgent(x *triggering) error {
	id := x.text("ai_voice_agent_id", "agent-abc123")
	if _, ok := agents[id]; !ok {
		return missing("ai_voice_agent_id: there is no agent %.60q: give agent-abc123 or agent-def456", id)
	}
	at := endedStage
	switch x.event {
	case "ai_voice_agent.started":
		at = ringingStage
	case "ai_voice_agent.escalated": // to the user, who talks from then on
		at = talkingStage
	}
	c, err := x.call(func(c *call) bool { return x.set["call_id"] != "" }, func() (*call, error) {
		return x.callAt(at, CallFixture{})
	})
	if err != nil {
		return err
	}
	x.beginOngoing(c)
	x.emitAgentWith(x.event, &agentCall{Agent: id, Session: x.random.uuid()}, c, x.text("call_end_reason", "caller_hung_up"), x.text("escalation_reason", "The caller asked for a person."))
	return nil
}
