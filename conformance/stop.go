package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// stop ends a run before its last scenario, once there is nothing more to learn. Our own fakes never end a run.
type stop struct {
	mu      sync.Mutex
	reason  error // with its exit code; nil: the run goes on
	blocked int   // scenarios in a row in which the target answered nothing about its operations
}

// because ends the run. The first reason stays.
func (s *stop) because(code int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reason == nil {
		s.reason = exits(code, errors.New(reason))
	}
}

// why returns the reason, nil while the run goes on.
func (s *stop) why() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason
}

// count counts the blocked scenarios in a row, and returns their number.
func (s *stop) count(blocked bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.blocked++; !blocked {
		s.blocked = 0
	}
	return s.blocked
}

const notJudged = "not judged: "

// mostBlocked is how many scenarios in a row may be blocked before the kit checks whether the target still works.
const mostBlocked = 3

// unanswered returns the first request of the scenario that got a reply about access or availability instead of an answer, and no
// answer later. The binding remembers the rate limit, and then raises without a request.
func (w *world) unanswered() (x exchange, found bool) {
	all := w.exchanges.all()
	for i, x := range all {
		if x.purpose == forUndo || !x.aboutTheWay(w.t) {
			continue
		}
		if !slices.ContainsFunc(all[i+1:], func(later exchange) bool {
			return later.op == x.op && later.path == x.path && later.account == x.account && !later.aboutTheWay(w.t)
		}) {
			return x, true
		}
	}
	if w.limited {
		return exchange{method: "a request", route: "of a script", account: w.account, status: http.StatusTooManyRequests}, true
	}
	return exchange{}, false
}

// judgeTheWay changes the result of a scenario that failed because of credentials, the plan, the rate limit or an outage, which
// says nothing about the documentation. It ends the run if all further scenarios would end like it.
func (w *world) judgeTheWay(ctx context.Context) {
	if w.t.kind == kindFake || ctx.Err() != nil {
		return
	}
	x, found := w.unanswered()
	if !found || w.end.status == report.Pass || w.end.status == report.Skipped {
		if w.answeredAnything() {
			w.run.stop.count(false)
		}
		return
	}
	w.blocked = true
	what := fmt.Sprintf("%s %s answers %d: ", x.method, x.route, x.status)
	w.end = judgement{status: report.Error, reason: what + "the target was out of service"}
	switch {
	case x.lost:
		w.end.reason = fmt.Sprintf("%s %s is not answered: the target was out of service", x.method, x.route)
	case x.status == http.StatusUnauthorized || x.status == http.StatusForbidden:
		if refused := w.t.refusesAccount(ctx, x.account); refused != nil {
			w.run.stop.because(ExitEnvironment, refused.Error())
		}
		w.end = judgement{status: report.Unsupported, reason: what + "the plan of the account does not allow it"}
	case x.status == http.StatusTooManyRequests:
		w.end.reason = what + "others used up the rate limit"
	}
	if n := w.run.stop.count(!w.answeredAnything()); n >= mostBlocked {
		if reason := w.t.useless(ctx, x.account); reason != "" {
			w.run.stop.because(ExitEnvironment, reason)
		}
		w.run.stop.count(false)
	}
}

// answeredAnything reports whether the target answered a request of the scenario about an operation.
func (w *world) answeredAnything() bool {
	return slices.ContainsFunc(w.exchanges.all(), func(x exchange) bool { return x.status/100 == 2 && x.op != "ping" })
}

// control returns a context for requests that find out the state of the target.
func control(ctx context.Context) context.Context {
	return withExchanges(ctx, &exchangeList{}, forControl)
}

// get sends a GET with the credentials of an account.
func (t *target) get(ctx context.Context, account, path string) (*reply, error) {
	return t.send(control(ctx), authorization(t.accounts[account]), t.accounts[account].URL, http.MethodGet, path, nil)
}

// refusesAccount returns an error if the target refuses the credentials of an account everywhere, although it took them before.
func (t *target) refusesAccount(ctx context.Context, account string) error {
	for _, path := range []string{"/v1/ping", "/v1/company"} {
		r, err := t.get(ctx, account, path)
		if err != nil || r.status != http.StatusUnauthorized && r.status != http.StatusForbidden {
			return nil
		}
	}
	return fmt.Errorf("account %q: %s refuses the credentials that it accepted before: they were revoked", account, t.url)
}

// useless says why no further scenario could be judged; "" if the target works for the account.
func (t *target) useless(ctx context.Context, account string) string {
	if _, named := t.accounts[account]; !named {
		account = t.first()
	}
	const tries = 3
	for try := 1; ; try++ {
		worst := ""
		for _, path := range []string{"/v1/calls?per_page=1", "/v1/contacts?per_page=1", "/v2/users?per_page=1"} {
			r, err := t.get(ctx, account, path)
			switch {
			case err != nil:
				worst = fmt.Sprintf("%s is out of service: it answered before and no longer does", t.url)
			case r.status == http.StatusUnauthorized || r.status == http.StatusForbidden:
				worst = fmt.Sprintf("account %q: %s answers %d to every request: its plan gives no access to the API", account, t.url, r.status)
			case r.status == http.StatusTooManyRequests:
				worst = fmt.Sprintf("account %q: %s answers 429 although the kit waits: others use up the rate limit", account, t.url)
			case r.status >= 500:
				worst = fmt.Sprintf("%s is out of service: it answers %d", t.url, r.status)
			default:
				return ""
			}
			if err != nil {
				break
			}
		}
		if try == tries || t.pause(ctx, time.Duration(try)*500*time.Millisecond) != nil {
			return worst
		}
	}
}

// checkLast looks whether the target still works if the last scenarios were blocked, but fewer than mostBlocked, as in a run of one.
func (r *run) checkLast(ctx context.Context) {
	if r.stop.why() != nil || r.stop.blocked == 0 || ctx.Err() != nil {
		return
	}
	if reason := r.target.useless(ctx, ""); reason != "" {
		r.stop.because(ExitEnvironment, reason)
	}
}

// ended returns the reason of a run that stopped, with the number of scenarios that were not judged.
func (r *run) ended(rep *report.Report) error {
	why := r.stop.why()
	if why == nil {
		return nil
	}
	n := 0
	for _, s := range rep.Scenarios {
		if strings.HasPrefix(s.Reason, notJudged) {
			n++
		}
	}
	return exits(codeOf(why), fmt.Errorf("%w; %s not judged", why, scenarios(n)))
}
