package conformance

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	controlapi "github.com/aircallkit/aircallkit/fakeaircall/control"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// fakeSteps choose an account, break its configuration, or start fakes with other options.
var fakeSteps = map[string]func(*world) any{
	`the account "([^"]*)"`: func(w *world) any { return w.useAccount },
	`the accounts "([^"]*)" are configured(, each with a user)?`: func(w *world) any { return w.needAccounts },
	`the account has a user configured`:                          func(w *world) any { return w.needUser },
	`no user is configured for the account`:                      func(w *world) any { return w.dropUser },
	`the account uses its access token`:                          func(w *world) any { return w.useToken },
	`the credentials of the account are wrong`:                   func(w *world) any { return w.breakCredentials },
	`the script is sent with the credentials of "([^"]*)"`:       func(w *world) any { return w.sentAs },
	`the account's limit is used up`:                             func(w *world) any { return w.exhaust },
	`the clock moves on by (\d+) seconds?`:                       func(w *world) any { return w.advance },
	`a fake whose clock is at "([^"]*)"`:                         func(w *world) any { return w.fakeAt },
	`a fresh fake that answers "([^"]*)" with "([^"]*)"`:         func(w *world) any { return w.assumesFake },
	`a fresh fake`: func(w *world) any { // with the defaults, for the examples of the manual
		return func(ctx context.Context) error { return w.freshFake(ctx, fakeaircall.Options{}) }
	},
	`an empty fake`: func(w *world) any {
		return func(ctx context.Context) error {
			return w.freshFake(ctx, fakeaircall.Options{Scale: fakeaircall.ScaleEmpty})
		}
	},
	`a fresh fake with a control API`: func(w *world) any { // at the same address as Aircall's API
		return func(ctx context.Context) error {
			return w.freshFake(ctx, fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Control: controlapi.New})
		}
	},
	`a fresh fake of seed (\d+)`:                        smallFake(func(o *fakeaircall.Options, seed int) { o.Seed = int64(seed) }),
	`a fresh fake that allows (\d+) requests? a minute`: smallFake(func(o *fakeaircall.Options, limit int) { o.RateLimit = limit }),
	`a fresh fake that delivers (\d+) percent twice`:    smallFake(func(o *fakeaircall.Options, percent int) { o.Deliveries.Duplicates = percent }),
	`a fresh fake that delivers within (\d+) seconds, in any order`: smallFake(func(o *fakeaircall.Options, n int) {
		o.Deliveries.Shuffle = time.Duration(n) * time.Second
	}),
}

// useAccount makes the scenario use the account that has the role, which is $account from then on.
func (w *world) useAccount(part string) (err error) {
	if w.account, err = w.t.accountFor(part); err == nil {
		w.vars["account"] = w.account
	}
	return err
}

func (w *world) needAccounts(ctx context.Context, list, withUser string) error {
	if need, have := len(commaWords(list)), len(w.t.accountsByRole()); have < need {
		return tooFewAccounts(need, have)
	}
	for _, part := range commaWords(list) {
		if err := w.useAccount(part); err != nil {
			return err
		}
		if withUser == "" {
			continue
		}
		if err := w.needUser(ctx); err != nil {
			return err
		}
	}
	w.account = w.t.first()
	return nil
}

func commaWords(list string) (out []string) {
	for _, s := range strings.Split(list, ",") {
		out = append(out, strings.TrimSpace(s))
	}
	return out
}

// needUser finds the user of the account. An API key belongs to a company, so that its user must be configured; an access
// token belongs to the user who granted it, if Aircall names that user.
func (w *world) needUser(ctx context.Context) error {
	a := w.t.accounts[w.account]
	user, none := any(a.User), "an API key has no user: set AIRCALL_USER to the id or the e-mail of one"
	if a.APIID == "" {
		none = "Aircall names no user for this access token: set AIRCALL_USER to the id or the e-mail of one"
		r, err := w.t.ask(w.checks(ctx), w.account, http.MethodGet, "/v1/integrations/me", nil)
		if err != nil {
			return err
		}
		if v, err := orderedjson.Decode(r.body); err == nil && r.status == http.StatusOK {
			if id, ok := at(orderedjson.Plain(v), "integration.user.id"); ok {
				user = id
			}
		}
	}
	if user == "" {
		return &notRun{report.Unsupported, none}
	}
	w.vars["configured_user"] = user
	return nil
}

