package conformance

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/features"
)

// TestChecksWaitForTheLimit: a check that meets the rate limit waits as long as the API says, and then gets its answer.
func TestChecksWaitForTheLimit(t *testing.T) {
	s := fakeaircall.RunT(t, checked(t, fakeaircall.Options{Clock: start.Add(12 * time.Second), RateLimit: 2, Scale: fakeaircall.ScaleEmpty}))
	tg, err := newRemote(kindURL, s.URL(), FakeAccounts(s.Accounts(), ""))
	if err != nil {
		t.Fatal(err)
	}
	defer tg.close()
	var waits []time.Duration
	tg.now = s.Now
	tg.pause = func(_ context.Context, d time.Duration) error {
		waits = append(waits, d)
		s.Advance(d)
		return nil
	}
	for range 5 {
		r, err := tg.ask(t.Context(), "default", http.MethodGet, "/v1/ping", nil)
		if err != nil || r.status != 200 {
			t.Fatalf("%v %v", r, err)
		}
	}
	refused := 0
	for _, r := range s.Requests(fakeaircall.RequestFilter{}) {
		if r.Status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused != 1 || waits[0] != 48*time.Second+200*time.Millisecond { // the first 429 tells the limit, which is kept from then on
		t.Errorf("it waited %v, and met %d times 429", waits, refused)
	}
}

func TestALimitThatNeverEndsIsAFinding(t *testing.T) {
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(429) }))
	defer front.Close()
	tg, err := newRemote(kindURL, front.URL, FakeAccounts(fakeaircall.StandardAccounts(), ""))
	if err != nil {
		t.Fatal(err)
	}
	defer tg.close()
	waited, now := 0, start
	tg.now = func() time.Time { return now }
	tg.pause = func(_ context.Context, d time.Duration) error { waited, now = waited+1, now.Add(d); return nil }
	_, err = tg.ask(t.Context(), "default", http.MethodGet, "/v1/ping", nil)
	if j := judge(err); j.status != report.Fail || !strings.Contains(j.reason, "429") || waited != 3 {
		t.Errorf("%+v after %d waits", j, waited)
	}
}

func TestWaitEndsWithTheRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := wait(ctx, time.Hour); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

// TestReset reads the header as Aircall sends it, and copes with all else.
func TestReset(t *testing.T) {
	date := time.Date(2026, 6, 15, 9, 0, 30, 0, time.UTC)
	for _, c := range []struct {
		reset, date string
		want        time.Duration
	}{
		{"1781514060", date.Format(http.TimeFormat), 30*time.Second + 200*time.Millisecond},
		{"1781514030", date.Format(http.TimeFormat), time.Second},
		{"1781510000", date.Format(http.TimeFormat), time.Second},
		{"1781519999", date.Format(http.TimeFormat), 61 * time.Second},
		{"1781514060000", date.Format(http.TimeFormat), 61 * time.Second},
		{"soon", date.Format(http.TimeFormat), 61 * time.Second},
		{"", "", 61 * time.Second},
	} {
		h := http.Header{}
		h.Set("X-AircallApi-Reset", c.reset)
		h.Set("Date", c.date)
		if got := untilReset(h); got != c.want {
			t.Errorf("reset %q at %q: got %v, want %v", c.reset, c.date, got, c.want)
		}
	}
}

func TestRoutes(t *testing.T) {
	for _, c := range []struct{ method, path, op, route string }{
		{"GET", "/v1/calls/search", "search-calls", "/v1/calls/search"},
		{"GET", "/v1/calls/12345", "retrieve-a-call", "/v1/calls/{id}"},
		{"POST", "/v1/contacts/5678", "update-a-contact", "/v1/contacts/{id}"},
		{"DELETE", "/v1/contacts/1/phone_details/2", "delete-phone-number-from-a-contact", "/v1/contacts/{id}/phone_details/{detail_id}"},
		{"GET", "/proxy/v2/users/ada@example.com", "retrieve-a-user", "/v2/users/{id}"},
		{"GET", "/v1/nothing/of/ada@example.com", "", "(no route)"},
		{"PATCH", "/v1/calls/12345", "", "(no route)"},
	} {
		if op, route := routeOf(c.method, c.path); op != c.op || route != c.route {
			t.Errorf("%s %s: got %q %q", c.method, c.path, op, route)
		}
	}
}

// TestUnreachableInTheMiddle: a target that goes away does not fail the scenarios, but ends the run.
func TestUnreachableInTheMiddle(t *testing.T) {
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.URL.Path == "/v1/ping" {
			next.ServeHTTP(w, r)
			return
		}
		panic(http.ErrAbortHandler)
	})
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Scenarios: []string{
		"reference/get_call/the-example-prints-caller-callee-duration-and-status",
		"reference/get_call/the-id-of-no-call-is-a-not-found-error",
	}}))
	if rep.Summary.Pass > 0 || ExitCode(rep, err) != ExitEnvironment {
		t.Errorf("%+v %v", rep.Summary, err)
	}
}

// TestAccountsOfATarget: an address serves all accounts, live each its own.
func TestAccountsOfATarget(t *testing.T) {
	accounts := map[string]binding.Account{
		"default": {APIID: "an-id", APIToken: "a-long-token"},
		"sales":   {AccessToken: "an-access-token", URL: "http://127.0.0.1:9/v1/"},
	}
	live, err := newTarget(Options{Target: "live", Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	defer live.close()
	if live.accounts["default"].URL != liveURL || live.accounts["sales"].URL != "http://127.0.0.1:9" || !live.private() || live.here() {
		t.Errorf("%v %v", live.accounts["default"].URL, live.accounts["sales"].URL)
	}
	local, err := newTarget(Options{Target: "http://localhost:1/base/?x=1#y", Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	defer local.close()
	if local.url != "http://localhost:1/base" || local.accounts["sales"].URL != local.url || !local.private() || !local.here() {
		t.Errorf("%s %v", local.url, local.accounts["sales"].URL)
	}
	if got := local.secrets(); strings.Join(got, " ") != "a-long-token an-access-token an-id an-id:a-long-token" {
		t.Errorf("secrets %v", got)
	}
}

// TestALimitThatDoesNotEnd is waited for a few times in a run, and not at all for the run to begin.
func TestALimitThatDoesNotEnd(t *testing.T) {
	url, _ := behind(t, defect.Answer("", http.StatusTooManyRequests, `{"error":"Too Many Requests","troubleshoot":"wait"}`))
	r, err := prepare(checkedRun(t, Options{Target: url, Accounts: environment()}), features.FS, planOf(t))
	if err != nil {
		t.Fatal(err)
	}
	defer r.target.close()
	now, waits := start, 0
	r.target.now = func() time.Time { return now }
	r.target.pause = func(_ context.Context, d time.Duration) error {
		if now = now.Add(d); d > 30*time.Second { // and not only for one's turn
			waits++
		}
		return nil
	}
	err = r.inspect(t.Context(), func([]string) {})
	if codeOf(err) != ExitEnvironment || !strings.Contains(err.Error(), "answers 429") {
		t.Errorf("it begins with %v", err)
	}
	for range 10 {
		if _, err := r.target.ask(t.Context(), "default", http.MethodGet, "/v1/ping", nil); err == nil || !strings.Contains(err.Error(), "429") {
			t.Errorf("a request: %v", err)
		}
	}
	if waits != mostLost*3 {
		t.Errorf("%d waits, want %d", waits, mostLost*3)
	}
}
