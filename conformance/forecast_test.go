package conformance

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// counted is a fake behind a server that counts the requests of each account, by its API id.
func counted(t *testing.T, o fakeaircall.Options) (s *fakeaircall.Server, url string, asked func(account string) int) {
	t.Helper()
	o.Clock, o.Assume = start, map[string]string{"users-v1": "keep"}
	wrap := o.Wrap
	s, err := fakeaircall.New(checked(t, o))
	if err != nil {
		t.Fatal(err)
	}
	handler := s.Handler()
	if wrap != nil {
		handler = wrap(handler)
	}
	var mu sync.Mutex
	counts := map[string]int{}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _, _ := r.BasicAuth()
		mu.Lock()
		counts[id]++
		mu.Unlock()
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return s, front.URL, func(account string) int {
		mu.Lock()
		defer mu.Unlock()
		return counts["fake-"+account+"-id"]
	}
}

var plannedOf = regexp.MustCompile(`(?m)^plan: account "(\w+)": (\d+) requests?: `)

// isPlanned compares what a plan says with what was sent, of each account and in all: a tenth of it more or less, and a few
// requests to an account that is asked little.
func isPlanned(t *testing.T, plan string, accounts []string, asked func(string) int) {
	t.Helper()
	said := plannedOf.FindAllStringSubmatch(plan, -1)
	if len(said) != len(accounts) {
		t.Fatalf("it plans for %d of %d accounts:\n%s", len(said), len(accounts), plan)
	}
	planned, sent := 0, 0
	for _, m := range said {
		n, _ := strconv.Atoi(m[2])
		planned += n
		sent += asked(m[1])
		if is := asked(m[1]); 10*max(n-is, is-n) > max(is, 50) {
			t.Errorf("account %q: %d requests are planned, %d were sent", m[1], n, is)
		}
	}
	if 10*max(planned-sent, sent-planned) > sent {
		t.Errorf("%d requests are planned, %d were sent", planned, sent)
	}
}

// TestPlanIsWhatIsSent: for accounts that are empty, small and large, with keys and tokens, reading and writing.
func TestPlanIsWhatIsSent(t *testing.T) {
	var people fakeaircall.Fixtures
	for n := range 320 {
		people.Contacts = append(people.Contacts, fakeaircall.ContactFixture{
			FirstName: new(fmt.Sprint("Person", n)), PhoneNumbers: []fakeaircall.DetailFixture{{Label: new("Work"), Value: new("+33639981234")}},
		})
	}
	contacts := map[string]fakeaircall.Fixtures{"default": people}
	for name, o := range map[string]fakeaircall.Options{
		"empty":             {Scale: fakeaircall.ScaleEmpty},
		"contacts, no call": {Scale: fakeaircall.ScaleEmpty, Fixtures: contacts},
		"small":             {Scale: fakeaircall.ScaleSmall},
		"many calls":        {Scale: fakeaircall.ScaleSmall, Calls: 900, Fixtures: contacts},
		"team":              {Scale: fakeaircall.ScaleTeam},
	} {
		for _, writes := range []bool{false, true} {
			if !writes && name != "empty" && name != "team" {
				continue
			}
			t.Run(fmt.Sprintf("%s, writes %v", name, writes), func(t *testing.T) {
				t.Parallel()
				s, url, asked := counted(t, o)
				accounts := FakeAccounts(s.Accounts(), url)
				delete(accounts, "support")
				with := Options{Target: kindLive, Accounts: accounts, AllowWrites: writes, Tags: "not @fake"}
				if writes {
					with.WriteAccount = "default"
				}
				r := paced(t, s, with)
				var said []string
				if err := r.inspect(t.Context(), func(lines []string) { said = append(said, lines...) }); err != nil {
					t.Fatal(err)
				}
				r.undoLog.path = filepath.Join(t.TempDir(), "undo-log")
				first := r.countFirst(t.Context())
				if err := r.execute(t.Context()); err != nil {
					t.Fatal(err)
				}
				r.leftovers(t.Context(), first)
				plan := strings.Join(said, "\n")
				isPlanned(t, plan, []string{"default", "sales"}, asked)
				took := s.Now().Sub(start)
				if f := r.forecast.took; 10*(f-took).Abs() > took+100e9 {
					t.Errorf("it is planned to take %v and took %v", f, took)
				}
				if tells := strings.Contains(plan, `account "default": colleagues will see `); tells != writes {
					t.Errorf("it says what others see: %v\n%s", tells, plan)
				}
			})
		}
	}
}

// TestPlanOfThisMachine: --plan of a server on this machine, followed by the run.
func TestPlanOfThisMachine(t *testing.T) {
	for _, scale := range []fakeaircall.Scale{fakeaircall.ScaleEmpty, fakeaircall.ScaleTeam} {
		t.Run(string(scale), func(t *testing.T) {
			t.Parallel()
			s, url, asked := counted(t, fakeaircall.Options{Scale: scale, RateLimit: fakeaircall.NoRateLimit})
			o := Options{Target: url, AllowWrites: true, Tags: "not @fake", Accounts: map[string]binding.Account{}, UndoLog: filepath.Join(t.TempDir(), "undo-log")}
			for name, a := range FakeAccounts(s.Accounts(), "") {
				a.User = "" // as a person has them in the environment
				o.Accounts[name] = a
			}
			var out bytes.Buffer
			o.Stdout = &out
			if err := Plan(t.Context(), checkedRun(t, o)); err != nil {
				t.Fatal(err)
			}
			plan, before := out.String(), map[string]int{}
			for name := range o.Accounts {
				before[name] = asked(name)
			}
			if _, err := Run(t.Context(), checkedRun(t, o)); mayLeave(err) != nil {
				t.Fatal(err)
			}
			isPlanned(t, plan, []string{"default", "sales", "support"}, func(name string) int { return asked(name) - before[name] })
		})
	}
}

