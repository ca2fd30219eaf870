package fakeaircall

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
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

// compare puts the timer that is due first before the other; of one instant, the one that was set first.
func (m timer) compare(o timer) int {
	return cmp.Or(cmp.Compare(m.At, o.At), cmp.Compare(m.Seq, o.Seq))
}

func (m timer) time() time.Time { return time.Unix(0, m.At).UTC() }

// schedule has the first timer first; those of one instant are in the order they
// were set.
type schedule struct {
	timers timers
	set    uint64
	moved  map[uint64]*timer `snap:"-"` // those that were set, and nil for those that came; nil: nobody asks
}

// timers are a heap: the first is due first.
type timers []timer

func (s *timers) list() any {
	return slices.SortedFunc(slices.Values(*s), timer.compare)
}

func (s *timers) room() any { return (*[]timer)(s) }

func (s *timers) refill() error {
	for _, m := range *s {
		if acts[m.Act] == nil {
			return fmt.Errorf("nothing is called %s that happens by itself", clip(string(m.Act)))
		}
	}
	slices.SortFunc(*s, timer.compare) // a store gives them in the order they were set, and what is in order is a heap
	return nil
}

func (s *schedule) Len() int { return len(s.timers) }
func (s *schedule) Less(i, j int) bool {
	a, b := s.timers[i], s.timers[j]
	return a.At < b.At || a.At == b.At && a.Seq < b.Seq
}
func (s *schedule) Swap(i, j int) { s.timers[i], s.timers[j] = s.timers[j], s.timers[i] }
func (s *schedule) Push(x any)    { s.timers = append(s.timers, x.(timer)) }
func (s *schedule) Pop() any {
	last := len(s.timers) - 1
	m := s.timers[last]
	s.timers = s.timers[:last]
	return m
}

// after sets a timer, d from now.
func (t *tx) after(d time.Duration, a act, id, n int64) {
	t.schedule.set++
	m := timer{At: t.now.Add(d).UnixNano(), Seq: t.schedule.set, Act: a, ID: id, N: n}
	heap.Push(&t.schedule, m)
	if t.schedule.moved != nil {
		t.schedule.moved[m.Seq] = &m
		t.noted++
	}
}

// acts is what each act does. Its tx reads the time the act was due.
var acts = map[act]func(*tx, timer){
	actDeliver: (*tx).deliver,
	actStep:    (*tx).step,
	actTraffic: (*tx).call,
	actHours:   (*tx).turnHour,
	actNews:    (*tx).tellCreated,
	actWrapUp:  (*tx).endWrapUp,

	actVoicemail: (*tx).tellVoicemail,
	actAssets:    (*tx).tellAssets,
	actMessage:   (*tx).moveMessage,
	actInsights:  (*tx).tellInsights,
	actExport:    (*tx).tellExport,
	actAgentCall: (*tx).moveAgentCall,
	actFinalize:  (*tx).finalizeCall,
}

// settle lets everything happen that is due by now, in order, each at its time.
func (t *tx) settle(now time.Time) {
	for len(t.schedule.timers) > 0 && t.schedule.timers[0].At <= now.UnixNano() {
		m := heap.Pop(&t.schedule).(timer)
		if t.schedule.moved != nil {
			t.schedule.moved[m.Seq] = nil
			t.noted++
		}
		t.now = m.time()
		acts[m.Act](t, m)
	}
	t.now = now
}

// due is when the next timer is; zero: there is none.
func (s *state) due() time.Time {
	if len(s.schedule.timers) == 0 {
		return time.Time{}
	}
	return s.schedule.timers[0].time()
}
