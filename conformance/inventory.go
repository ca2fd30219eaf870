package conformance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/scenario"
)

// stocks are the collections that are counted before and after a run that changes things: those that scenarios can change, and
// those that they must not.
var stocks = []struct{ name, path string }{
	{"contacts", "/v1/contacts?order=desc"},
	{"tags", "/v1/tags"},
	{"webhooks", "/v1/webhooks"},
}

// stock is the size of a collection, and its newest page.
type stock struct {
	total int64
	ids   []string
	ours  []string // of ids: marked by this run
}

// inventory counts the stocks of all accounts, by "account/collection". It costs a request for each.
func (t *target) inventory(ctx context.Context, run string) (map[string]stock, error) {
	all := map[string]stock{}
	for _, account := range t.names() {
		for _, s := range stocks {
			list, total, err := t.readPage(ctx, account, s.path, s.name, 1)
			if err != nil {
				return nil, fmt.Errorf("account %q: %w", account, err)
			}
			is := stock{total: total}
			for _, e := range list {
				is.ids = append(is.ids, idOf(e))
				if e["information"] == run {
					is.ours = append(is.ours, idOf(e))
				}
			}
			all[account+"/"+s.name] = is
		}
	}
	return all, nil
}

// leaks compares two inventories. On this machine nobody else changes anything, so that every difference is a leak;
// elsewhere only what the run created is.
func (r *run) leaks(before, after map[string]stock) (out []string) {
	for _, account := range r.target.names() {
		for _, s := range stocks {
			was, is := before[account+"/"+s.name], after[account+"/"+s.name]
			var new []string
			for _, id := range is.ids {
				made := slices.Contains(is.ours, id) || s.name == "contacts" && r.undoLog.made(account, id)
				// Others that are new on the page, unless a deletion moved them there.
				if !slices.Contains(was.ids, id) && (made || r.target.local() && len(new) < int(is.total-was.total)) {
					new = append(new, id)
				}
			}
			switch {
			case len(new) > 0:
				out = append(out, fmt.Sprintf("account %q has %s it did not have: %s", account, s.name, strings.Join(new, ", ")))
			case r.target.local() && is.total != was.total:
				out = append(out, fmt.Sprintf("account %q had %d %s, and has %d", account, was.total, s.name, is.total))
			}
		}
	}
	return out
}

// made reports whether the run created a contact.
func (l *undoLog) made(account, id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.changes, func(c *contactChange) bool { return c.made && c.account == account && c.id == id })
}

// leftovers undoes what is not undone yet, and returns the changes of the run that remain.
func (r *run) leftovers(ctx context.Context, before map[string]stock) (left []string) {
	r.undoAgain(ctx)
	unseen := map[string]int{}
	for _, c := range r.undoLog.open("") {
		if c.id == "" {
			unseen[c.account]++
			continue
		}
		left = append(left, fmt.Sprintf("account %q: contact %s is not put back", c.account, c.id))
	}
	for _, account := range slices.Sorted(maps.Keys(unseen)) {
		left = append(left, fmt.Sprintf("account %q may hold %d contacts whose making was not answered", account, unseen[account]))
	}
	if before == nil || len(r.undoLog.changes) == 0 || r.stop.why() != nil {
		return left // a target that ended the run would not be counted either
	}
	// The budget keeps a part for undoing, which pays for this.
	ctx, cancel := context.WithTimeout(withExchanges(context.WithoutCancel(ctx), &exchangeList{}, forUndo), time.Minute)
	defer cancel()
	for look := 0; ; look++ {
		after, err := r.target.inventory(ctx, r.id)
		if err != nil {
			return append(left, "what the accounts hold cannot be counted again: "+judge(err).reason)
		}
		// A list may show for a while what is deleted.
		if more := r.leaks(before, after); len(more) == 0 || !r.target.backoff(ctx, look) {
			return append(left, more...)
		}
	}
}

// countFirst returns the inventory before a run that may change things; nil if the target does not give it, which the scenarios
// then find out.
func (r *run) countFirst(ctx context.Context) map[string]stock {
	if r.target.kind == kindFake || !r.target.writes || !slices.ContainsFunc(r.plan, func(p *scenario.Scenario) bool { return p.Has("@changes") && !p.Has("@fake") }) {
		return nil
	}
	before, _ := r.target.inventory(withExchanges(ctx, &exchangeList{}, forCheck), r.id)
	return before
}
