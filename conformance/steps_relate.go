package conformance

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// relateSteps compare replies with one another, on any target. They send the requests themselves and wait for the rate limit.
var relateSteps = map[string]func(*world) any{
	`pages of (\d+) "(\w+)" at "([^"]*)" hold what one page of 50 holds`:                func(w *world) any { return w.pagesJoin },
	`each of "([^"]*)" is the "([^"]*)" of (PUT )?"([^"]*)"(?:, except for "([^"]*)")?`: func(w *world) any { return w.eachIs },
}

// list reads one page of a list and returns its entries and its meta.
func (w *world) list(ctx context.Context, account, key, path string, parameters ...string) ([]any, map[string]any, error) {
	bare, query, has := strings.Cut(path, "?")
	if has {
		parameters = append([]string{query}, parameters...)
	}
	v, err := w.t.read(w.checks(ctx), account, bare+"?"+strings.Join(parameters, "&"))
	if err != nil {
		return nil, nil, err
	}
	_, route := routeOf(http.MethodGet, bare)
	items, _ := at(orderedjson.Plain(v), key)
	meta, _ := at(orderedjson.Plain(v), "meta")
	list, isList := items.([]any)
	figures, isObject := meta.(map[string]any)
	if !isList || !isObject {
		return nil, nil, &finding{what: fmt.Sprintf("GET %s answers without a list %q or without meta", route, key)}
	}
	if count, _ := orderedjson.Integer(figures["count"]); count != int64(len(list)) {
		return nil, nil, &finding{what: fmt.Sprintf("GET %s: meta.count is %d for %d %s", route, count, len(list), key)}
	}
	return list, figures, nil
}

func idsOf(list []any) (out []string) {
	for _, item := range list {
		out = append(out, idOf(item))
	}
	return out
}

// missingParameter returns a parameter of the path that the link of a page does not repeat, or "". A client that follows
// such links would read another list from the second page on.
func missingParameter(path string, link any) string {
	text, _ := link.(string)
	_, asked, _ := strings.Cut(path, "?")
	_, repeated, _ := strings.Cut(text, "?")
	want, err := url.ParseQuery(asked)
	got, err2 := url.ParseQuery(repeated)
	if text == "" || err != nil || err2 != nil {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(want[name], got[name]) {
			return name
		}
	}
	return ""
}

// pagesJoin checks that small pages have no gap and no entry twice, and that together they are the beginning of the list.
// If the list may change meanwhile, it is read again before the target is found wrong.
func (w *world) pagesJoin(ctx context.Context, size int, key, path string) error {
	path, err := w.expandPath(path)
	if err != nil {
		return err
	}
	whole, meta, err := w.list(ctx, w.account, key, path, fmt.Sprintf("per_page=%d", perPage))
	if err != nil {
		return err
	}
	total, _ := orderedjson.Integer(meta["total"])
	if n := int64(len(whole)); n != min(total, perPage) {
		return &finding{what: fmt.Sprintf("meta.total of the %s is %d, and a page of %d holds %d", key, total, perPage, n)}
	}
	const pages = 4
	var joined []any
	for page := 1; page <= pages && len(joined) < len(whole); page++ {
		items, meta, err := w.list(ctx, w.account, key, path, fmt.Sprintf("per_page=%d", size), fmt.Sprintf("page=%d", page))
		if err != nil {
			return err
		}
		joined = append(joined, items...)
		again, _ := orderedjson.Integer(meta["total"])
		last := int64(page*size) >= again
		switch name := missingParameter(path, meta["next_page_link"]); {
		case !equal(meta["current_page"], page) || !equal(meta["per_page"], size):
			return &finding{what: fmt.Sprintf("page %d of the %s, %d a page, has the current_page %s and the per_page %s in its meta",
				page, key, size, show(meta["current_page"]), show(meta["per_page"]))}
		case again != total && !w.t.moves(key) || last != (meta["next_page_link"] == nil) || (page == 1) != (meta["previous_page_link"] == nil):
			return &finding{what: fmt.Sprintf("page %d of %d %s, %d a page: meta says a total of %d, next_page_link is %s and previous_page_link is %s",
				page, total, key, size, again, orderedjson.KindOf(meta["next_page_link"]), orderedjson.KindOf(meta["previous_page_link"]))}
		case name != "":
			return &finding{what: fmt.Sprintf("meta.next_page_link of the %s does not repeat the parameter %s", key, name)}
		}
	}
	whole = whole[:min(len(whole), pages*size)]
	got, want := idsOf(joined), idsOf(whole)
	if slices.Equal(got, want) {
		return nil
	}
	if w.t.moves(key) {
		after, _, err := w.list(ctx, w.account, key, path, fmt.Sprintf("per_page=%d", perPage))
		if err != nil || readBetween(whole, after, joined) {
			return err
		}
	}
	return &finding{fmt.Sprintf("the pages of %d %s are not the beginning of the page of %d", size, key, perPage), strings.Join(want, " "), strings.Join(got, " ")}
}

