package conformance

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// stocks are the collections that are counted before and after a run that changes things: what its scenarios can
// change, and what they cannot but would be sorry to have changed.
var stocks = []struct{ name, path string }{
	{"contacts", "/v1/contacts?order=desc"},
	{"tags", "/v1/tags"},
	{"webhooks", "/v1/webhooks"},
}

// stock is how much there is of a collection, and its newest page.
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
			sep := "?"
			if strings.Contains(s.path, "?") {
				sep = "&"
			}
			v, err := t.read(ctx, account, fmt.Sprintf("%s%sper_page=%d", s.path, sep, perPage))
			if err != nil {
				return nil, fmt.Errorf("account %q: %w", account, err)
			}
			list, _ := at(orderedjson.Plain(v), s.name)
			total, _ := at(orderedjson.Plain(v), "meta.total")
			n, ok := integer(total)
			if _, isList := list.([]any); !isList || !ok {
				return nil, fmt.Errorf("account %q: %s is answered without its entries or their number", account, s.name)
			}
			is := stock{total: n}
			for _, e := range entries(list) {
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
// elsewhere only what the run made is.
func (r *run) leaks(before, after map[string]stock) (out []string) {
	for _, account := range r.target.names() {
		for _, s := range stocks {
			was, is := before[account+"/"+s.name], after[account+"/"+s.name]
			var new []string
			for _, id := range is.ids {
				made := slices.Contains(is.ours, id) || s.name == "contacts" && r.undoLog.made(account, id)
				// More than before, or one that pushed another out of the page.
				if !slices.Contains(was.ids, id) && (made || r.target.local() && is.total >= was.total && len(new) < int(is.total-was.total)) {
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

// made says whether a contact was made by the run, whatever became of it.
func (l *undoLog) made(account, id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.changes, func(c *contactChange) bool { return c.made && c.account == account && c.id == id })
}

// leftovers says what of the run's changes is still there, once everything was undone that could be.
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
	// Under the name of undoing, so that what the budget keeps for that pays for it.
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

// countFirst is the inventory ahead of a run that may change things; nil if it cannot be had, which is for the
// scenarios to find.
func (r *run) countFirst(ctx context.Context) map[string]stock {
	if r.target.kind == kindFake || !r.target.writes || !slices.ContainsFunc(r.plan, func(p *scenario.Scenario) bool { return p.Has("@changes") && !p.Has("@fake") }) {
		return nil
	}
	before, err := r.target.inventory(withExchanges(ctx, &exchangeList{}, forCheck), r.id)
	if err != nil {
		return nil
	}
	return before
}
