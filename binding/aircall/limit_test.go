package aircall_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// slack is what a wait may be longer than the limit's end: the jitter.
const slack = 250 * time.Millisecond

// limited is Aircall's 429 with a window that ends after the given time, by a server clock that is off.
func limited(ends, skew time.Duration, unit time.Duration, date bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := time.Now().Add(skew)
		w.Header()["Date"] = nil
		if date {
			w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
		}
		reply(429, `{"error":"Too Many Requests"}`,
			"X-AircallApi-Limit", "120", "X-AircallApi-Remaining", "0",
			"X-AircallApi-Reset", strconv.FormatInt(now.Add(ends).UnixNano()/int64(unit), 10))(w, r)
	}
}

// TestLimitIsLearned looks at how long a request waits after one 429.
func TestLimitIsLearned(t *testing.T) {
	blind := 10 * time.Second
	for name, tc := range map[string]struct {
		first http.HandlerFunc
		want  time.Duration
	}{
		"seconds":           {limited(42*time.Second, 0, time.Second, true), 42 * time.Second},
		"milliseconds":      {limited(42*time.Second, 0, time.Millisecond, true), 42 * time.Second},
		"server clock fast": {limited(42*time.Second, 3*time.Hour, time.Second, true), 42 * time.Second},
		"server clock slow": {limited(42*time.Second, -3*time.Hour, time.Second, true), 42 * time.Second},
		"no Date":           {limited(42*time.Second, 0, time.Second, false), 42 * time.Second},
		"reset in the past": {limited(-time.Second, 0, time.Second, true), blind},
		"reset absurd":      {limited(time.Hour, 0, time.Second, true), blind},
		"reset is text":     {reply(429, "", "X-AircallApi-Reset", "soon"), blind},
		"reset is no time":  {reply(429, "", "X-AircallApi-Reset", "1e300"), blind},
		"reset is NaN":      {reply(429, "", "X-AircallApi-Reset", "NaN"), blind},
		"no header":         {reply(429, ""), blind},
		"Retry-After":       {reply(429, "", "Retry-After", "17", "X-AircallApi-Reset", "946684830"), 17 * time.Second},
		"Retry-After date":  {reply(429, "", "Date", "Sat, 01 Jan 2022 00:00:00 GMT", "Retry-After", "Sat, 01 Jan 2022 00:00:19 GMT"), 19 * time.Second},
		"both, date past":   {reply(429, "", "Date", "Sat, 01 Jan 2000 00:00:00 GMT", "Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT", "X-AircallApi-Reset", "946684821"), 21 * time.Second},
		"both, 0":           {reply(429, "", "Date", "Sat, 01 Jan 2000 00:00:00 GMT", "Retry-After", "0", "X-AircallApi-Reset", "946684821"), 21 * time.Second},
		"Retry-After 0":     {reply(429, "", "Retry-After", "0"), blind},
		"Retry-After minus": {reply(429, "", "Retry-After", "-5"), blind},
	} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(method+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					a := answers(tc.first, callFive)
					c := bubble(t, aircall.Options{}, a.ServeHTTP)
					start := time.Now()
					if err := send(t.Context(), c, method); err != nil {
						t.Fatal(err)
					}
					if took := time.Since(start); took < tc.want || took > tc.want+slack {
						t.Errorf("waited %v, want %v", took, tc.want)
					}
					if a.count() != 2 {
						t.Errorf("sent %d times", a.count())
					}
				})
			})
		}
	}
}

// TestLimitHoldsEveryGoroutine has one request learn what forty others then heed without asking.
func TestLimitHoldsEveryGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		times := []time.Duration{}
		start := time.Now()
		a := answers(limited(30*time.Second, 0, time.Second, true), callFive)
		c := bubble(t, aircall.Options{}, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			times = append(times, time.Since(start))
			mu.Unlock()
			a.ServeHTTP(w, r)
		})
		var all sync.WaitGroup
		all.Go(func() { send(t.Context(), c, "GET") })
		time.Sleep(time.Second) // of the bubble
		for i := range 40 {
			all.Go(func() {
				if err := send(t.Context(), c, []string{"GET", "POST", "PUT"}[i%3]); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		different := map[time.Duration]bool{}
		for _, at := range times[1:] {
			different[at] = true
			if at < 30*time.Second || at > 30*time.Second+slack {
				t.Errorf("a request was sent after %v", at)
			}
		}
		if len(times) != 42 || len(different) < 20 {
			t.Errorf("%d requests at %d moments, want 42 at many", len(times), len(different))
		}
	})
}