// TestPlanWithoutAFeature: what the plan of a company refuses is refused in the rehearsal as well.
func TestPlanWithoutAFeature(t *testing.T) {
	s, url, asked := counted(t, fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Wrap: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/v1/tags") || strings.HasPrefix(r.URL.Path, "/v1/teams") {
				w.Header().Set("Content-Type", "application/json; charset=utf-8")
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprint(w, `{"error":"Forbidden","troubleshoot":"not in your plan"}`)
				return
			}
			next.ServeHTTP(w, r)
		})
	}})
	accounts := FakeAccounts(s.Accounts()[:1], url)
	r := paced(t, s, Options{Target: kindLive, Accounts: accounts, Tags: "not @fake"})
	var said []string
	if err := r.inspect(t.Context(), func(lines []string) { said = append(said, lines...) }); err != nil {
		t.Fatal(err)
	}
	if err := r.execute(t.Context()); err != nil {
		t.Fatal(err)
	}
	isPlanned(t, strings.Join(said, "\n"), []string{"default"}, asked)
}

// TestProgress: a line a minute that says where the run is, what it waits for and how long it takes, and on a terminal one
// line that is written over.
func TestProgress(t *testing.T) {
	for _, terminal := range []bool{false, true} {
		s, url, _ := counted(t, fakeaircall.Options{Scale: fakeaircall.ScaleSmall})
		r := paced(t, s, Options{Target: kindLive, Accounts: FakeAccounts(s.Accounts()[:1], url), Tags: "not @fake"})
		var out bytes.Buffer
		shown := r.progress(&out, terminal, false)
		if err := r.inspect(t.Context(), func([]string) {}); err != nil {
			t.Fatal(err)
		}
		if out.Len() > 0 && !terminal {
			t.Errorf("it shows progress before there is any: %q", out.String())
		}
		shown.start(r.forecast)
		if err := r.execute(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := r.target.pause(t.Context(), 70*time.Second); err != nil {
			t.Fatal(err)
		}
		minutes := int(s.Now().Sub(start).Minutes())
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if terminal {
			if len(lines) != 1 || !strings.Contains(out.String(), "\r\x1b[K") || !strings.Contains(out.String(), ", about 1 minute left") && !strings.Contains(out.String(), ", about 2 minutes left") ||
				!strings.Contains(lines[0][strings.LastIndex(lines[0], "\r"):], " waiting for the rate limit, 70 s") {
				t.Errorf("on a terminal: %.300q … %q", out.String(), lines[len(lines)-1])
			}
			continue
		}
		if len(lines) < 2 || len(lines) > minutes+1 {
			t.Errorf("%d lines in %d minutes:\n%s", len(lines), minutes, out.String())
		}
		form := regexp.MustCompile(`^\d+ of \d+ scenarios, \d+ requests(, (about \d+ (minutes?|seconds)|some seconds) left)?: \S.*$`)
		for _, line := range lines {
			if !form.MatchString(line) {
				t.Errorf("a line is %q", line)
			}
		}
		if last := lines[len(lines)-1]; !strings.HasSuffix(last, ": waiting for the rate limit, 70 s") {
			t.Errorf("the last line is %q", last)
		}
	}
}

// TestPlanOfALimitedFake: a run against a fake with a rate limit takes minutes, so that it says first how long.
func TestPlanOfALimitedFake(t *testing.T) {
	s := served(t, func(o *fakeaircall.Options) { o.RateLimit = 120 })
	var out bytes.Buffer
	if _, err := Run(t.Context(), checkedRun(t, Options{Target: s.URL(), Tags: "@example:get_call", Stdout: &out})); err != nil {
		t.Fatal(err)
	}
	if want := "\nplan: it takes some seconds, below the limit of 120 requests a minute; "; !strings.Contains(out.String(), want) {
		t.Errorf("%q is missing in:\n%s", want, out.String())
	}
}

// TestTimeLeft: the estimate follows the plan until the paced requests show their own pace, and does not count skipped scenarios.
func TestTimeLeft(t *testing.T) {
	now, sent := start, 0
	g := &progress{now: func() time.Time { return now }, sent: func() int { return sent }, total: 900, runs: 100}
	sent = 20 // the run looks at the accounts
	g.start(&forecast{requests: map[string]map[string]int{"default": {forScript: 400}}, took: 200 * time.Second})
	step := func(seconds, requests int, want time.Duration) {
		t.Helper()
		now, sent = now.Add(time.Duration(seconds)*time.Second), sent+requests
		if got := g.left(); got != want {
			t.Errorf("after %v and %d requests %v are left, want %v", now.Sub(start), sent, got, want)
		}
	}
	step(60, 0, 200*time.Second) // scenarios with their own fakes
	step(50, 100, 150*time.Second)
	step(150, 100, 200*time.Second) // others use the limit as well
	g.start(nil)
	g.ran, g.done = 0, 800
	step(20, 0, 0)
	g.ran = 10
	step(20, 0, 360*time.Second)
}
