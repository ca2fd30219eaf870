package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	controlapi "github.com/aircallkit/aircallkit/fakeaircall/control"
	"github.com/aircallkit/aircallkit/features"
)

// limited is a fake that allows 120 requests per minute on its own clock, and counts those it refused.
func limited(t *testing.T) (s *fakeaircall.Server, url string, refused *atomic.Int64) {
	t.Helper()
	s, err := fakeaircall.New(checked(t, fakeaircall.Options{Clock: start, Control: controlapi.New, Assume: map[string]string{"users-v1": "keep"}}))
	if err != nil {
		t.Fatal(err)
	}
	refused = new(atomic.Int64)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Handler().ServeHTTP(&counting{w, refused}, r)
	}))
	t.Cleanup(front.Close)
	return s, front.URL, refused
}

type counting struct {
	http.ResponseWriter
	refused *atomic.Int64
}

func (c *counting) WriteHeader(status int) {
	if status == http.StatusTooManyRequests {
		c.refused.Add(1)
	}
	c.ResponseWriter.WriteHeader(status)
}

// paced is a run whose waits move the clock of the fake, and take no time.
func paced(t *testing.T, s *fakeaircall.Server, o Options) *run {
	t.Helper()
	r, err := prepare(checkedRun(t, o), features.FS, planOf(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.target.close)
	r.print = func(report.Scenario) {}
	r.target.now = s.Now
	r.target.pause = func(_ context.Context, d time.Duration) error { s.Advance(d); return nil }
	return r
}

// TestNoRunMeetsTheLimit: a run that writes, against 120 requests a minute, as a live account; in full all scenarios, and
// as a server as well.
func TestNoRunMeetsTheLimit(t *testing.T) {
	names, tags := []string{kindLive}, "@changes and not @fake"
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		names, tags = []string{kindLive, kindURL}, "not @fake"
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			s, url, refused := limited(t)
			o := Options{Target: url, AllowWrites: true, Tags: tags}
			if name == kindLive {
				o.Target, o.Accounts, o.WriteAccount = kindLive, FakeAccounts(s.Accounts(), url), "default"
			}
			before := inventory(t, s)
			r := paced(t, s, o)
			var said []string
			if err := r.inspect(t.Context(), func(lines []string) { said = append(said, lines...) }); err != nil {
				t.Fatal(err)
			}
			r.undoLog.path = filepath.Join(t.TempDir(), "undo-log")
			first := r.countFirst(t.Context())
			if err := r.execute(t.Context()); err != nil {
				t.Fatal(err)
			}
			left := r.leftovers(t.Context(), first)
			rep := r.report(time.Now())
			for _, sc := range rep.Scenarios {
				// Two looks at a call that lives differ while the clock moves on; only of a live account is that expected.
				lives := sc.ID == "reference/multi-account/the-flat-namespace-and-default-are-the-same-account"
				if sc.Status != report.Pass && sc.Status != report.Skipped && !lives {
					t.Errorf("%s %s: %s", sc.Status, sc.ID, sc.Reason)
				}
			}
			if n := refused.Load(); n > 0 || rep.Summary.Pass < 20 || len(left) > 0 {
				t.Errorf("%d requests were refused, %+v, left %v", n, rep.Summary, left)
			}
			if took := s.Now().Sub(start); took < 2*time.Minute || took > 8*time.Minute {
				t.Errorf("it took %v of the fake's time", took)
			}
			if diff := cmp.Diff(before, inventory(t, s)); diff != "" {
				t.Errorf("the run left:\n%s", diff)
			}
			t.Logf("%v for %v\n%s", s.Now().Sub(start), rep.Run.Requests, strings.Join(said, "\n"))
			if name == kindLive && !strings.Contains(strings.Join(said, "\n"), `account "default", the company "`) {
				t.Errorf("it does not say whose account it changes: %q", said)
			}
		})
	}
}

// TestPaceOfAnyMinute: no minute, wherever it begins, holds more requests than the limit, and waiting is not overdone.
func TestPaceOfAnyMinute(t *testing.T) {
	for _, limit := range []int{1, 2, 7, 60, 120, 600} {
		now := start
		tg := &target{kind: kindURL, limit: limit, now: func() time.Time { return now }}
		p := &pacer{t: tg, accounts: map[string]*allowance{}}
		var sent []time.Time
		for i := range 3 * limit {
			wait, err := p.take("default", forCheck)
			if err != nil {
				t.Fatal(err)
			}
			now = now.Add(wait)
			if i == limit {
				now = now.Add(2 * time.Minute) // a pause lets a burst grow, and no more
			}
			sent = append(sent, now)
		}
		most := 0
		for i := range sent {
			n := 0
			for _, at := range sent[i:] {
				if at.Sub(sent[i]) < time.Minute {
					n++
				}
			}
			most = max(most, n)
		}
		if most > limit || limit > 2 && most < limit*3/4 {
			t.Errorf("limit %d: %d requests in a minute", limit, most)
		}
	}
}

