package fakeaircall

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"
)

// far are times that the clock cannot show.
var far = []time.Time{
	time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 1, 0, time.UTC),
	time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(-500, 1, 1, 0, 0, 0, 0, time.UTC),
	time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0), time.Unix(0, math.MaxInt64), time.Unix(0, math.MinInt64),
}

// Times that cannot be shown are refused where they enter, with one text.
func TestFarTimes(t *testing.T) {
	const want = ": give a time from 2000-01-01 to 2100-01-01"
	for _, at := range far {
		name := at.UTC().Format(time.RFC3339)
		if srv, err := New(checked(t, Options{Clock: at})); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("New at %s: %v", name, err)
			if err == nil {
				srv.Close()
			}
		}
		w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit})), t}
		if err := w.SetClock(at); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("SetClock to %s: %v", name, err)
		}
		if err := w.Account("default").SetClock(at); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("SetClock of an account to %s: %v", name, err)
		}
		text := strings.Replace(string(w.Snapshot().text()), `"now":"2026-03-02T12:00:00Z"`, fmt.Sprintf(`"now":%q`, name), 1)
		if _, err := ParseSnapshot([]byte(text)); err == nil {
			t.Errorf("ParseSnapshot with the clock at %s: no error", name)
		}
		if got := w.Now(); !got.Equal(noon) {
			t.Errorf("the clock is at %s", got)
		}
	}
	for _, d := range []time.Duration{math.MaxInt64, math.MinInt64, -1} {
		srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon}))
		if err := srv.Account("default").Advance(d); err == nil {
			t.Errorf("Advance by %d: no error", d)
		}
	}
}

// Near both ends of the clock everything works: seeded data is up to three years older. A clock that runs stops at the last one.
func TestFirstAndLastTime(t *testing.T) {
	for _, at := range []time.Time{firstInstant.AddDate(5, 0, 0), lastInstant.Add(-time.Hour), lastInstant} {
		for _, scale := range []Scale{ScaleEmpty, ScaleSmall, ScaleTeam} {
			w := world{RunT(t, checked(t, Options{Scale: scale, Clock: at, RateLimit: NoRateLimit, AllowUnknownRoutes: true})), t}
			everything(w)
			if _, err := w.Simulate("", SimulatedCall{Direction: "inbound"}); err != nil && !strings.Contains(err.Error(), "no number") {
				t.Error(err)
			}
			if w.Advance(min(time.Hour, lastInstant.Sub(at))); !w.Now().Equal(lastInstant) && at.Year() > 2005 {
				t.Errorf("the clock is at %s", w.Now())
			}
			everything(w)
			if _, err := ParseSnapshot(w.Snapshot().text()); err != nil {
				t.Error(err)
			}
		}
	}
	c := newClock(lastInstant.Add(-time.Millisecond), MaxSpeed)
	c.origin = c.origin.Add(-400 * 24 * time.Hour) // 3,600 times as fast, that is longer than a duration can be
	if got := c.now(); !got.Equal(lastInstant) {
		t.Errorf("the clock is at %s", got)
	}
	if _, ok := c.until(lastInstant.Add(time.Hour)); ok {
		t.Error("the clock goes on")
	}
}

// everything gets each list and each documented record.
func everything(w world) {
	w.t.Helper()
	for _, r := range Routes() {
		if path := strings.NewReplacer("{id}", "12345").Replace(r.Path); r.Method == "GET" && !strings.Contains(path, "{") {
			if a := w.get(path); a.status >= 500 {
				w.t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
	}
	for _, now := range []func() error{
		func() error { _, _, err := w.Account("").Calls(Query{}); return err },
		func() error { _, _, err := w.Account("").Contacts(Query{}); return err },
	} {
		if err := now(); err != nil {
			w.t.Error(err)
		}
	}
}

// Times and numbers of any size in a query or a body never cause a 500.
func TestHugeNumbers(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, AllowUnknownRoutes: true})), t}
	values := []string{
		"NaN", "Inf", "-Inf", "1e400", "-1e400", "1e18", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "253402300800", "-62135596801",
		"0", "-1", "1.5", "20000-01-01", "9999-12-31", "0000-01-01", "9999-12-31T23:59:59Z", "0000-00-00", "\x00", "",
	}
	for _, r := range Routes() {
		for _, v := range values {
			path := strings.NewReplacer("{id}", "12345", "{user_id}", "1").Replace(r.Path)
			q := url.Values{}
			for _, name := range []string{"from", "to", "page", "per_page", "order", "user_id", "duration", "from_date", "to_date", "started_at"} {
				q.Set(name, v)
			}
			if a := w.send(r.Method, path+"?"+q.Encode(), ""); a.status >= 500 {
				t.Errorf("%s %s?%s: %d %s", r.Method, path, q.Encode(), a.status, a.body)
			}
			body := fmt.Sprintf(`{"from":%[1]s,"to":%[1]s,"wrap_up_time":%[1]s,"scheduled_at":%[1]s,"expires_in":%[1]s,"priority":%[1]s,"start_date":%[1]s,"end_date":%[1]s,"tags":[%[1]s],"number_id":%[1]s,"user_id":%[1]s}`, quotedUnlessNumber(v))
			if r.Method != "GET" && r.Method != "DELETE" {
				if a := w.send(r.Method, path, body); a.status >= 500 {
					t.Errorf("%s %s %s: %d %s", r.Method, path, body, a.status, a.body)
				}
			}
		}
	}
}

// quotedUnlessNumber returns a value for a JSON body.
func quotedUnlessNumber(v string) string {
	if strings.Trim(v, "-.e0123456789") == "" && v != "" && strings.Count(v, "-") < 2 {
		return v
	}
	return fmt.Sprintf("%q", v)
}
