package fakeaircall

import (
	"cmp"
	"math"
	"net/url"
	"strconv"
)

const (
	defaultPerPage = 20
	maxPerPage     = 50
	wall           = 10_000 // results that calls and contacts can be paged through
)

// listSpec says which of the common parameters a list takes; the rest are
// ignored, as Aircall does with parameters it does not know.
type listSpec struct {
	windowed bool     // from and to
	fromOpen bool     // from leaves out its own second
	ordered  bool     // order
	byUpdate bool     // order_by
	capped   bool     // nothing beyond the 10,000th result
	perPage  int      // without per_page; 0 means 20
	most     int      // per_page; 0 means 50
	filters  []string // kept in the links, beside the above
}

// A listing is one page asked for, and what became of it.
type listing struct {
	from, to   int64 // of creation, in seconds, both included
	descending bool
	byUpdate   bool
	page       int
	perPage    int
	kept       url.Values // what the links repeat

	count, total int // filled by collect
}

func (r *request) listing(spec listSpec) (listing, error) {
	l := listing{from: math.MinInt64, to: math.MaxInt64 - 1, page: 1, perPage: spec.perPage, kept: url.Values{}}
	if l.perPage == 0 {
		l.perPage = defaultPerPage
	}
	if err := r.number("page", 1, math.MaxInt32, false, &l.page); err != nil {
		return l, err
	}
	if err := r.number("per_page", 1, cmp.Or(spec.most, maxPerPage), r.assume.clampPerPage, &l.perPage); err != nil {
		return l, err
	}
	if spec.capped && l.page*l.perPage > wall {
		return l, errBeyondWall
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

// number reads a whole number within bounds; absent leaves *n as it is.
func (r *request) number(name string, least, most int, clamp bool, n *int) error {
	s := r.query.Get(name)
	if s == "" {
		return nil
	}
	v, err := strconv.Atoi(s)
	switch {
	case err == nil && clamp:
		v = max(least, min(most, v))
	case err != nil || v < least || v > most:
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
	views := make([]V, 0, l.perPage)
	at := func(i int) T {
		if l.descending {
			i = len(all) - 1 - i
		}
		return all[i]
	}
	if match == nil {
		l.total = len(all)
		for i := first; i < min(first+l.perPage, l.total); i++ {
			views = append(views, view(at(i)))
		}
	} else {
		for i := range all {
			v := at(i)
			if !match(v) {
				continue
			}
			if l.total >= first && len(views) < l.perPage {
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
	// The links go on past the wall, into its 400 (reported by a production client).
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
func (r *request) pageLink(l listing, page int) *string {
	q := url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(l.perPage)}}
	for name, vs := range l.kept {
		q[name] = vs
	}
	s := r.base + r.route.path + "?" + q.Encode()
	for name, v := range r.path {
		s = expand(s, name, v)
	}
	return &s
}
