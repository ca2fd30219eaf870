package fakeaircall

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// strange is what a test is told at its end: requests that Aircall has no route
// for, most often a client's typing error.
type unknownRouteLog struct {
	said []string
	more int
}

const maxUnknownRoutes = 10

// meet notes a request without a route. Who asks whether the control API is on means no route of Aircall's.
func (j *requestLog) noteUnknownRoute(req *http.Request, r *request) {
	if strings.HasPrefix(req.URL.Path, controlPath) {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.unknownRouteLog.said) == maxUnknownRoutes {
		j.unknownRouteLog.more++
		return
	}
	said := fmt.Sprintf("%s %s: ", req.Method, req.URL.Path)
	if r.gone {
		said += fmt.Sprintf("%s is retired; an assumption can keep it, see Options.Assume", r.route.op)
	} else {
		said += "Aircall has no such route; near it are " + strings.Join(nearest(req.Method, req.URL.Path), ", ")
	}
	j.unknownRouteLog.said = append(j.unknownRouteLog.said, said)
}

// strangers are those that were met.
func (j *requestLog) unknownRoutes() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	said := slices.Clone(j.unknownRouteLog.said)
	if j.unknownRouteLog.more > 0 {
		said = append(said, fmt.Sprintf("and %d more requests without a route", j.unknownRouteLog.more))
	}
	return said
}

// nearest are the three routes most like what was asked for.
func nearest(method, path string) (list []string) {
	asked := words(path)
	all := Routes()
	likeness := func(r Route) int {
		n := 3 * similar(asked, words(r.Path))
		if r.Method == method {
			n++
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b Route) int { return cmp.Compare(likeness(b), likeness(a)) })
	for _, r := range all[:3] {
		list = append(list, r.Method+" "+r.Path)
	}
	return list
}

// words are a path's segments, in which a number stands for any id.
func words(path string) []string {
	list := strings.Split(strings.Trim(path, "/"), "/")
	for i, w := range list {
		if w != "" && strings.Trim(w, "0123456789") == "" || strings.HasPrefix(w, "{") {
			list[i] = "{id}"
		}
	}
	return list
}

// similar counts the letters that two paths begin and end with, less those one
// has more than the other.
func similar(a, b []string) int {
	x, y := strings.Join(a, "/"), strings.Join(b, "/")
	short := min(len(x), len(y))
	head := 0
	for head < short && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < short-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	return head + tail - max(len(x), len(y)) + short
}
