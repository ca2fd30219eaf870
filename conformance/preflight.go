package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// mayChange checks whose data a run may change, before anything is sent. On this machine nobody has to be named.
func (t *target) mayChange(o Options) error {
	if !o.AllowWrites || t.kind == kindFake {
		return nil
	}
	t.production = o.Production
	names := strings.Join(t.names(), ", ")
	switch {
	case o.WriteAccount == "" && !t.local():
		return fmt.Errorf("--allow-writes must name the account that may be changed: --allow-writes=NAME, with one of %s", names)
	case o.WriteAccount != "" && !slices.Contains(t.names(), o.WriteAccount):
		return fmt.Errorf("--allow-writes=%s: there is no such account; there are %s", o.WriteAccount, names)
	}
	for _, name := range o.Production {
		if name == o.WriteAccount || o.WriteAccount == "" && slices.Contains(t.names(), name) {
			return fmt.Errorf("account %q has the purpose production: it is never changed", name)
		}
	}
	t.writesTo, t.main = o.WriteAccount, o.WriteAccount
	return nil
}

// preflight does what [target.survey] does. A target that cannot be used ends the run with ExitEnvironment.
func (t *target) preflight(ctx context.Context) (lines []string, err error) {
	if lines, err = t.surveyAccounts(ctx); err != nil {
		return nil, exits(ExitEnvironment, fmt.Errorf("target %s: %w", t.url, err))
	}
	return lines, nil
}

