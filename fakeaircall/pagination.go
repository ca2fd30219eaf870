package fakeaircall

import (
	"cmp"
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultPerPage = 20
	maxPerPage     = 50
	resultCap      = 10_000 // page × per_page of any list (recorded 2026-09-28 on calls, contacts and tags)
)

// A listSpec says which of the common parameters a list takes. It ignores the rest, as Aircall does with parameters it does
// not know.
type listSpec struct {
	windowed bool     // from and to
	fromOpen bool     // from excludes its own second
	ordered  bool     // order
	byUpdate bool     // order_by
	perPage  int      // without per_page; 0 means 20
	most     int      // entries of a page; 0 means 50
	filters  []string // other parameters that the links repeat
}

// byTime is the spec of a list that takes from, to and order.
var byTime = listSpec{windowed: true, ordered: true}

// A listing is the page that a request asks for.
type listing struct {
	from, to   int64 // of creation, in seconds, both included
	descending bool
	byUpdate   bool
	page       int
	perPage    int        // as meta shows it
	served     int        // entries that the page has at most
	kept       url.Values // what the links repeat

	count, total int // set by collect
}

// listing reads the parameters of a list. It fails if one is invalid or the page is beyond resultCap.
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
	most := cmp.Or(spec.most, maxPerPage)
	if r.route.tier != expressTier { // others clamp without an error (recorded 2026-09-28)
		l.perPage = min(l.perPage, most)
	}
	l.served = l.perPage
	if r.assume.fewContacts { // meta of contacts shows what was asked for (recorded 2026-09-28)
		l.served = min(l.perPage, most)
	}
	if l.page*l.perPage > resultCap {
		return l, errBeyondCap
	}
	l.keep(r, spec.filters...)
	if spec.windowed {
		l.keep(r, "from", "to")
		if err := l.window(r); err != nil {
			return l, err
		}
		if spec.fromOpen {
			l.from++ // calls start at whole seconds
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

// keep makes the links repeat the parameters that the request has.
func (l *listing) keep(r *request, names ...string) {
	for _, name := range names {
		if vs, ok := r.query.all(name); ok {
			l.kept[name] = vs
		}
	}
}

// within reads a whole number in a range. An absent one leaves *n as it is.
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

// seconds reads UNIX seconds and cuts off fractions: a production client sends 1679356800.0. It reports false for anything
// else.
func seconds(s string) (n int64, ok bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) {
		return 0, false
	}
	return int64(min(max(f, -1<<52), 1<<52)), true
}

// collect returns the views of the listing's page and counts the entries that match. all is in ascending order; a nil match
// matches every entry.
func collect[T, V any](l *listing, all []T, match func(T) bool, view func(T) V) []V {
	if match != nil {
		all = slices.DeleteFunc(slices.Clone(all), func(v T) bool { return !match(v) })
	}
	first := (l.page - 1) * l.perPage
	views := make([]V, 0, min(l.served, len(all)))
	for i := first; i < min(first+l.served, len(all)); i++ {
		at := i
		if l.descending {
			at = len(all) - 1 - i
		}
		views = append(views, view(all[at]))
	}
	l.count, l.total = len(views), len(all)
	return views
}

// A metaView is the meta member of a list.
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
	// The links go past resultCap, where the reply is a 400 (reported by a production client).
	if l.page*l.perPage < l.total {
		m.NextPageLink = r.pageLink(l, l.page+1)
	}
	if l.page > 1 {
		m.PreviousPageLink = r.pageLink(l, l.page-1)
	}
	return m
}

// pageLink returns a link to another page, on the host that the client asked: a client that follows a link to
// api.aircall.io would send its credentials there.
//
// The parameters are in alphabetical order, with the default order even if the client sent none; on contacts, the page is
// last (recorded 2026-09-28, and in PostHog's test).
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
		s = strings.Replace(s, "{"+name+"}", v, 1)
	}
	return &s
}