func (w *world) dropUser() error {
	if err := w.needKey(); err != nil {
		return err
	}
	return w.reconfigure(func(a binding.Account) binding.Account { a.User = ""; return a })
}

// useToken lets scripts use the bearer token of a fake's account, which needs no configured user.
func (w *world) useToken(ctx context.Context) error {
	if w.t.control == nil {
		return fmt.Errorf("only the token of a fake is known")
	}
	bearer, err := w.t.control.bearer(ctx, w.account)
	if err != nil {
		return err
	}
	return w.reconfigure(func(a binding.Account) binding.Account { return binding.Account{AccessToken: bearer, URL: a.URL} })
}

func (w *world) breakCredentials() error {
	return w.reconfigure(func(a binding.Account) binding.Account {
		if a.APIID == "" {
			a.AccessToken = "conformance-no-such-token"
		} else {
			a.APIID, a.APIToken, a.AccessToken = "conformance-no-such-id", "conformance-no-such-token", ""
		}
		return a
	})
}

// reconfigure changes the account for the scripts of this scenario; the checks keep the right credentials.
func (w *world) reconfigure(change func(binding.Account) binding.Account) (err error) {
	accounts := maps.Clone(w.t.accounts)
	accounts[w.account] = change(accounts[w.account])
	w.runner, err = w.t.newRunner(accounts, patience)
	return err
}

// smallFake returns a step that starts a small fake for the scenario, with one option that is a number.
func smallFake(with func(o *fakeaircall.Options, n int)) func(*world) any {
	return func(w *world) any {
		return func(ctx context.Context, n int) error {
			o := fakeaircall.Options{Scale: fakeaircall.ScaleSmall}
			with(&o, n)
			return w.freshFake(ctx, o)
		}
	}
}

// assumesFake starts a fake with another answer to an assumption than the default.
func (w *world) assumesFake(ctx context.Context, id, answer string) error {
	return w.freshFake(ctx, fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Assume: map[string]string{id: answer}})
}

func (w *world) fakeAt(ctx context.Context, clock string) error {
	at, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		return err
	}
	return w.freshFake(ctx, fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Clock: at})
}

func (w *world) advance(ctx context.Context, seconds int) error {
	if w.t.control == nil || len(w.own) == 0 {
		return fmt.Errorf("the clock of a shared fake must not move: begin with a fresh fake")
	}
	return w.t.control.advance(ctx, time.Duration(seconds)*time.Second)
}

// exhaust uses up the rate limit of a fresh fake. The next minute begins in 60 seconds of its clock, and the script has less
// time.
func (w *world) exhaust(ctx context.Context) (err error) {
	if err := w.freshFake(ctx, fakeaircall.Options{Scale: fakeaircall.ScaleSmall, RateLimit: 1}); err != nil {
		return err
	}
	if w.runner, err = w.t.newRunner(w.t.accounts, 10*time.Second); err != nil {
		return err
	}
	return w.sends(ctx, http.MethodGet, "/v1/ping", w.authorization(), nil)
}

// sentAs checks the accounts whose credentials the requests of the last script carried, in the order of the requests.
func (w *world) sentAs(list string) error {
	var want, got []string
	for _, part := range commaWords(list) {
		account, err := w.t.accountFor(part)
		if err != nil {
			return err
		}
		want = append(want, account)
	}
	for _, x := range w.exchanges.by(forScript, w.script.from) {
		if len(got) == 0 || got[len(got)-1] != x.account {
			got = append(got, x.account)
		}
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		return &finding{what: fmt.Sprintf("the requests carry the credentials of %s, not of %s", strings.Join(got, ", "), strings.Join(want, ", "))}
	}
	return nil
}