// surveyAccounts finds out whether the target answers and takes the credentials, and says what it found in a line for each
// account. Of a server on this machine it asks a ping only. What the target answers is for the scenarios to judge.
func (t *target) surveyAccounts(ctx context.Context) (lines []string, err error) {
	if t.kind == kindFake {
		return nil, t.reach(ctx)
	}
	if t.local() {
		t.limit = t.limitOfFake(ctx)
	} else {
		t.limit = aircallLimit
	}
	if err := t.reach(ctx); err != nil || t.local() {
		return nil, err
	}
	ctx = withExchanges(ctx, &exchangeList{}, forCheck)
	for _, name := range t.names() {
		_, err := t.identify(ctx, name)
		line := ""
		if err == nil {
			line, err = t.whose(ctx, name)
		}
		if err != nil {
			return nil, fmt.Errorf("account %q: %s", name, judge(err).reason)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// reach looks whether the target takes the credentials of each account and answers as Aircall does. A broken reply is
// for the scenarios to judge, as long as it is a reply of Aircall's; a server of another kind has nothing to judge.
func (t *target) reach(ctx context.Context) error {
	for _, name := range t.names() {
		if err := t.reachAs(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// firstReplyTimeout is how long the first answers may take.
const firstReplyTimeout = 10 * time.Second

// reachAs asks for a ping, and for the company where the ping is not answered as it should be.
func (t *target) reachAs(ctx context.Context, name string) (err error) {
	for _, of := range []struct{ path, holds string }{{"/v1/ping", `"ping"`}, {"/v1/company", `"company"`}} {
		r, failed := t.firstReply(ctx, name, of.path)
		if failed == nil && (t.kind == kindFake || r.status/100 == 2 && bytes.Contains(r.body, []byte(of.holds))) {
			t.introduce(r.header)
			return nil
		}
		if r == nil {
			return failed
		}
		if err == nil {
			err = explainFirstReply(name, of.path, r)
		}
	}
	return err
}

// firstReply asks again where something on the way fails, and waits for the rate limit. It gives an error if no reply comes.
func (t *target) firstReply(ctx context.Context, name, path string) (*reply, error) {
	const tries, waits = 3, 3
	waited := 0
	for try := 1; ; try++ {
		hello, cancel := context.WithTimeout(control(ctx), firstReplyTimeout)
		r, err := t.send(hello, authorization(t.accounts[name]), t.accounts[name].URL, http.MethodGet, path, nil)
		late := hello.Err() != nil && ctx.Err() == nil
		cancel()
		pause := time.Duration(try) * 200 * time.Millisecond
		_, lost := errors.AsType[*finding](err)
		switch {
		case late:
			return nil, fmt.Errorf("it does not answer within %v", firstReplyTimeout)
		case err == nil && r.status == http.StatusTooManyRequests:
			if waited++; waited > waits {
				t.spent.Add(1)
				return nil, fmt.Errorf("account %q: it answers 429 for three minutes: wait until nobody else uses up its rate limit", name)
			}
			try--
			pause = untilReset(r.header)
		case err == nil && (r.status < 500 || try == tries || t.kind == kindFake):
			return r, nil
		case lost && try == tries:
			return nil, errors.New("it closes the connection without a whole reply: this is not Aircall, or it is out of service")
		case err != nil && (try == tries || unsent(err) || errors.Is(err, syscall.ECONNREFUSED)):
			return nil, fmt.Errorf("it cannot be reached: %s", cause(err))
		}
		if err := t.pause(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// explainFirstReply says what a reply shows that is none of Aircall's.
func explainFirstReply(name, path string, r *reply) error {
	media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	switch {
	case r.status == http.StatusUnauthorized || r.status == http.StatusForbidden:
		return fmt.Errorf("account %q: it refuses the credentials with %d: check the id and the token", name, r.status)
	case r.status >= 500:
		return fmt.Errorf("it answers %d to GET %s: it is out of service", r.status, path)
	case r.status/100 == 3:
		return fmt.Errorf("it answers GET %s with a redirect: this is not Aircall", path)
	case media == "text/html":
		return fmt.Errorf("it answers GET %s with a web page: this is not Aircall", path)
	case r.status/100 != 2:
		return fmt.Errorf("it answers %d to GET %s: this is not Aircall", r.status, path)
	}
	return fmt.Errorf("it answers GET %s with something else: this is not Aircall", path)
}

// company is the name of an account's company, which is asked for once in a run.
func (t *target) company(ctx context.Context, account string) (string, error) {
	key := "company of " + account
	if known, ok := t.answers[key].(string); ok {
		return known, nil
	}
	v, err := t.read(ctx, account, "/v1/company")
	if err != nil {
		return "", err
	}
	name, _ := at(orderedjson.Plain(v), "company.name")
	text, ok := name.(string)
	if !ok {
		return "", errors.New("GET /v1/company answers without a name: this is not Aircall")
	}
	t.answers[key] = text
	return text, nil
}

// whose reads whose account it is, and what its plan and its limit allow.
func (t *target) whose(ctx context.Context, name string) (string, error) {
	company, err := t.company(ctx, name)
	if err != nil {
		return "", err
	}
	// An export that is not there is told from an add-on that is not.
	r, err := t.ask(ctx, name, http.MethodGet, "/v1/analytics/report/export/00000000-0000-4000-8000-000000000000", nil)
	if err != nil {
		return "", err
	}
	analytics := map[int]string{http.StatusNotFound: "yes", http.StatusForbidden: "no"}[r.status]
	if analytics == "" {
		analytics = "unknown"
	}
	role := "is read"
	if t.writes && name == t.writesTo {
		role = "is read and changed"
	}
	line := fmt.Sprintf("account %q, the company %q, %s; analytics: %s", name, company, role, analytics)
	if left := r.header.Get("X-AircallApi-Remaining"); left != "" {
		line += fmt.Sprintf("; %s requests left of this minute", report.Clip(left, 10))
	}
	if skew := t.pacer.targetNow().Sub(t.now()); skew.Abs() > 2*time.Second {
		line += fmt.Sprintf("; its clock is %v off", skew.Round(time.Second))
	}
	return line, nil
}

// limitOfFake asks a server on this machine, which may be our fake, how much it allows. 0: as much as one likes, or
// it does not tell; then the first 429 does.
func (t *target) limitOfFake(ctx context.Context) int {
	ctx, cancel := context.WithTimeout(ctx, firstReplyTimeout/2)
	defer cancel()
	r, err := t.send(ctx, "", t.url, http.MethodGet, "/_fake/health", nil)
	if err != nil || r.status != http.StatusOK {
		return 0
	}
	var health struct {
		RateLimit int `json:"rate_limit"`
	}
	if json.Unmarshal(r.body, &health) != nil || health.RateLimit < 0 {
		return 0
	}
	return health.RateLimit
}
