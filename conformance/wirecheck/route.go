package wirecheck

import (
	"slices"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Methods are the methods of HTTP that a report or a masked recording may name.
var Methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// A Route is an operation with the segments of its path.
type Route struct {
	fakeaircall.Route
	segments []string // "" is a value
	values   int
}

// routes returns the operations of the API by the number of segments of their paths, those with fewer values first.
var routes = sync.OnceValue(func() map[int][]*Route {
	table := map[int][]*Route{}
	for _, r := range fakeaircall.Routes() {
		one := &Route{Route: r, segments: strings.Split(r.Path, "/")}
		for i, s := range one.segments {
			if strings.HasPrefix(s, "{") {
				one.segments[i], one.values = "", one.values+1
			}
		}
		n := len(one.segments)
		table[n] = append(table[n], one)
	}
	for _, list := range table {
		slices.SortStableFunc(list, func(a, b *Route) int { return a.values - b.values })
	}
	return table
})

// FindRoute returns the operation of a request whose path has these segments, or nil. An empty method matches any. Segments are
// compared as they are: escaped ones stay escaped.
func FindRoute(method string, segments []string) *Route {
	for _, r := range routes()[len(segments)] {
		if (method == "" || r.Method == method) && r.fits(segments) {
			return r
		}
	}
	return nil
}

func (r *Route) fits(segments []string) bool {
	return slices.EqualFunc(r.segments, segments, func(want, s string) bool { return want == s || want == "" && s != "" })
}

// IsValue reports whether a segment of the path is a value.
func (r *Route) IsValue(i int) bool { return i > 0 && r.segments[i] == "" }

// Segments splits a path, without a slash at its end.
func Segments(path string) []string { return strings.Split(strings.TrimSuffix(path, "/"), "/") }

// Operation returns the operation that a request asks for and its path with {…} for the values, or two empty texts if Aircall
// has no such operation.
func Operation(method, escapedPath string) (op, template string) {
	if r := FindRoute(method, Segments(escapedPath)); r != nil {
		return r.Op, r.Path
	}
	return "", ""
}
