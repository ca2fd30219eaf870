package fakeaircall

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// Traffic makes calls come by themselves. They are drawn from a sequence of the account: the same seed, clock and traffic
// make the same calls.
type Traffic struct {
	// CallsPerDay is how many calls a working day has on average, over all lines;
	// 0 ends the traffic.
	CallsPerDay int

	// Statistics say at which hours and on which days calls come, and how they end. They replace those of the
	// account. nil keeps those of the account, which its fixtures gave; an account without has built-in ones.
	Statistics *TrafficFixture
}

const (
	// MaxCallsPerDay bounds a Traffic, and the calls of its busiest day.
	MaxCallsPerDay = 100_000

	usualCallsPerDay = 400 // without statistics
)

// hourly has the calls of each hour of a working day, in per mille: a morning and an afternoon with lunch between them.
var hourly = []int64{2, 1, 1, 1, 2, 4, 10, 30, 70, 110, 120, 105, 70, 80, 110, 105, 80, 45, 22, 12, 8, 6, 4, 2}

// daily is how many calls each day of the week has beside a working day, Monday first.
var daily = []float64{1, 1, 1, 1, 1, weekend, weekend}

const weekend = 0.15

// UsualTraffic returns the traffic that fits the account: as many calls a day as its statistics say, or 400.
func (a AccountHandle) UsualTraffic() (w Traffic, err error) {
	return w, a.do(func(t *tx) error {
		w = Traffic{CallsPerDay: usualCallsPerDay, Statistics: t.statistics.clone()}
		if n := t.statistics.CallsPerDay; n != nil {
			w.CallsPerDay = int(*n)
		}
		return nil
	})
}

// SetTraffic starts or ends the traffic of an account, "" for the first, from now on. Its error is a *Refusal.
func (s *Server) SetTraffic(account string, w Traffic) error {
	if w.CallsPerDay < 0 || w.CallsPerDay > MaxCallsPerDay {
		return mistaken("%d calls a day: give 0 to %d", w.CallsPerDay, MaxCallsPerDay)
	}
	if w.Statistics != nil {
		if err := w.Statistics.check(); err != nil {
			return mistaken("statistics: %s", err)
		}
	}
	return s.in(account, func(t *tx) error {
		if w.CallsPerDay > 0 && t.numbers.len() == 0 {
			return conflict("account %q has no numbers to call", t.account.Account.Name)
		}
		t.keepHours()
		t.traffic++ // a timer of the traffic before does nothing
		t.callsPerDay = w.CallsPerDay
		if w.Statistics != nil {
			t.statistics = *w.Statistics.clone()
		}
		t.nextCall()
		return nil
	})
}

// clone returns a copy that shares nothing with x.
func (x *TrafficFixture) clone() *TrafficFixture {
	c := TrafficFixture{Hours: slices.Clone(x.Hours), Weekdays: slices.Clone(x.Weekdays)}
	if x.CallsPerDay != nil {
		c.CallsPerDay = new(*x.CallsPerDay)
	}
	if o := x.Outcomes; o != nil {
		c.Outcomes = &OutcomesFixture{maps.Clone(o.Inbound), maps.Clone(o.Outbound)}
	}
	c.RingSeconds, c.TalkSeconds = x.RingSeconds.clone(), x.TalkSeconds.clone()
	return &c
}

func (s *SpreadFixture) clone() *SpreadFixture {
	if s == nil {
		return nil
	}
	return &SpreadFixture{new(*s.Median), new(*s.P90)}
}

// draw draws a value: between the given ones all are as likely, and no value is further above p90 than p90 is above the
// median.
func (s *SpreadFixture) draw(r *random) time.Duration {
	median, p90 := int(*s.Median), int(*s.P90)
	least, most := p90, 2*p90-median
	switch at := r.intn(10); {
	case at < 5:
		least, most = 1, median
	case at < 9:
		least, most = median, p90
	}
	return min(time.Duration(r.between(least, most))*time.Second, maxLeg)
}

// check returns the first mistake of the statistics.
func (x *TrafficFixture) check() error {
	if wrong := (Fixtures{Traffic: x}).Check(""); len(wrong) > 0 {
		return fmt.Errorf("%s: %s", wrong[0].Path, wrong[0].Problem)
	}
	return nil
}

