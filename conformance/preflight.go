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
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// mayChange checks which account a run may change, before it sends anything. On this machine none has to be named.
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

// preflight checks whether the target answers and accepts the credentials, and returns a line about each account. It only pings a
// server on this machine. A target that cannot be used ends the run with ExitEnvironment.
func (t *target) preflight(ctx context.Context) (lines []string, err error) {
	if lines, err = t.surveyAccounts(ctx); err != nil {
		return nil, exits(ExitEnvironment, fmt.Errorf("target %s: %w", t.url, err))
	}
	return lines, nil
}

func (t *target) surveyAccounts(ctx context.Context) (lines []string, err error) {
	switch {
	case t.kind == kindFake:
	case t.local():
		is := t.askHealth(ctx)
		t.limit = max(is.RateLimit, 0)
		t.madeUp = is.Status == "ok" && (is.URL == "" || portOf(is.URL) == portOf(t.url))
		t.redactor.personal = !t.madeUp
	default:
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

// reach fails unless the target accepts the credentials of each account and answers like Aircall: it asks for a ping, and for the
// company if the answer to the ping is wrong. Broken replies of Aircall are for the scenarios to judge; of a server of another kind
// there is nothing to judge.
func (t *target) reach(ctx context.Context) error {
	for _, name := range t.names() {
		var wrong error
		for _, of := range []struct{ path, holds string }{{"/v1/ping", `"ping"`}, {"/v1/company", `"company"`}} {
			r, err := t.firstReply(ctx, name, of.path)
			if err != nil {
				return err
			}
			if t.kind == kindFake || r.status/100 == 2 && bytes.Contains(r.body, []byte(of.holds)) {
				t.introduce(r.header)
				wrong = nil
				break
			}
			if wrong == nil {
				wrong = explainFirstReply(name, of.path, r)
			}
		}
		if wrong != nil {
			return wrong
		}
	}
	return nil
}

// firstReply fails if no reply comes, after retries and waits for the rate limit.
func (t *target) firstReply(ctx context.Context, name, path string) (*reply, error) {
	r, err := t.ask(withExchanges(ctx, &exchangeList{}, forCheck), name, http.MethodGet, path, nil)
	off, lost := errors.AsType[*offTheWay](err)
	switch {
	case err == nil, ctx.Err() != nil:
		return r, err
	case lost && off.limited:
		return nil, fmt.Errorf("account %q: it answers 429 for three minutes: wait until nobody else uses up its rate limit", name)
	case lost:
		return nil, errors.New("it closes the connection without a whole reply: this is not Aircall, or it is out of service")
	}
	return nil, fmt.Errorf("it cannot be reached: %s", cause(err))
}

// explainFirstReply returns an error about a reply that Aircall does not send.
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

// company returns the name of an account's company. It asks once in a run.
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

// whose returns a line about an account: its company, and what its plan and its limit allow.
func (t *target) whose(ctx context.Context, name string) (string, error) {
	company, err := t.company(ctx, name)
	if err != nil {
		return "", err
	}
	// The status differs between an export that does not exist and an add-on that the plan lacks.
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

// askHealth asks a server on this machine about itself, in case it is our fake. It returns nothing of another server.
func (t *target) askHealth(ctx context.Context) (is health) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := t.send(ctx, "", t.url, http.MethodGet, "/_fake/health", nil)
	if err != nil || r.status != http.StatusOK || json.Unmarshal(r.body, &is) != nil {
		return health{}
	}
	return is
}
