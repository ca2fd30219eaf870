package conformance

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// apartSteps hold what one account shows against what others do.
var apartSteps = map[string]func(*world) any{
	`\$(\w+) are accounts of different companies`:                         func(w *world) any { return w.chooseApart },
	`\$(\w+) is the name of \$account, misspelt`:                          func(w *world) any { return w.misspell },
	`there is another account`:                                            func(w *world) any { return w.needOther },
	`no two of the accounts share an? "([^"]*)" of their (\w+)`:           func(w *world) any { return w.disjoint },
	`no two of the accounts share an? "([^"]*)" of the "(\w+)" at "(.*)"`: func(w *world) any { return w.disjointAt },
	`no other account gets the first "(\w+)" of the "(\w+)" at "(.*)"`:    func(w *world) any { return w.keptApart },
}

// company is what an account belongs to: several may be keys of one company, and show the same. The accounts of a fake have
// one each, or the target is wrong.
func (w *world) company(ctx context.Context, account string) (string, error) {
	if w.t.kind == kindFake || w.t.hasStandardAccounts() {
		return account, nil
	}
	return w.t.identify(w.checks(ctx), account)
}

// otherCompanies are the accounts at the same address that belong to other companies.
func (w *world) otherCompanies(ctx context.Context, account string) (others []string, err error) {
	mine, err := w.company(ctx, account)
	if err != nil {
		return nil, err
	}
	for _, other := range w.t.names() {
		if w.t.accounts[other].URL != w.t.accounts[account].URL {
			continue
		}
		its, err := w.company(ctx, other)
		if err != nil {
			return nil, err
		}
		if its != mine {
			others = append(others, other)
		}
	}
	if len(others) == 0 {
		return nil, &notRun{report.Unsupported, "it needs an account of another company"}
	}
	return others, nil
}

// chooseApart names one account of each company.
func (w *world) chooseApart(ctx context.Context, name string) error {
	seen, chosen := map[string]bool{}, []any{}
	for _, account := range w.t.names() {
		company, err := w.company(ctx, account)
		if err != nil {
			return err
		}
		if !seen[company] {
			seen[company] = true
			chosen = append(chosen, account)
		}
	}
	w.vars[name] = chosen
	return w.needOther(ctx)
}

// misspell leaves out a letter of the name of the last account, such as the second p of support.
func (w *world) misspell(name string) error {
	names := w.t.names()
	last := names[len(names)-1]
	wrong := last[:len(last)/2] + last[len(last)/2+1:]
	if _, taken := w.t.accounts[wrong]; taken || wrong == "" {
		wrong = last + "_"
	}
	w.vars[name], w.vars["account"] = wrong, last
	return nil
}

func (w *world) needOther(ctx context.Context) error {
	_, err := w.otherCompanies(ctx, w.account)
	return err
}

// disjoint reads a list of every account. What is documented for every account, such as call 12345, does not count.
func (w *world) disjoint(ctx context.Context, path, word string) error {
	of, err := collectionOf(word)
	if err != nil {
		return err
	}
	return w.shareNothing(ctx, path, of.name, func(account string) ([]any, error) {
		return w.t.holding(account, of).find(w.checks(ctx), w.run.shapes, perPage, nil)
	})
}

func (w *world) disjointAt(ctx context.Context, field, key, path string) error {
	return w.shareNothing(ctx, field, key, func(account string) ([]any, error) {
		items, _, err := w.list(ctx, account, key, pathWith(path, fmt.Sprintf("per_page=%d", perPage)))
		return items, err
	})
}

func (w *world) shareNothing(ctx context.Context, path, key string, read func(account string) ([]any, error)) error {
	if err := w.needOther(ctx); err != nil {
		return err
	}
	type owner struct{ company, account string }
	of := map[string]owner{}
	for _, account := range w.t.names() {
		company, err := w.company(ctx, account)
		if err != nil {
			return err
		}
		items, err := read(account)
		if err != nil {
			return within("account "+account, err)
		}
		for _, item := range items {
			v, ok := at(item, path)
			if !ok || v == nil {
				continue
			}
			if other, taken := of[show(v)]; taken && other.company != company {
				return &finding{fmt.Sprintf("the %s of account %q have the %s of one of account %q", key, account, path, other.account), "", show(v)}
			}
			of[show(v)] = owner{company, account}
		}
	}
	return nil
}

// keptApart asks for the first of a list by its id, with the credentials of the others. They may have something of that
// id as well, as each account of the fake has call 12345; but not the same.
func (w *world) keptApart(ctx context.Context, one, key, path string) error {
	others, err := w.otherCompanies(ctx, w.account)
	if err != nil {
		return err
	}
	items, _, err := w.list(ctx, w.account, key, pathWith(path, "per_page=1"))
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return &notRun{report.Unsupported, "the account holds no " + key}
	}
	path += "/" + idOf(items[0])
	mine, err := w.t.read(w.checks(ctx), w.account, path)
	if err != nil {
		return err
	}
	for _, other := range others {
		r, err := w.t.ask(w.checks(ctx), other, http.MethodGet, path, nil)
		if err != nil {
			return err
		}
		v, err := orderedjson.Decode(r.body)
		switch {
		case r.status == http.StatusNotFound:
		case r.status != http.StatusOK || err != nil:
			return &finding{what: fmt.Sprintf("account %q is answered %d for what is of account %q", other, r.status, w.account)}
		case sameThing(field(orderedjson.Plain(mine), one), field(orderedjson.Plain(v), one)):
			return &finding{what: fmt.Sprintf("account %q is shown a %s of account %q", other, one, w.account)}
		}
	}
	return nil
}

// sameThing compares all but what is signed anew for each reply.
func sameThing(a, b any) bool {
	x, isObject := a.(map[string]any)
	y, alsoObject := b.(map[string]any)
	if !isObject || !alsoObject {
		return equal(a, b)
	}
	return differing(x, y, changing) == ""
}
