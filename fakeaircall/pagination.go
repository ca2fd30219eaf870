package fakeaircall

import (
	"cmp"
	"errors"
	"math"
	"net/url"
	"strconv"
)

const (
	defaultPerPage = 20
	maxPerPage     = 50
	resultCap      = 10_000 // page × per_page of any list (recorded 2026-09-28 on calls, contacts and tags)
)

// listSpec says which of the common parameters a list takes. It ignores the rest, as Aircall does with parameters it
// does not know.
type listSpec struct {
	windowed bool     // from and to
	fromOpen bool     // from leaves out its own second
	ordered  bool     // order
	byUpdate bool     // order_by
	perPage  int      // without per_page; 0 means 20
	most     int      // entries of a page; 0 means 50
	filters  []string // kept in the links, beside the above
}

// byTime is the spec of a list that takes from, to and order.
var byTime = listSpec{windowed: true, ordered: true}

// A listing is one page asked for, and what became of it.
type listing struct {
	from, to   int64 // of creation, in seconds, both included
	descending bool
	byUpdate   bool
	page       int
	perPage    int        // as meta shows it
	served     int        // entries that the page holds at most
	kept       url.Values // what the links repeat

	count, total int // filled by collect
}

func (r *request) listing(spec listSpec) (listing, error) {
	l := listing{from: math.MinInt64, to: math.MaxInt64 - 1, page: 1, perPage: cmp.Or(spec.perPage, defaultPerPage), kept: url.Values{}}
	if err := r.within("page", 1, math.MaxInt, &l.page); err != nil {
		return l, err
	}
	least := 1
	if r.assume.clampPerPage {
		least = math.MinInt
	}
	if err := r.within("per_page", least, math.MaxInt, &l.perPage); err != nil {
		return l, err
	}
	l.page, l.perPage = min(l.page, math.MaxInt32), min(max(l.perPage, 1), math.MaxInt32)
	l.served = l.perPage
	switch most := cmp.Or(spec.most, maxPerPage); {
	case r.route.tier != expressTier: // clamped in silence (recorded 2026-09-28)
		l.perPage = min(l.perPage, most)
		l.served = l.perPage
	case r.assume.fewContacts: // contacts show in meta what was asked for (recorded 2026-09-28)
		l.served = min(l.perPage, most)
	}
	if l.page*l.perPage > resultCap {
		return l, errBeyondCap
	}
	for _, name := range spec.filters {
		l.keep(r, name)
	}
	if spec.windowed {
		l.keep(r, "from")
		l.keep(r, "to")
		if err := l.window(r); err != nil {
			return l, err
		}
		if spec.fromOpen {
			l.from++ // a second is the smallest step of a start
		}
	}
	if spec.ordered {
		l.keep(r, "order")
		l.descending = r.query.Get("order") == "desc" // anything else is asc, the default
	}
	if spec.byUpdate {
		l.keep(r, "order_by")
		l.byUpdate = r.query.Get("order_by") == "updated_at"
	}
	return l, nil
}

// within reads a whole number within bounds; an absent one leaves *n as it is.
func (r *request) within(name string, least, most int, n *int) error {
	s := r.query.Get(name)
	if s == "" {
		return nil
	}
	v, err := strconv.Atoi(s)
	if err != nil && !errors.Is(err, strconv.ErrRange) || v < least || v > most {
		if most == math.MaxInt {
			return invalid("%s must be an integer of at least 1, got %.40q", name, s)
		}
		return invalid("%s must be an integer from %d to %d, got %.40q", name, least, most, s)
	}
	*n = v
	return nil
}

// window reads from and to. A date that is not in seconds selects nothing.
func (l *listing) window(r *request) error {
	for _, edge := range []struct {
		name string
		at   *int64
	}{{"from", &l.from}, {"to", &l.to}} {
		s := r.query.Get(edge.name)
		if s == "" {
			continue
		}
		n, ok := seconds(s)
		if !ok && r.assume.refuseDates {
			return invalid("%s must be a UNIX timestamp in seconds, got %.40q", edge.name, s)
		}
		if !ok {
			l.from, l.to = 1, 0
			return nil
		}
		*edge.at = n
	}
	return nil
}

func (l *listing) keep(r *request, name string) {
	if vs, ok := r.query.all(name); ok {
		l.kept[name] = vs
	}
}

// collect takes the listing's page out of all, which stand in ascending order,
// and counts what matches; a nil match means everything does.
func collect[T, V any](l *listing, all []T, match func(T) bool, view func(T) V) []V {
	first := (l.page - 1) * l.perPage
	views := make([]V, 0, min(l.served, len(all)))
	at := func(i int) T {
		if l.descending {
			i = len(all) - 1 - i
		}
		return all[i]
	}
	if match == nil {
		l.total = len(all)
		for i := first; i < min(first+l.served, l.total); i++ {
			views = append(views, view(at(i)))
		}
	} else {
		for i := range all {
			v := at(i)
			if !match(v) {
				continue
			}
			if l.total >= first && len(views) < l.served {
				views = append(views, view(v))
			}
			l.total++
		}
	}
	l.count = len(views)
	return views
}

// metaView closes a list, or opens it.
type metaView struct {
	Count            int     `json:"count"`
	Total            int     `json:"total"`
	CurrentPage      int     `json:"current_page"`
	PerPage          int     `json:"per_page"`
	NextPageLink     *string `json:"next_page_link"`
	PreviousPageLink *string `json:"previous_page_link"`
}

func (r *request) meta(l listing) metaView {
	m := metaView{Count: l.count, Total: l.total, CurrentPage: l.page, PerPage: l.perPage}
	// The links go on past the cap, into its 400 (reported by a production client).
	if l.page*l.perPage < l.total {
		m.NextPageLink = r.pageLink(l, l.page+1)
	}
	if l.page > 1 {
		m.PreviousPageLink = r.pageLink(l, l.page-1)
	}
	return m
}

// pageLink leads back to the host the client asked: a link to api.aircall.io
// would carry its credentials there.
//
// It has the parameters in alphabetical order, and the default order even if the client named none; on contacts the
// page comes last (recorded 2026-09-28, and in PostHog's test).
func (r *request) pageLink(l listing, page int) *string {
	q := url.Values{"order": {"asc"}, "page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(l.perPage)}}
	last := ""
	if r.route.tier == expressTier {
		q.Set("order_by", "created_at")
		q.Del("page")
		last = "&page=" + strconv.Itoa(page)
	}
	for name, vs := range l.kept {
		q[name] = vs
	}
	s := r.base + r.route.path + "?" + q.Encode() + last
	for name, v := range r.path {
		s = expand(s, name, v)
	}
	return &s
}