// TestBudget: what is over the budget is not asked, and what was changed until then is undone all the same.
func TestBudget(t *testing.T) {
	var asked atomic.Int64
	url, s := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if user, _, _ := r.BasicAuth(); user == "fake-default-id" {
			asked.Add(1)
		}
		next.ServeHTTP(w, r)
	})
	before := inventory(t, s)
	const most = 90
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "@changes and not @fake", MaxRequests: most}))
	if ExitCode(rep, err) != ExitError || len(rep.Left) > 0 || asked.Load() > most {
		t.Errorf("exit code %d after %d requests, left %v, %v", ExitCode(rep, err), asked.Load(), rep.Left, err)
	}
	over := 0
	for _, sc := range rep.Scenarios {
		if strings.Contains(sc.Reason, "--max-requests") {
			over++
		}
	}
	if over == 0 {
		t.Error("no scenario says that the budget was used up")
	}
	if diff := cmp.Diff(before, inventory(t, s)); diff != "" {
		t.Errorf("the run left:\n%s", diff)
	}
}

// TestFaultsOfTheWay: the suite repeats its own reads, and the report shows that; it does not repeat the requests of scripts.
func TestFaultsOfTheWay(t *testing.T) {
	var n atomic.Int64
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/v1/contacts/5") && n.Add(1)%3 != 0 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		next.ServeHTTP(w, r)
	})
	r, err := prepare(checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "@function:create_contact and not @fake"}), features.FS, planOf(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.target.close()
	r.print = func(report.Scenario) {}
	r.target.pause = func(context.Context, time.Duration) error { return nil }
	if err := r.execute(t.Context()); err != nil {
		t.Fatal(err)
	}
	tries := map[int]int{}
	for _, sc := range r.report(start).Scenarios {
		if sc.Status != report.Pass {
			t.Errorf("%s %s: %s", sc.Status, sc.ID, sc.Reason)
		}
		for _, x := range sc.Requests {
			tries[x.Attempts]++
			if x.Attempts > 1 && x.Purpose == forScript {
				t.Errorf("what a script asks was sent %d times", x.Attempts)
			}
		}
	}
	if tries[3] == 0 {
		t.Errorf("nothing was tried again: %v", tries)
	}
}

// TestWhoMayBeChanged is decided before anything is sent.
func TestWhoMayBeChanged(t *testing.T) {
	accounts := map[string]binding.Account{"default": {APIID: "an-id", APIToken: "a-long-token"}, "sandbox": {APIID: "another-id", APIToken: "a-long-token"}}
	for _, c := range []struct {
		name string
		o    Options
		want string
	}{
		{"live, nobody named", Options{Target: "live"}, "--allow-writes must name the account that may be changed: --allow-writes=NAME, with one of default, sandbox"},
		{"another machine, nobody named", Options{Target: "https://aircall.example.com"}, "--allow-writes must name the account"},
		{"nobody of that name", Options{Target: "live", WriteAccount: "sales"}, "--allow-writes=sales: there is no such account; there are default, sandbox"},
		{"production", Options{Target: "live", WriteAccount: "default", Production: []string{"default"}}, `account "default" has the purpose production: it is never changed`},
		{"production on this machine", Options{Target: "http://127.0.0.1:1", Production: []string{"sandbox"}}, `account "sandbox" has the purpose production`},
		{"another is production", Options{Target: "live", WriteAccount: "sandbox", Production: []string{"default"}}, ""},
		{"this machine", Options{Target: "http://127.0.0.1:1"}, ""},
	} {
		c.o.AllowWrites, c.o.Accounts = true, accounts
		r, err := prepare(checkedRun(t, c.o), features.FS, planOf(t))
		switch {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		case c.want == "" && c.o.WriteAccount != "" && r.target.first() != c.o.WriteAccount:
			t.Errorf("%s: the scenarios are about %q", c.name, r.target.first())
		}
		if r != nil {
			r.target.close()
		}
	}
}

