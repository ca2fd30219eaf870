package conformance

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// TestOneSweepIsEnough breaks runs that write in the middle, each in another way, and sweeps once when the weather is fair
// again. The contacts are those of before, or the sweep names each that is not. AIRCALLKIT_FULL=1 does it 200 times.
func TestOneSweepIsEnough(t *testing.T) {
	times := 7
	if full() {
		times = 200
	}
	for i := range times {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(13, uint64(i)))
			var interrupt context.CancelFunc
			var weather []string
			vary := func(r *rig) {
				oneAccount(r)
				storms := []struct {
					name  string
					begin func()
				}{
					{"interrupted", func() {
						every(30+chance.IntN(150), anything, func(w http.ResponseWriter, req *http.Request, next http.Handler) {
							interrupt()
							next.ServeHTTP(w, req)
						})(r)
					}},
					{"throttled", func() { every(5+chance.IntN(20), anything, throttle)(r) }},
					{"stale", func() { lagging("", time.Duration(1+chance.IntN(20))*time.Second)(r) }},
					{"replies are lost", func() { every(2+chance.IntN(5), writes, lose)(r) }},
					{"writes are refused", func() { every(2+chance.IntN(4), writes, gateway(http.StatusBadGateway))(r) }},
					{"connections break", func() { every(5+chance.IntN(20), anything, hangUp)(r) }},
					{"an outage", func() { endingAfter(30+chance.IntN(150), gateway(http.StatusServiceUnavailable))(r) }},
				}
				for n, s := range storms {
					if n == i%len(storms) || chance.IntN(4) == 0 {
						weather = append(weather, s.name)
						s.begin()
					}
				}
			}
			inRig(t, vary, func(t *testing.T, r *rig) {
				var ctx context.Context
				ctx, interrupt = context.WithCancel(t.Context())
				defer interrupt()
				before := r.contacts()
				logFile := filepath.Join(t.TempDir(), "run.undolog")
				rep, said, err := r.run(ctx, Options{AllowWrites: true, WriteAccount: "default", Tags: "@changes and not @fake and (@op:create-a-contact or @example:create_contact or @example:update_contact)", UndoLog: logFile})
				left := "nothing"
				if rep != nil {
					left = fmt.Sprint(rep.Left)
				}
				r.calm.Store(true)
				swept, failed := "no undo log", error(nil)
				if rep != nil && rep.UndoLog != "" {
					swept, failed = r.sweep(logFile)
				}
				told := swept + fmt.Sprint(failed)
				for id, now := range r.contacts() {
					if before[id] != now && !strings.Contains(told, id) {
						t.Errorf("%v: contact %s is not as before, and the sweep does not say so: was %q, is %q\nrun: %v, left %s\n%s\nsweep: %s", weather, id, before[id], now, err, left, said, told)
					}
					delete(before, id)
				}
				for id := range before {
					t.Errorf("%v: contact %s is gone", weather, id)
				}
				t.Logf("%v: run %v; left %s; sweep %v", weather, err, left, failed)
			})
		})
	}
}

// contacts are those of the company of default, by id, once all writes to them show.
func (r *rig) contacts() map[string]string {
	time.Sleep(2 * time.Minute) // for what is stale, and for the rate limit
	all := map[string]string{}
	for _, line := range inventory(r.t, r.fake) {
		if account, contact, _ := strings.Cut(line, " "); account == "default" {
			id, _ := answeredLook([]byte(`{"contact":` + contact + `}`))
			all[id] = contact
		}
	}
	return all
}

// TestAProductionCompanyIsSafe whatever the key and the name that it is opened with.
func TestAProductionCompanyIsSafe(t *testing.T) {
	changed := false
	vary := func(r *rig) {
		severalKeys(r)
		r.watch(func(req *http.Request) { changed = changed || writes(req) })
	}
	inRig(t, vary, func(t *testing.T, r *rig) {
		_, _, err := r.run(t.Context(), Options{AllowWrites: true, WriteAccount: "crm", Production: []string{"default"}})
		if want := `account "crm" is of a company that has the purpose production: it is never changed`; err == nil || err.Error() != want || changed {
			t.Errorf("got %v, want %s; changed: %t", err, want, changed)
		}
	})
}

// TestOnePaceForOneCompany: three keys of a company share its 120 requests a minute, and no request is refused.
func TestOnePaceForOneCompany(t *testing.T) {
	var at []time.Time
	vary := func(r *rig) {
		severalKeys(r)
		r.watch(func(*http.Request) { at = append(at, time.Now()) })
	}
	inRig(t, vary, func(t *testing.T, r *rig) {
		rep, _, err := r.run(t.Context(), Options{})
		if err != nil || rep.Summary.Fail+rep.Summary.Error > 0 {
			t.Errorf("%v %+v", err, rep.Summary)
		}
		for i := range at {
			if i+aircallLimit < len(at) && at[i+aircallLimit].Sub(at[i]) < time.Minute {
				t.Errorf("more than %d requests in the minute from %v", aircallLimit, at[i])
				break
			}
		}
		if refused := r.fake.Requests(fakeaircall.RequestFilter{Status: http.StatusTooManyRequests}); len(refused) > 0 || len(at) < aircallLimit {
			t.Errorf("%d of %d requests were refused", len(refused), len(at))
		}
	})
}
