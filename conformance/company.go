package conformance

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// payer returns whose rate limit a request of the account counts against: the company's, as soon as that is known. Several
// accounts may have keys of one company.
func (t *target) payer(account string) string { return cmp.Or(t.companyOf(account), account) }

// companyOf returns the identity of an account's company, "" if it is not known.
func (t *target) companyOf(account string) string {
	identity, _ := t.companies.Load(account)
	text, _ := identity.(string)
	return text
}

// identify returns the identity of an account's company, and lets the account share the rate limit of the others of that company.
// Companies may have the same name, but their first users differ.
func (t *target) identify(ctx context.Context, account string) (identity string, err error) {
	if known := t.companyOf(account); known != "" {
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
	t.companies.Store(account, identity)
	t.pacer.join(account, identity)
	return identity, nil
}

// hasStandardAccounts reports whether the accounts are those of a new fake on this machine. Each is a different company there: a
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

// isProduction reports whether an account belongs to the same company as one of the production accounts.
func (t *target) isProduction(account string) bool {
	return slices.ContainsFunc(t.production, func(other string) bool {
		known := t.companyOf(account)
		return other == account || known != "" && known == t.companyOf(other)
	})
}

// identifyAll identifies the companies of all accounts, if one of them is for production.
func (t *target) identifyAll(ctx context.Context) error {
	if len(t.production) == 0 {
		return nil
	}
	for _, name := range t.names() {
		if _, err := t.identify(withExchanges(ctx, &exchangeList{}, forCheck), name); err != nil {
			return exits(ExitEnvironment, fmt.Errorf("account %q: cannot tell whether its company is for production: %s", name, judge(err).reason))
		}
	}
	return nil
}

// protect fails if the run may change a production company through another of its accounts.
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

// roles are the names that the reference gives to accounts, in the order of its example.
var roles = []string{"default", "sales", "support"}

// accountsByRole assigns an account to each role, as far as there are accounts that differ in their credentials. An account with
// the name of a role gets that role.
func (t *target) accountsByRole() map[string]string {
	byRole := map[string]string{roles[0]: t.first()}
	taken := map[string]bool{authorization(t.accounts[t.first()]): true}
	var free []string
	for _, name := range t.names() {
		if key := authorization(t.accounts[name]); !taken[key] {
			taken[key] = true
			free = append(free, name)
		}
	}
	for _, role := range roles[1:] {
		if i := slices.Index(free, role); i >= 0 {
			byRole[role] = role
			free = slices.Delete(free, i, i+1)
		}
	}
	for _, role := range roles[1:] {
		if byRole[role] == "" && len(free) > 0 {
			byRole[role], free = free[0], free[1:]
		}
	}
	return byRole
}

// accountFor returns the account that has a role.
func (t *target) accountFor(role string) (string, error) {
	i := slices.Index(roles, role)
	if i < 0 {
		return "", fmt.Errorf("the reference has no account called %q", role)
	}
	byRole := t.accountsByRole()
	if byRole[role] == "" {
		return "", tooFewAccounts(i+1, len(byRole))
	}
	return byRole[role], nil
}

func tooFewAccounts(need, have int) error {
	return &notRun{report.Unsupported, fmt.Sprintf("it needs %d accounts, and %d can be told apart by their credentials", need, have)}
}
