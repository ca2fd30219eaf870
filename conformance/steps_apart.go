package conformance

import (
	"context"
	"fmt"
	"slices"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// apartSteps compare what one account shows with what others show.
var apartSteps = map[string]func(*world) any{
	`\$(\w+) is an account of another company`:                            func(w *world) any { return w.chooseOther },
	`no two of the accounts share an? "([^"]*)" of the "(\w+)" at "(.*)"`: func(w *world) any { return w.shareNothing },
}

// companyOf returns the company that an account belongs to: several accounts may be keys of one company, and show the same.
// The accounts of a fake have one each, or the target is wrong.
func (w *world) companyOf(ctx context.Context, account string) (string, error) {
	if w.t.kind == kindFake || w.t.hasStandardAccounts() {
		return account, nil
	}
	return w.t.identify(w.checks(ctx), account)
}

// companies returns the accounts at the address of the scenario's account, each with its company, that account first. It
// fails with "unsupported" if all belong to one company.
func (w *world) companies(ctx context.Context) (accounts []string, of map[string]string, err error) {
	of = map[string]string{}
	several := false
	for _, account := range append([]string{w.account}, w.t.names()...) {
		if _, known := of[account]; known || w.t.accounts[account].URL != w.t.accounts[w.account].URL {
			continue
		}
		if of[account], err = w.companyOf(ctx, account); err != nil {
			return nil, nil, err
		}
		accounts = append(accounts, account)
		several = several || of[account] != of[w.account]
	}
	if !several {
		return nil, nil, &notRun{report.Unsupported, "it needs an account of another company"}
	}
	return accounts, of, nil
}

func (w *world) chooseOther(ctx context.Context, name string) error {
	accounts, of, err := w.companies(ctx)
	i := slices.IndexFunc(accounts, func(account string) bool { return of[account] != of[w.account] })
	if err == nil {
		w.vars[name] = accounts[i]
	}
	return err
}

// shareNothing reads the first page of a list from each account. Entries that every account has, such as call 12345, are not
// on it.
func (w *world) shareNothing(ctx context.Context, field, key, path string) error {
	accounts, company, err := w.companies(ctx)
	if err != nil {
		return err
	}
	owner := map[string]string{} // account, by the value
	for _, account := range accounts {
		items, _, err := w.list(ctx, account, key, path, fmt.Sprintf("per_page=%d", perPage))
		if err != nil {
			return within("account "+account, err)
		}
		for _, item := range items {
			v, ok := at(item, field)
			if !ok || v == nil {
				continue
			}
			if other, taken := owner[show(v)]; taken && company[other] != company[account] {
				return &finding{fmt.Sprintf("the %s of account %q have the %s of one of account %q", key, account, field, other), "", show(v)}
			}
			owner[show(v)] = account
		}
	}
	return nil
}