// TestLongestHoldStays has two requests under way at once; what the second learns must not shorten the first's wait.
func TestLongestHoldStays(t *testing.T) {
	for name, second := range map[string]http.HandlerFunc{
		"shorter": limited(10*time.Second, 0, time.Second, true), "without reset": reply(200, `{"call":{}}`, "X-AircallApi-Remaining", "0"),
	} {
		synctest.Test(t, func(t *testing.T) {
			a := answers(limited(50*time.Second, 0, time.Second, true), func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(time.Second) // of the bubble
				second(w, r)
			}, callFive)
			c := bubble(t, aircall.Options{}, a.ServeHTTP)
			start := time.Now()
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { send(t.Context(), c, "GET") })
			}
			time.Sleep(5 * time.Second)
			if err := send(t.Context(), c, "GET"); err != nil || time.Since(start) < 50*time.Second {
				t.Errorf("%s: got %v after %v", name, err, time.Since(start))
			}
			both.Wait()
		})
	}
}

// TestLimitAndDeadline gives contexts that end before the window does: no waiting in vain, and nothing sent.
func TestLimitAndDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := answers(limited(30*time.Second, 0, time.Second, true), callFive)
		c := bubble(t, aircall.Options{}, a.ServeHTTP)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()

		e := wantError(t, send(ctx, c, "POST"))
		if e.Status != 429 || !errors.Is(e, aircall.KindRateLimited) || e.RetryAfter != 30*time.Second || !e.Retryable || e.EffectUnknown {
			t.Errorf("the first: got %#v", e)
		}
		time.Sleep(10 * time.Second)
		e = wantError(t, send(ctx, c, "POST"))
		if e.Status != 0 || e.Kind != aircall.KindRateLimited || e.RetryAfter != 20*time.Second || !e.Retryable || e.EffectUnknown {
			t.Errorf("the second: got %#v", e)
		}
		if want := "120 requests a minute are shared by the whole company; try again in 20s"; e.Hint != want {
			t.Errorf("hint: got %q", e.Hint)
		}
		if took := time.Since(start); took != 10*time.Second || a.count() != 1 {
			t.Errorf("waited %v, sent %d times", took, a.count())
		}
		if err := send(t.Context(), c, "POST"); err != nil || time.Since(start) < 30*time.Second {
			t.Errorf("without a deadline: got %v after %v", err, time.Since(start))
		}
	})
}

func TestLimitWaitIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := bubble(t, aircall.Options{}, limited(30*time.Second, 0, time.Second, true))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		e := wantError(t, send(ctx, c, "POST"))
		if e.Kind != aircall.KindCanceled || e.EffectUnknown || time.Since(start) != 3*time.Second || e.Message != "canceled while waiting for the rate limit" {
			t.Errorf("got %#v after %v", e, time.Since(start))
		}
	})
}

// TestLimitThatNeverEnds is bounded by the number of retries and the longest wait.
func TestLimitThatNeverEnds(t *testing.T) {
	for name, tc := range map[string]struct {
		reply http.HandlerFunc
		asked int
		least time.Duration
		after time.Duration
	}{
		"reset":             {limited(time.Minute, 0, time.Second, true), 4, 3 * time.Minute, time.Minute},
		"silent":            {reply(429, ""), 4, 70 * time.Second, 0}, // outlasts a window of a minute
		"reset past":        {limited(-time.Minute, 0, time.Second, true), 4, 70 * time.Second, 0},
		"longest":           {limited(2*time.Minute, 0, time.Second, true), 4, 6 * time.Minute, 2 * time.Minute},
		"Retry-After 1 day": {reply(429, "", "Retry-After", "86400"), 1, 0, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := answers(tc.reply)
				c := bubble(t, aircall.Options{}, a.ServeHTTP)
				start := time.Now()
				e := wantError(t, send(t.Context(), c, "GET"))
				took := time.Since(start)
				if e.Status != 429 || e.RetryAfter != tc.after || a.count() != tc.asked || took < tc.least || took > tc.least+3*slack {
					t.Errorf("%d attempts in %v: %#v", a.count(), took, e)
				}
				start = time.Now()
				send(t.Context(), c, "POST")
				if took := time.Since(start); took > 4*(2*time.Minute+slack) {
					t.Errorf("the next request and its retries took %v", took)
				}
			})
		})
	}
}