// readBetween reports whether a list can be right that was read, in pages, between two other readings while entries came
// or went: the entries that both readings hold keep their order, and no more of them are missing than entries moved from
// page to page.
func readBetween(before, after, got []any) bool {
	first, then, found := idsOf(before), idsOf(after), idsOf(got)
	common := func(list, other []string) (out []string) {
		for _, id := range list {
			if slices.Contains(other, id) && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
		return out
	}
	stayed := common(first, then)
	front := then[:min(len(then), len(first))]
	moved := len(first) - len(stayed) + len(front) - len(common(front, first))
	kept := common(found, stayed)
	return moved > 0 && len(stayed)-len(kept) <= moved && slices.Equal(kept, common(stayed, kept))
}

// eachIs compares each entry of a list, or a single object, with the reply to a GET or PUT of its own path. The path is a
// template that is filled from the entry. eachIs skips null, and on targets other than our own fake entries that no longer
// exist: a call still has the user who has left.
func (w *world) eachIs(ctx context.Context, path, key, put, by, except string) error {
	v, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	method := http.MethodGet
	if put != "" {
		method = http.MethodPut
	}
	compared := 0
	for i, item := range list {
		if item == nil {
			continue
		}
		entry, isObject := item.(map[string]any)
		own, err := fill(by, item)
		if err != nil {
			return err
		}
		r, err := w.t.ask(w.checks(ctx), w.account, method, own, nil)
		if err != nil {
			return err
		}
		if r.status == http.StatusNotFound && w.t.kind != kindFake {
			continue
		}
		v, err := orderedjson.Decode(r.body)
		read, _ := at(orderedjson.Plain(v), key)
		alone, alsoObject := read.(map[string]any)
		if !isObject || !alsoObject || err != nil {
			return &finding{what: fmt.Sprintf("%s %d is %s, and its own path answers %d with %s", path, i, orderedjson.KindOf(item), r.status, orderedjson.KindOf(read))}
		}
		if name := differing(entry, alone, commaWords(except)); name != "" {
			return &finding{fmt.Sprintf("%s of %s %d differs from what its own path answers", name, path, i), show(alone[name]), show(entry[name])}
		}
		compared++
	}
	if compared == 0 && w.t.kind != kindFake {
		return &notRun{report.Unsupported, "the account holds none of the " + path + " to compare"}
	}
	if compared == 0 {
		return &finding{what: path + " is empty: nothing can be compared"}
	}
	return nil
}

// differing returns the first key of one object under which another holds something else, or "". It ignores the keys in skip,
// and the difference of two links that are signed anew for each reply.
func differing(a, b map[string]any, skip []string) string {
	links := append([]string{"asset"}, signed...)
	for _, key := range slices.Sorted(maps.Keys(a)) {
		twoLinks := slices.Contains(links, key) && a[key] != nil && b[key] != nil
		if !slices.Contains(skip, key) && !twoLinks && !equal(a[key], b[key]) {
			return key
		}
	}
	return ""
}
