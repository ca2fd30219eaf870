package pull

import (
	"slices"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// statistics counts the calls of the days before the newest one, by the local hour and day of their line and by outcome. It
// returns nil without any.
func (s *source) statistics(days int, zoneOf func(line string) *time.Location) *fakeaircall.TrafficFixture {
	from := s.windowFrom(days)
	oldest := s.newest
	x := fakeaircall.TrafficFixture{
		Hours: make([]int64, 24), Weekdays: make([]int64, 7),
		Outcomes: &fakeaircall.OutcomesFixture{Inbound: map[string]int64{}, Outbound: map[string]int64{}},
	}
	counted, working, weekend := 0, int64(0), int64(0)
	var rings, talks []int64
	for _, c := range s.records[calls] {
		at := c.instant("started_at")
		if at.IsZero() || at.Before(from) || at.After(s.newest) {
			continue
		}
		if at.Before(oldest) {
			oldest = at
		}
		local := at.In(zoneOf(c.object("number").id("id")))
		day := (int(local.Weekday()) + 6) % 7
		x.Hours[local.Hour()]++
		x.Weekdays[day]++
		counted++
		if day < 5 {
			working++
		} else {
			weekend++
		}
		outcomes := x.Outcomes.Inbound
		if c.text("direction") == "outbound" {
			outcomes = x.Outcomes.Outbound
		}
		if name := outcome(c); name != "" {
			outcomes[name]++
		}
		if answered, ended := c.instant("answered_at"), c.instant("ended_at"); !answered.IsZero() && !ended.IsZero() {
			rings = append(rings, int64(answered.Sub(at).Seconds()))
			talks = append(talks, int64(ended.Sub(answered).Seconds()))
		}
	}
	x.RingSeconds, x.TalkSeconds = spread(rings), spread(talks)
	if counted == 0 || days == 0 {
		return nil
	}
	if len(x.Outcomes.Inbound)+len(x.Outcomes.Outbound) == 0 {
		x.Outcomes = nil
	}
	if len(s.records[calls]) == s.want[calls] && s.want[calls] < s.total[calls] && len(s.records[calls]) >= resultCap {
		from = oldest // the rest of the days was not read
	}
	workdays, others := int64(0), int64(0)
	for day := from; day.Before(s.newest); day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			workdays++
		} else {
			others++
		}
	}
	if working == 0 { // then the fake takes the number for a day of the weekend
		working, workdays = weekend, others
	}
	x.CallsPerDay = new(min(max(working/max(workdays, 1), 1), fakeaircall.MaxCallsPerDay))
	return &x
}

// longestLeg is the longest part of a call that the file can have, in seconds.
const longestLeg = 4 * 60 * 60

// spread returns the median and the ninth decile of durations in seconds, or nil without any.
func spread(seconds []int64) *fakeaircall.SpreadFixture {
	if len(seconds) == 0 {
		return nil
	}
	slices.Sort(seconds)
	at := func(share int) *int64 {
		return new(min(max(seconds[(len(seconds)-1)*share/100], 1), longestLeg))
	}
	return &fakeaircall.SpreadFixture{Median: at(50), P90: at(90)}
}

// outcome returns how a call that ended went, in the words of the file; "" for one that is in progress.
func outcome(c record) string {
	reason := c.text("missed_call_reason")
	switch {
	case c.instant("ended_at").IsZero():
		return ""
	case !c.instant("answered_at").IsZero():
		return "answered"
	case c.text("direction") == "outbound":
		return "unanswered"
	case c.has("voicemail"):
		return "voicemail"
	case askedForCallback(c):
		return "callback"
	case settingForms()["calls.missed_call_reason"].accepts(reason):
		return reason
	}
	return "agents_did_not_answer"
}

// askedForCallback reports whether a call has the system tag of callers who ask to be called back.
func askedForCallback(c record) bool {
	for _, t := range c.list("tags") {
		if t.text("name") == "Callback Request" {
			return true
		}
	}
	return false
}