// TestLimitOnGoodReplies heeds the headers where some clients expect them, on a 200.
func TestLimitOnGoodReplies(t *testing.T) {
	for name, tc := range map[string]struct {
		remaining string
		reset     string // the bubble's clock starts at 946684800
		want      time.Duration
	}{
		"used up":        {"0", "946684812", 12 * time.Second},
		"some left":      {"1", "946684812", 0},
		"reset is past":  {"0", "946684790", 0},
		"reset is far":   {"0", "946690000", 0},
		"no reset":       {"0", "", 0},
		"remaining text": {"none", "946684812", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := bubble(t, aircall.Options{}, reply(200, `{"call":{"id":5}}`, "X-AircallApi-Remaining", tc.remaining, "X-AircallApi-Reset", tc.reset))
				start := time.Now()
				for range 2 {
					if err := send(t.Context(), c, "GET"); err != nil {
						t.Fatal(err)
					}
				}
				took := time.Since(start)
				if tc.want == 0 && took != 0 || took < tc.want || took > tc.want+slack {
					t.Errorf("waited %v, want %v", took, tc.want)
				}
			})
		})
	}
}

// TestClientsShareNothing: another account's limit is another limit.
func TestClientsShareNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := bubble(t, aircall.Options{MaxRetries: -1}, limited(time.Minute, 0, time.Second, true))
		other := bubble(t, aircall.Options{}, callFive)
		start := time.Now()
		if err := send(t.Context(), one, "GET"); !errors.Is(err, aircall.KindRateLimited) {
			t.Errorf("got %v", err)
		}
		if err := send(t.Context(), other, "GET"); err != nil || time.Since(start) != 0 {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}

// TestMessagingTierIsNoRateLimit sends a message from a line that has reached its daily limit. It frees itself within a
// day, so that neither the message nor any other request waits.
func TestMessagingTierIsNoRateLimit(t *testing.T) {
	for name, send := range map[string]func(context.Context, *aircall.Client) error{
		"outside the inbox": func(ctx context.Context, c *aircall.Client) error {
			_, err := c.SendWhatsApp(ctx, aircall.WhatsAppParams{LineID: 1, To: "+4520000001"})
			return err
		},
		"in a conversation": func(ctx context.Context, c *aircall.Client) error {
			_, err := c.SendConversationWhatsApp(ctx, aircall.WhatsAppParams{LineID: 1, To: "+4520000001"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := answers(reply(429, `{"error":"Too Many Requests","troubleshoot":"The number has reached the daily limit"}`), callFive)
				c := bubble(t, aircall.Options{}, a.ServeHTTP)
				start := time.Now()
				e := wantError(t, send(t.Context(), c))
				if e.Status != 429 || e.Kind != aircall.KindAPI || e.Retryable || e.EffectUnknown {
					t.Errorf("got %#v", e)
				}
				if want := "a number may begin WhatsApp conversations with so many customers in 24 hours as its messaging tier says; reply to customers who wrote, or send later"; e.Hint != want {
					t.Errorf("hint %q", e.Hint)
				}
				if _, err := c.Call(t.Context(), 5); err != nil || time.Since(start) != 0 {
					t.Errorf("the next request: %v after %v", err, time.Since(start))
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		a := answers(limited(30*time.Second, 0, time.Second, true), reply(200, `{"id":"m"}`))
		c := bubble(t, aircall.Options{}, a.ServeHTTP)
		if _, err := c.SendWhatsApp(t.Context(), aircall.WhatsAppParams{LineID: 1, To: "+4520000001"}); err != nil || a.count() != 2 {
			t.Errorf("a 429 of the rate limit: %d attempts, %v", a.count(), err)
		}
	})
}