// TestUndoLogIsAhead: the undo log on the disk records each write before it is sent, and only its owner can read it.
func TestUndoLogIsAhead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "undo-log")
	writes, undone := 0, 0
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		user, _, _ := r.BasicAuth()
		if r.Method != http.MethodGet && user == "fake-default-id" {
			op, _ := routeOf(r.Method, r.URL.Path)
			info, err := os.Stat(path)
			data, _ := os.ReadFile(path)
			lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
			var last undoLine
			json.Unmarshal(lines[len(lines)-1], &last)
			writes++
			switch {
			case err != nil || info.Mode().Perm() != 0o600:
				t.Errorf("%s %s: the undo log is missing, or others can read it: %v", r.Method, r.URL.Path, err)
			case last.Seq > 0 && last.Op == op && !last.At.IsZero():
			case last.Done > 0 || len(last.Undone) > 0:
				undone++ // what undoes is not planned: the plan is what it undoes
			default:
				t.Errorf("%s %s is sent after %s", r.Method, r.URL.Path, lines[len(lines)-1])
			}
		}
		next.ServeHTTP(w, r)
	})
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, AllowWrites: true, UndoLog: path, Tags: "@function:update_contact and not @fake"}))
	if err != nil || rep.UndoLog != "" || writes-undone < 25 {
		t.Errorf("%v, undo log %q, %d writes, %d of them to undo", err, rep.UndoLog, writes, undone)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("everything is undone, and the undo log is still there")
	}
}

// TestLeaks: a contact that is new after the run has its own exit code, and the error names its id.
func TestLeaks(t *testing.T) {
	twice := ""
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodPost || r.URL.Path != "/v1/contacts" || twice != "" {
			next.ServeHTTP(w, r)
			return
		}
		req := httptest.NewRequest("POST", "/v1/contacts", strings.NewReader(`{"first_name":"Shadow","phone_numbers":[{"label":"Work","value":"+33612345678"}]}`))
		req.Header = r.Header.Clone()
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, req)
		if twice, _ = answeredLook(rec.Body.Bytes()); twice == "" {
			t.Errorf("no second contact: %s", rec.Body)
		}
		next.ServeHTTP(w, r)
	})
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "@example:create_contact"}))
	want := fmt.Sprintf(`account "default" has contacts it did not have: %s`, twice)
	if ExitCode(rep, err) != ExitLeft || len(rep.Left) != 1 || rep.Left[0] != want {
		t.Errorf("exit code %d, left %q, want %s", ExitCode(rep, err), rep.Left, want)
	}
}

// TestWhatIsTriedAgain: reads of the kit and what undoes, three times; nothing of a script, no other write; and nothing
// any more of a target that is gone.
func TestWhatIsTriedAgain(t *testing.T) {
	var asked int
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path != "/v1/ping" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer front.Close()
	all := &exchangeList{ops: undoable}
	for _, c := range []struct {
		purpose, method string
		before, want    int // requests that were lost before, and tries; with a ping between them if more than three
	}{
		{forCheck, "GET", 0, 3}, {forUndo, "GET", 0, 3}, {forUndo, "DELETE", 0, 3},
		{forScript, "GET", 0, 1}, {forScript, "DELETE", 0, 1}, {forCheck, "DELETE", 0, 1},
		{forCheck, "GET", 3, 1}, {forUndo, "DELETE", 3, 1},
		{forCheck, "GET", 10, 1}, {forUndo, "DELETE", 10, 3},
	} {
		tg, err := newRemote(kindURL, front.URL, FakeAccounts(fakeaircall.StandardAccounts(), ""))
		if err != nil {
			t.Fatal(err)
		}
		tg.writes, tg.pause = true, func(context.Context, time.Duration) error { return nil }
		for range c.before {
			tg.ask(withExchanges(t.Context(), all, forCheck), "default", "GET", "/v1/contacts/1", nil)
			if c.before > 3 {
				tg.ask(withExchanges(t.Context(), all, forCheck), "default", "GET", "/v1/ping", nil)
			}
		}
		asked = 0
		r, err := tg.ask(withExchanges(t.Context(), all, c.purpose), "default", c.method, "/v1/contacts/1", nil)
		if err != nil || r.status != http.StatusServiceUnavailable || asked != c.want {
			t.Errorf("%s as %s after %d: %d tries, want %d; %v", c.method, c.purpose, c.before, asked, c.want, err)
		}
		tg.close()
	}
}