// hours returns the calls by hour, and their sum and maximum.
func (x *TrafficFixture) hours() (calls []int64, sum, most float64) {
	if calls = x.Hours; calls == nil {
		calls = hourly
	}
	for _, n := range calls {
		sum += float64(n)
	}
	return calls, sum, float64(slices.Max(calls))
}

// days returns how many calls each day of the week has beside the mean of Monday to Friday, or, if those have none, beside
// Saturday and Sunday; Monday first.
func (x *TrafficFixture) days() []float64 {
	if x.Weekdays == nil {
		return daily
	}
	mean := func(calls []int64) (m float64) {
		for _, n := range calls {
			m += float64(n) / float64(len(calls))
		}
		return m
	}
	base := cmp.Or(mean(x.Weekdays[:5]), mean(x.Weekdays[5:]))
	days := make([]float64, len(x.Weekdays))
	for i, n := range x.Weekdays {
		days[i] = float64(n) / base
	}
	return days
}

// nextCall sets when the next call of the traffic is tried. The tries come at the
// rate of the busiest hour, and each becomes a call as often as its hour is busy.
func (t *tx) nextCall() {
	if t.callsPerDay == 0 {
		return
	}
	_, sum, most := t.statistics.hours()
	busiest := min(float64(t.callsPerDay)*slices.Max(t.statistics.days()), MaxCallsPerDay) // of days
	perSecond := busiest * most / sum / 3600
	u := (float64(t.random.next()>>11) + 0.5) / (1 << 53)
	t.after(time.Duration(-math.Log(u)/perSecond*float64(time.Second)), actTraffic, 0, t.traffic)
}

// tryCall starts a call of the traffic, unless its hour is quiet.
func (t *tx) tryCall(m timer) {
	if m.N != t.traffic {
		return
	}
	if t.numbers.len() == 0 { // the last one was deleted
		t.nextCall()
		return
	}
	n := t.numbers.order[min(t.random.intn(t.numbers.len()), t.random.intn(t.numbers.len()))] // the first ring most
	if float64(t.random.intn(1_000_000)) < t.busy(n)*1_000_000 {
		if o := t.statistics.Outcomes; o != nil {
			t.startCounted(n, o)
		} else {
			_, _ = t.simulate(t.drawCall(n)) // it fails if no user is free to call out
		}
	}
	t.nextCall()
}

// busy returns how busy the present hour is at the place of a line, beside the busiest of the week.
func (t *tx) busy(n *number) float64 {
	local := t.now.In(t.zone(n.TimeZone))
	calls, _, most := t.statistics.hours()
	days := t.statistics.days()
	return float64(calls[local.Hour()]) / most * days[(local.Weekday()+6)%7] / slices.Max(days)
}

// draw draws the direction and the outcome of a call.
func (o *OutcomesFixture) draw(r *random) (inbound bool, outcome string) {
	at := int64(r.next() % uint64(o.total()))
	for _, inbound := range []bool{true, false} {
		for _, name := range countedOutcomes(inbound) {
			if at -= o.count(inbound, name); at < 0 {
				return inbound, name
			}
		}
	}
	return true, "answered" // at is below the total
}

func (o *OutcomesFixture) count(inbound bool, outcome string) int64 {
	if inbound {
		return o.Inbound[outcome]
	}
	return o.Outbound[outcome]
}

func (o *OutcomesFixture) total() (sum int64) {
	for _, inbound := range []bool{true, false} {
		for _, name := range countedOutcomes(inbound) {
			sum += o.count(inbound, name)
		}
	}
	return sum
}

