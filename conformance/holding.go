package conformance

import (
	"context"
	"fmt"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// collection is a list of the API that scenarios compare with.
type collection struct {
	name string // the key of the list in a reply
	one  string // the word for one entry
	op   string
	path string // of the list
	date string // the field that sorts it, newest first; "" for lists in the order of the API
}

// collections are read newest first if the Lua reference promises that order, and else in the order of the API.
var collections = []collection{
	{"calls", "call", "list-all-calls", "/v1/calls?order=desc", "started_at"},
	{"contacts", "contact", "list-all-contacts", "/v1/contacts?order=desc", "created_at"},
	{"users", "user", "list-all-users", "/v2/users?order=asc", ""},
	{"numbers", "number", "list-all-numbers", "/v1/numbers?order=asc", ""},
	{"tags", "tag", "list-all-tags", "/v1/tags?", ""},
}

// collectionOf returns the collection of a word, plural or singular.
func collectionOf(word string) (collection, error) {
	for _, c := range collections {
		if c.name == word || c.one == word {
			return c, nil
		}
	}
	return collection{}, fmt.Errorf("there is no collection %q", word)
}

// perPage is the largest page the API gives.
const perPage = 50

// farthest is the number of entries that a comparison reads at most, as many as the binding.
const farthest = 2000

// holding is a collection of one account. Its pages are read and checked when a scenario needs them, once per run: on a live
// account every request counts.
type holding struct {
	target  *target
	account string
	of      collection
	items   []any // plain, in the order of the API
	seen    map[string]bool
	total   int64
	pages   int
	whole   bool
	moved   bool  // it changed while it was read, or may have changed
	err     error // a wrong page fails every scenario that needs it
}

func (t *target) holding(account string, of collection) *holding {
	key := account + "/" + of.name
	h, ok := t.holdings[key]
	if !ok {
		h = &holding{target: t, account: account, of: of, seen: map[string]bool{}}
		t.holdings[key] = h
	}
	return h
}

// forget drops the pages of a collection that changed.
func (t *target) forget(account, collection string) { delete(t.holdings, account+"/"+collection) }

// item returns the i-th entry and reads pages as needed. It returns false past the end.
func (h *holding) item(ctx context.Context, s shapes, i int) (any, bool, error) {
	for i >= len(h.items) && !h.whole && h.err == nil {
		err := h.readPage(ctx, s)
		if ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		if err != nil && !lasts(err) {
			return nil, false, err
		}
		h.err = err
	}
	if i < len(h.items) {
		return h.items[i], true, nil
	}
	return nil, false, h.err
}

// find returns the first entries that meet the conditions, at most n of them; a negative n means all. In a list that is
// newest first, it stops at the first entry that is too old.
func (h *holding) find(ctx context.Context, s shapes, n int, where []condition) ([]any, error) {
	found := []any{}
	for i := 0; n < 0 || len(found) < n; i++ {
		item, ok, err := h.item(ctx, s, i)
		if err != nil || !ok {
			return found, err
		}
		if i == farthest {
			return nil, &notRun{report.Unsupported, fmt.Sprintf("the account holds more than %d %s, too many to read them for a comparison", farthest, h.of.name)}
		}
		meets := true
		for _, c := range where {
			if meets, err = c.holds(item); err != nil {
				return nil, err
			}
			if !meets {
				if c.field == h.of.date && (c.relation == atLeast || c.relation == moreThan) {
					return found, nil
				}
				break
			}
		}
		if meets {
			found = append(found, item)
		}
	}
	return found, nil
}

func (h *holding) readPage(ctx context.Context, s shapes) error {
	page := h.pages + 1
	sep := "&"
	if strings.HasSuffix(h.of.path, "?") {
		sep = ""
	}
	v, err := h.target.read(ctx, h.account, fmt.Sprintf("%s%sper_page=%d&page=%d", h.of.path, sep, perPage, page))
	if err != nil {
		return err
	}
	place := fmt.Sprintf("page %d of the API's %s", page, h.of.name)
	if err := s.match(promise(envelopes[h.of.op]), v, asDocumented, place); err != nil {
		return err
	}
	p := orderedjson.Plain(v).(map[string]any)
	items := p[h.of.name].([]any)
	if err := h.accept(items, p["meta"].(map[string]any), page); err != nil {
		return within(place, err)
	}
	h.pages = page
	return nil
}

// accept checks the figures, the order and the ids of a page. Figures of two pages need not agree if entries came in between
// them: a live account may do that at any time, a server on this machine shows it by its total.
func (h *holding) accept(items []any, meta map[string]any, page int) error {
	figure := func(key string) int64 { n, _ := orderedjson.Integer(meta[key]); return n }
	n, total := int64(len(items)), figure("total")
	h.moved = h.target.kind == kindLive || h.moved || page > 1 && total != h.total && h.target.moves(h.of.name)
	h.total, h.whole = total, n < perPage
	switch {
	case figure("count") != n:
		return &finding{what: fmt.Sprintf("meta.count is %d for %d entries", figure("count"), n)}
	case figure("current_page") != int64(page):
		return &finding{what: fmt.Sprintf("meta.current_page is %d", figure("current_page"))}
	case figure("per_page") != perPage || n > perPage:
		return &finding{what: fmt.Sprintf("%d entries were requested, it has %d and a per_page of %d", perPage, n, figure("per_page"))}
	}
	if err := h.append(items); err != nil || h.moved {
		return err
	}
	so := int64(len(h.items))
	h.whole = so >= h.total
	switch {
	case so > h.total, n < perPage && so != h.total:
		return &finding{what: fmt.Sprintf("meta.total is %d, but there are %d entries up to here", h.total, so)}
	case (meta["next_page_link"] == nil) != h.whole:
		return &finding{what: fmt.Sprintf("meta.next_page_link is %s after %d of %d entries", orderedjson.KindOf(meta["next_page_link"]), so, h.total)}
	}
	return nil
}

func (h *holding) append(items []any) error {
	for i, item := range items {
		if h.seen[idOf(item)] {
			if h.moved {
				continue // a new entry came in front meanwhile, and moved this one to the next page
			}
			return &finding{what: fmt.Sprintf("entry %d, id %s, is a repetition", i+1, idOf(item))}
		}
		if h.of.date != "" && len(h.items) > 0 {
			now, _ := orderedjson.Integer(item.(map[string]any)[h.of.date])
			before, _ := orderedjson.Integer(h.items[len(h.items)-1].(map[string]any)[h.of.date])
			if now > before {
				return &finding{what: fmt.Sprintf("entry %d is newer than the one before it, though the order is newest first", i+1)}
			}
		}
		h.items = append(h.items, item)
		h.seen[idOf(item)] = true
	}
	return nil
}

// idOf returns the id of an entry as text.
func idOf(item any) string {
	m, _ := item.(map[string]any)
	if n, ok := orderedjson.Integer(m["id"]); ok {
		return fmt.Sprint(n)
	}
	return "(none)"
}
