package fakeaircall

import (
	"fmt"
	"time"
)

// An act is a name of something that happens by itself when its time comes.
type act string

// A timer is an act that is due. What it is about it names by id, and looks up
// when it comes: it may be gone by then.
type timer struct {
	Seq uint64 `json:"seq,omitzero"` // which was set when
	At  int64  `json:"at,omitzero"`  // UNIX nanoseconds
	Act act    `json:"act,omitzero"`
	ID  int64  `json:"id,omitzero"` // of the call, the delivery or whatever the act is about
	N   int64  `json:"n,omitzero"`  // what else the act must know
}

func (m *timer) identity() (id, created int64) { return int64(m.Seq), m.At }

func (m *timer) clone() *timer { return new(*m) }

func (m *timer) time() time.Time { return time.Unix(0, m.At).UTC() }

// check refuses a timer that no server has set.
func (m *timer) check() error {
	if acts[m.Act] == nil {
		return fmt.Errorf("nothing is called %s that happens by itself", clip(string(m.Act)))
	}
	steps := map[act]int{actMessage: len(messageSteps), actAgentCall: len(agentSteps)}
	if most, ok := steps[m.Act]; m.N < 0 || ok && m.N >= int64(most) {
		return fmt.Errorf("%s has no step %d", m.Act, m.N)
	}
	return nil
}

// schedule has the first timer first; those of one instant are in the order they
// were set.
type schedule struct {
	timers table[*timer]
	set    uint64 // counts all of them
}

// after sets a timer, d from now.
func (t *tx) after(d time.Duration, a act, id, n int64) {
	t.schedule.set++
	t.schedule.timers.insert(&timer{At: t.now.Add(d).UnixNano(), Seq: t.schedule.set, Act: a, ID: id, N: n})
}

// acts is what each act does. Its tx reads the time the act was due.
var acts = map[act]func(*tx, timer){
	actDeliver: (*tx).deliver,
	actStep:    (*tx).step,
	actTraffic: (*tx).call,
	actHours:   (*tx).turnHour,
	actNews:    (*tx).emitCreated,
	actWrapUp:  (*tx).endWrapUp,

	actVoicemail: (*tx).emitVoicemail,
	actAssets:    (*tx).emitAssets,
	actMessage:   (*tx).moveMessage,
	actInsights:  (*tx).emitInsights,
	actExport:    (*tx).emitExport,
	actAgentCall: (*tx).moveAgentCall,
	actFinalize:  (*tx).finalizeCall,
}

// settle lets everything happen that is due by now, in order, each at its time.
func (t *tx) settle(now time.Time) {
	for t.schedule.timers.len() > 0 && t.schedule.timers.order[0].At <= now.UnixNano() {
		m := t.schedule.timers.order[0]
		t.schedule.timers.remove(int64(m.Seq))
		t.now = m.time()
		acts[m.Act](t, *m)
	}
	t.now = now
}

// due is when the next timer is; zero: there is none.
func (s *state) due() time.Time {
	if s.schedule.timers.len() == 0 {
		return time.Time{}
	}
	return s.schedule.timers.order[0].time()
}