// startCounted starts a call on a line, or on another on which its outcome is possible. The statistics decide how it goes:
// the office hours of a line and the users who are free matter only for a call that needs a user. If no user is free, an
// inbound call is missed, and there is no outbound one.
func (t *tx) startCounted(n *number, o *OutcomesFixture) {
	inbound, outcome := o.draw(&t.random)
	kind := kindNamed(inbound, outcome)
	var sc SimulatedCall
	sc.Ring, sc.Talk = t.drawLegs(kind)
	n, ok := t.lineLike(n, func(n *number) bool { return t.allows(n, inbound, outcome) })
	user := t.freeOn(n)
	if !inbound {
		if sc.Direction = Outbound; outcome == "answered" {
			sc.Outcome = OutcomeAnswered
		}
		if user != 0 {
			t.begin(t.newCall(n, t.someContact(), user, false), outboundPlan(sc))
		}
		return
	}
	reason := "agents_did_not_answer"
	switch {
	case n.AvailabilityStatus == "closed":
		user, reason = 0, "out_of_opening_hours"
	case user == 0:
		reason = "no_available_agent"
	}
	switch {
	case outcome == "answered" && ok:
		sc.Outcome = OutcomeAnswered
	case outcome == "answered":
		sc.Outcome = OutcomeMissed
	case outcome == "voicemail":
		sc.Outcome, sc.Talk = OutcomeVoicemail, time.Duration(t.random.between(8, 75))*time.Second
	case outcome == "callback":
		sc.Outcome = OutcomeCallback
	default:
		sc.Outcome, reason = OutcomeMissed, outcome
	}
	if outcome == "short_abandoned" {
		sc.Ring = min(sc.Ring, shortAbandoned-time.Second)
	}
	t.begin(t.newCall(n, t.someContact(), 0, true), sc.inboundPlan(user, reason))
}

// drawLegs draws how long a call rings and how long people talk, if it is answered.
func (t *tx) drawLegs(kind *callKind) (ring, talk time.Duration) {
	if s := t.statistics.RingSeconds; s != nil && kind.answered {
		ring = s.draw(&t.random)
	} else {
		ring = time.Duration(t.random.between(kind.least, kind.most)) * time.Second
	}
	if s := t.statistics.TalkSeconds; s != nil {
		return ring, s.draw(&t.random)
	}
	return ring, time.Duration(t.random.between(15, 300)) * time.Second
}

// allows reports whether a counted call can have its outcome on a line now.
func (t *tx) allows(n *number, inbound bool, outcome string) bool {
	switch {
	case !inbound, outcome == "answered":
		return n.AvailabilityStatus != "closed" && t.freeOn(n) != 0
	case outcome == "out_of_opening_hours":
		return !t.isOpen(n)
	case outcome == "abandoned_in_ivr":
		return n.IsIVR && n.AvailabilityStatus != "closed"
	case outcome == "abandoned_in_classic":
		return !n.IsIVR && n.AvailabilityStatus != "closed"
	}
	return n.AvailabilityStatus != "closed"
}

// lineLike returns n if is returns true for it, else the first such line where calls come at this hour, else n and false.
func (t *tx) lineLike(n *number, is func(*number) bool) (*number, bool) {
	if is(n) {
		return n, true
	}
	if other, ok := t.numbers.first(func(o *number) bool { return t.busy(o) > 0 && is(o) }); ok {
		return other, true
	}
	return n, false
}

// drawCall returns a call in the proportions of seeded ones. The line and its users decide whether it is answered.
func (t *tx) drawCall(n *number) SimulatedCall {
	share := 0
	for _, c := range callKinds {
		share += c.share
	}
	at := t.random.intn(share)
	var c *callKind
	for _, c = range callKinds {
		if at -= c.share; at < 0 {
			break
		}
	}
	sc := SimulatedCall{Direction: "inbound", NumberID: n.ID, Outcome: "missed"}
	if !c.inbound {
		sc.Direction = "outbound"
	}
	sc.Ring, sc.Talk = t.drawLegs(c)
	free := t.freeOn(n) != 0 && (t.isOpen(n) || !c.inbound)
	switch {
	case c.answered && free:
		sc.Outcome = "answered"
	case c.callback && free:
		sc.Outcome = "callback"
	case c.reason == "abandoned_in_ivr" && n.IsIVR && t.isOpen(n), c.reason == "abandoned_in_classic" && !n.IsIVR && free, c.reason == "short_abandoned" && t.isOpen(n):
		sc.Reason = c.reason
	case c.voicemail && t.random.chance(50):
		sc.Outcome, sc.Talk = "voicemail", time.Duration(t.random.between(8, 75))*time.Second
	}
	return sc
}
