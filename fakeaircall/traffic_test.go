package fakeaircall

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"
)

// A day of traffic has calls of every kind, at the hours people call, and the
// same ones each time.
func TestTraffic(t *testing.T) {
	day := func() ([]string, map[string]int) {
		s, err := New(checked(t, Options{Scale: ScaleTeam, Clock: noon.Truncate(24 * time.Hour)}))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.SetTraffic("", Traffic{CallsPerDay: 2000}); err != nil {
			t.Fatal(err)
		}
		s.Advance(24 * time.Hour)
		if err := s.SetTraffic("", Traffic{}); err != nil {
			t.Fatal(err)
		}
		s.Advance(6 * time.Hour)
		var calls []string
		kinds := make(map[string]int)
		err = s.do(s.accounts()[0], func(t *tx) error {
			for _, c := range t.calls.between(noon.Truncate(24*time.Hour).Unix()+1, t.unix()) {
				calls = append(calls, fmt.Sprint(c.ID, c.Started, c.Answered, c.Ended, c.MissedReason))
				kinds[cmp.Or(c.MissedReason, directionOf(c.Inbound)+" "+strconv.FormatBool(c.Answered != 0))]++
				if c.Ended == 0 {
					kinds["live"]++
				}
			}
			return checkCalls(t)
		})
		if err != nil {
			t.Fatal(err)
		}
		return calls, kinds
	}
	calls, kinds := day()
	t.Logf("%d calls: %v", len(calls), kinds)
	if n := len(calls); n < 1200 || n > 2400 || kinds["live"] > 0 {
		t.Errorf("%d calls, %d of them live", n, kinds["live"])
	}
	if kinds["inbound true"] < len(calls)/5 || kinds["outbound true"] < len(calls)/20 {
		t.Errorf("answered: %v", kinds)
	}
	for _, reason := range missedReasons {
		if kinds[reason] == 0 {
			t.Errorf("no call was missed for %s", reason)
		}
	}
	if again, _ := day(); !slices.Equal(calls, again) {
		t.Error("the same day has other calls")
	}
}

// Statistics that are far from those of a company make no more calls than a day may have, and no calls without a line.
func TestTrafficIsBounded(t *testing.T) {
	saturday := time.Date(2026, 8, 15, 10, 0, 0, 0, time.UTC)
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: saturday, RateLimit: NoRateLimit})), t}
	calls := func() int {
		_, n, err := w.Account("").Calls(Query{})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := calls()
	steep := TrafficFixture{Weekdays: []int64{1, 0, 0, 0, 0, maxTally, 0}, Outcomes: &OutcomesFixture{Inbound: map[string]int64{"short_abandoned": 1}}}
	if err := w.SetTraffic("", Traffic{CallsPerDay: 400, Statistics: &steep}); err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Minute)
	if n := calls() - before; n < 5 || n > 2*MaxCallsPerDay/8/60 {
		t.Errorf("%d calls in a minute", n)
	}
	if usual, err := w.Account("").UsualTraffic(); err != nil || usual.CallsPerDay != 400 || usual.Statistics.Weekdays[5] != maxTally {
		t.Errorf("the statistics of SetTraffic are not those of the account: %+v, %v", usual, err)
	}
	numbers, _, err := w.Account("").Numbers(Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range numbers {
		if err := w.Account("").DeleteNumber(n.ID); err != nil {
			t.Fatal(err)
		}
	}
	before = calls()
	w.Advance(time.Minute)
	if n := calls(); n != before {
		t.Errorf("%d calls without a line", n-before)
	}
}

// Without calls from Monday to Friday, calls_per_day is the mean of Saturday and Sunday.
func TestWeekendTraffic(t *testing.T) {
	friday := time.Date(2026, 8, 14, 0, 0, 0, 0, time.UTC)
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: friday, RateLimit: NoRateLimit})), t}
	utc := TrafficFixture{Weekdays: []int64{0, 0, 0, 0, 0, 3, 1}, Outcomes: &OutcomesFixture{Inbound: map[string]int64{"short_abandoned": 1}}}
	numbers, _, err := w.Account("").Numbers(Query{})
	if err == nil {
		err = w.SetTraffic("", Traffic{CallsPerDay: 200, Statistics: &utc})
	}
	if err != nil || len(numbers) == 0 {
		t.Fatal(err)
	}
	var made []int
	for range 4 {
		_, before, _ := w.Account("").Calls(Query{})
		w.Advance(24 * time.Hour)
		_, after, err := w.Account("").Calls(Query{})
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, after-before)
	}
	if made[3] > made[1]/4 || made[1] < 200 || made[1] < made[2] || made[1]+made[2] < 300 || made[1]+made[2] > 500 {
		t.Errorf("calls from Friday to Monday: %v", made)
	}
}

// SetTraffic refuses wrong statistics, and says what is wrong.
func TestWrongStatistics(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit})), t}
	err := w.SetTraffic("", Traffic{CallsPerDay: 1, Statistics: &TrafficFixture{Hours: []int64{1}}})
	if !refusedWith(err, 400, "statistics: traffic.hours: 1 elements: give 24") {
		t.Errorf("got %v", err)
	}
	if _, err := w.Account("nobody").UsualTraffic(); !refusedWith(err, 404, `there is no account "nobody"`) {
		t.Errorf("got %v", err)
	}
}

// Closed lines leave inbound calls without an answer, whatever the statistics say, and users who are all offline all calls.
func TestTrafficNeedsUsers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Fixtures)
		want   string // the reason of all missed calls
	}{
		{"closed", func(x *Fixtures) { x.Numbers[0].AvailabilityStatus = new("closed") }, "out_of_opening_hours"},
		{"offline", func(x *Fixtures) { x.Users[0].Online = new(false) }, "no_available_agent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fx := Fixtures{
				Users:   []UserFixture{{FirstName: new("Ann"), LastName: new("Lee"), Email: new("ann@example.com")}},
				Numbers: []NumberFixture{{Name: new("Paris"), Digits: new("+33199001234"), Users: []string{"ann@example.com"}}},
				Traffic: &TrafficFixture{Outcomes: &OutcomesFixture{Inbound: map[string]int64{"answered": 8, "voicemail": 1}, Outbound: map[string]int64{"answered": 2}}},
			}
			tt.change(&fx)
			w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Fixtures: map[string]Fixtures{"default": fx}})), t}
			if err := w.SetTraffic("", Traffic{CallsPerDay: 1000}); err != nil {
				t.Fatal(err)
			}
			w.Advance(time.Hour)
			calls, n, err := w.Account("").Calls(Query{Live: new(false)})
			if err != nil || n < 20 {
				t.Fatalf("%d calls, %v", n, err)
			}
			for _, c := range calls {
				if c.Direction == Outbound && tt.name == "closed" { // users call out all the same
					continue
				}
				if c.Direction == Outbound || c.Reason != tt.want || c.Result == "answered" {
					t.Errorf("%+v", c)
				}
			}
		})
	}
}
