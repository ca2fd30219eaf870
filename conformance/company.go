package conformance

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// companies knows which company each account opens. Neither the name of an account nor its key tells: several may open one
// company, which then has one rate limit, and must not be changed if one of them is for production.
type companies struct {
	mu sync.Mutex
	of map[string]string // identity of the company, by account
}

func (c *companies) known(account string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of[account]
}

func (c *companies) note(account, identity string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]string{}
	}
	c.of[account] = identity
}

// payer is whose rate limit a request of the account counts against: the company, as soon as that is known.
func (t *target) payer(account string) string { return cmp.Or(t.companies.known(account), account) }

// identify finds the company of an account, and lets the account share the pace of the others of that company. Companies
// may have the same name, but each has a first user of its own.
func (t *target) identify(ctx context.Context, account string) (identity string, err error) {
	if known := t.companies.known(account); known != "" {
		return known, nil
	}
	name, err := t.company(ctx, account)
	if err != nil {
		return "", err
	}
	r, err := t.ask(ctx, account, http.MethodGet, "/v2/users?order=asc&per_page=1", nil)
	if err != nil {
		return "", err
	}
	user := ""
	if v, notJSON := orderedjson.Decode(r.body); notJSON == nil && r.status == http.StatusOK {
		id, _ := at(orderedjson.Plain(v), "users.0.id")
		user = show(id)
	}
	identity = fmt.Sprintf("%s %s %s", t.accounts[account].URL, name, user)
	t.companies.note(account, identity)
	t.pacer.join(account, identity)
	return identity, nil
}

// hasStandardAccounts says that the accounts are those of a fresh fake on this machine. They are companies of their own: a
// server that shows one the data of another is wrong.
func (t *target) hasStandardAccounts() bool {
	if !t.local() {
		return false
	}
	standard := FakeAccounts(fakeaircall.StandardAccounts(), "")
	for name, a := range t.accounts {
		if authorization(standard[name]) != authorization(a) {
			return false
		}
	}
	return true
}

// isProduction says whether an account opens a company that one of the accounts for production opens.
func (t *target) isProduction(account string) bool {
	return slices.ContainsFunc(t.production, func(other string) bool {
		known := t.companies.known(account)
		return other == account || known != "" && known == t.companies.known(other)
	})
}

// identifyAll finds out whose all accounts are if one of them is for production.
func (t *target) identifyAll(ctx context.Context) error {
	if len(t.production) == 0 {
		return nil
	}
	for _, name := range t.names() {
		if _, err := t.identify(withExchanges(ctx, &exchangeList{}, forCheck), name); err != nil {
			return exits(ExitEnvironment, fmt.Errorf("account %q: it is not known whether its company is for production: %s", name, judge(err).reason))
		}
	}
	return nil
}

// protect refuses to change a company that is for production through another of its accounts.
func (t *target) protect(ctx context.Context) error {
	if !t.writes {
		return nil
	}
	if err := t.identifyAll(ctx); err != nil {
		return err
	}
	for _, name := range t.names() {
		if (t.writesTo == "" || t.writesTo == name) && t.isProduction(name) {
			return fmt.Errorf("account %q is of a company that has the purpose production: it is never changed", name)
		}
	}
	return nil
}

// parts are the names that the reference gives to accounts, in the order of its example.
var parts = []string{"default", "sales", "support"}

// cast says which account plays each of the parts, as far as there are accounts that differ in their credentials. An
// account that has the name of a part plays that one.
func (t *target) cast() map[string]string {
	cast := map[string]string{parts[0]: t.first()}
	var free []string
	taken := map[string]bool{authorization(t.accounts[t.first()]): true}
	for _, name := range t.names() {
		if key := authorization(t.accounts[name]); !taken[key] {
			taken[key] = true
			free = append(free, name)
		}
	}
	take := func(part string, i int) {
		if i >= 0 {
			cast[part] = free[i]
			free = slices.Delete(free, i, i+1)
		}
	}
	for _, part := range parts[1:] {
		take(part, slices.Index(free, part))
	}
	for _, part := range parts[1:] {
		if _, has := cast[part]; !has && len(free) > 0 {
			take(part, 0)
		}
	}
	return cast
}

// playing is the account that plays a part.
func (t *target) playing(part string) (string, error) {
	cast := t.cast()
	if account, ok := cast[part]; ok {
		return account, nil
	}
	if !slices.Contains(parts, part) {
		return "", fmt.Errorf("the reference has no account called %q", part)
	}
	return "", tooFewAccounts(slices.Index(parts, part)+1, len(cast))
}

func tooFewAccounts(need, have int) error {
	return &notRun{report.Unsupported, fmt.Sprintf("it needs %d accounts, and %d can be told apart by their credentials", need, have)}
}
