package fakeaircall

import (
	"math"
	"time"
)

// Traffic keeps a day of calls going, drawn from the company's own sequence: the
// same seed, clock and traffic make the same calls.
type Traffic struct {
	// CallsPerDay is how many calls a working day has on average, over all lines;
	// 0 ends the traffic.
	CallsPerDay int
}

// MaxCallsPerDay bounds a Traffic.
const MaxCallsPerDay = 100_000

// hourly is the part of a working day's calls that each hour of it has, in
// per mille: a morning and an afternoon with lunch between them.
var hourly = [24]int{2, 1, 1, 1, 2, 4, 10, 30, 70, 110, 120, 105, 70, 80, 110, 105, 80, 45, 22, 12, 8, 6, 4, 2}

// weekend is the part of a working day that a Saturday or Sunday has.
const weekend = 0.15

// SetTraffic lets calls come by themselves in an account, "" for the first, from
// now on. Its error is a *Refusal.
func (s *Server) SetTraffic(account string, w Traffic) error {
	c, err := s.company(account)
	if err != nil {
		return err
	}
	if w.CallsPerDay < 0 || w.CallsPerDay > MaxCallsPerDay {
		return mistaken("%d calls a day: give 0 to %d", w.CallsPerDay, MaxCallsPerDay)
	}
	return s.do(c, func(t *tx) error {
		if w.CallsPerDay > 0 && t.numbers.len() == 0 {
			return conflict("account %q has no numbers to call", c.account.Name)
		}
		t.keepHours()
		t.traffic++ // what is set for the traffic before comes to nothing
		t.callsPerDay = w.CallsPerDay
		t.nextCall()
		return nil
	})
}

// nextCall sets when the next call of the traffic is tried. The tries come at the
// rate of the busiest hour, and each becomes a call as often as its hour is busy.
func (t *tx) nextCall() {
	if t.callsPerDay == 0 {
		return
	}
	perSecond := float64(t.callsPerDay) * float64(busiest()) / 1000 / 3600
	u := (float64(t.random.next()>>11) + 0.5) / (1 << 53)
	t.after(time.Duration(-math.Log(u)/perSecond*float64(time.Second)), actTraffic, 0, t.traffic)
}

func busiest() int {
	most := 0
	for _, h := range hourly {
		most = max(most, h)
	}
	return most
}

// call lets one come, unless its hour is quiet.
func (t *tx) call(m timer) {
	if m.N != t.traffic {
		return
	}
	n := t.numbers.order[min(t.random.intn(t.numbers.len()), t.random.intn(t.numbers.len()))] // the first ring most
	local := t.now.In(t.zone(n.TimeZone))
	part := float64(hourly[local.Hour()]) / float64(busiest())
	if local.Weekday() == time.Saturday || local.Weekday() == time.Sunday {
		part *= weekend
	}
	if float64(t.random.intn(1_000_000)) < part*1_000_000 {
		_, _ = t.simulate(t.drawCall(n)) // nobody may be free to call out
	}
	t.nextCall()
}

// drawCall is a call as seeded ones are, in proportion; the line and its people
// decide whether it is answered.
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
	sc := SimulatedCall{Direction: "inbound", NumberID: n.ID, Outcome: "missed", Ring: time.Duration(t.random.between(c.least, c.most)) * time.Second}
	if !c.inbound {
		sc.Direction = "outbound"
	}
	sc.Talk = time.Duration(t.random.between(15, 300)) * time.Second
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
