package conformance

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/cucumber/godog"
)

// relateSteps hold replies against one another, on any target. They ask the API themselves and wait for its rate limit.
var relateSteps = map[string]func(*world) any{
	`the pages of (\d+) of "(\w+)" at "([^"]*)" join up to the page of 50`:                                         func(w *world) any { return w.pagesJoin },
	`"(\w+)" at "([^"]*)" rise by "([^"]*)" if asked, and fall if asked`:                                           func(w *world) any { return w.ordersBoth },
	`the "(\w+)" at "([^"]*)" are each the "(\w+)" of their own path`:                                              func(w *world) any { return w.oneEqualsList },
	`"(\w+)" at "([^"]*)" (between two times|after one time and up to another) of "([^"]*)" are those of the list`: func(w *world) any { return w.betweenTimes },
	`the calls that "([^"]*)" finds by "(\w+)" are those of the list whose "([^"]*)" it is`:                        func(w *world) any { return w.searchesBy },
	`"([^"]*)" is answered`:                               func(w *world) any { return w.isAnswered },
	`\$(\w+) differs from \$(\w+) in nothing`:             func(w *world) any { return w.differsInNothing },
	`\$(\w+) is changed to:`:                              func(w *world) any { return w.changeOwn },
	`\$(\w+) is deleted`:                                  func(w *world) any { return w.deleteOwn },
	`\$(\w+) (stands once|is missing) among the newest`:   func(w *world) any { return w.amongNewest },
	`\$(\w+) is found by its e-mail and its phone number`: func(w *world) any { return w.found },
	`\$(\w+) is found no more`:                            func(w *world) any { return w.foundNoMore },
	`no other account holds \$(\w+)`:                      func(w *world) any { return w.notElsewhere },
}

// list reads one page of a list, bare of its envelope.
func (w *world) list(ctx context.Context, account, key, path string) ([]any, map[string]any, error) {
	v, err := w.t.read(w.checks(ctx), account, path)
	if err != nil {
		return nil, nil, err
	}
	_, route := routeOf(http.MethodGet, strings.SplitN(path, "?", 2)[0])
	items, _ := at(orderedjson.Plain(v), key)
	meta, _ := at(orderedjson.Plain(v), "meta")
	list, isList := items.([]any)
	figures, isObject := meta.(map[string]any)
	if !isList || !isObject {
		return nil, nil, &finding{what: fmt.Sprintf("GET %s answers without a list %q or without meta", route, key)}
	}
	if count, _ := integer(figures["count"]); count != int64(len(list)) {
		return nil, nil, &finding{what: fmt.Sprintf("GET %s: meta.count is %d for %d %s", route, count, len(list), key)}
	}
	return list, figures, nil
}

func pathWith(path string, parameters ...string) string {
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + strings.Join(parameters, "&")
}

func idsOf(list []any) (out []string) {
	for _, item := range list {
		out = append(out, idOf(item))
	}
	return out
}

// forgotten returns a parameter of the path that the link of a page does not repeat, "" if there is none. A list that is
// followed by its links would change on the way.
func forgotten(path string, link any) string {
	text, ok := link.(string)
	if !ok {
		return ""
	}
	_, asked, _ := strings.Cut(path, "?")
	_, repeated, _ := strings.Cut(text, "?")
	want, err := url.ParseQuery(asked)
	got, err2 := url.ParseQuery(repeated)
	if err != nil || err2 != nil {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !slices.Equal(want[name], got[name]) {
			return name
		}
	}
	return ""
}

// pagesJoin wants the small pages disjoint, in order and without a gap: together they are the beginning of the list. On a
// live account something may come in between; the list is read again before that is judged.
func (w *world) pagesJoin(ctx context.Context, size int, key, path string) error {
	path, err := w.expandPath(path)
	if err != nil {
		return err
	}
	judge := func() error {
		whole, meta, err := w.list(ctx, w.account, key, pathWith(path, fmt.Sprintf("per_page=%d", perPage)))
		if err != nil {
			return err
		}
		total, _ := integer(meta["total"])
		if n := int64(len(whole)); n != min(total, perPage) {
			return &finding{what: fmt.Sprintf("meta.total of the %s is %d, and a page of %d holds %d", key, total, perPage, n)}
		}
		const pages = 4
		var joined []any
		for page := 1; page <= pages && len(joined) < len(whole); page++ {
			items, meta, err := w.list(ctx, w.account, key, pathWith(path, fmt.Sprintf("per_page=%d", size), fmt.Sprintf("page=%d", page)))
			if err != nil {
				return err
			}
			if at, _ := integer(meta["current_page"]); at != int64(page) {
				return &finding{what: fmt.Sprintf("page %d of the %s calls itself %d in meta.current_page", page, key, at)}
			}
			if of, _ := integer(meta["per_page"]); of != int64(size) {
				return &finding{what: fmt.Sprintf("a page of %d %s says %d in meta.per_page", size, key, of)}
			}
			joined = append(joined, items...)
			again, _ := integer(meta["total"])
			last := int64(page*size) >= again
			if again != total && !w.t.moves(key) || last != (meta["next_page_link"] == nil) || (page == 1) != (meta["previous_page_link"] == nil) {
				return &finding{what: fmt.Sprintf("page %d of %d %s, %d a page: meta says a total of %d, next_page_link is %s and previous_page_link is %s",
					page, total, key, size, again, kindOf(meta["next_page_link"]), kindOf(meta["previous_page_link"]))}
			}
			if name := forgotten(path, meta["next_page_link"]); name != "" {
				return &finding{what: fmt.Sprintf("meta.next_page_link of the %s does not repeat the parameter %s", key, name)}
			}
		}
		got, want := idsOf(joined), idsOf(whole)
		want = want[:min(len(want), pages*size)]
		if slices.Equal(got, want) {
			return nil
		}
		if w.t.moves(key) {
			after, _, err := w.list(ctx, w.account, key, pathWith(path, fmt.Sprintf("per_page=%d", perPage)))
			if err != nil || joinBetween(joined, whole[:len(want)], after) {
				return err
			}
		}
		return &finding{fmt.Sprintf("the pages of %d %s are not the beginning of the page of %d", size, key, perPage), strings.Join(want, " "), strings.Join(got, " ")}
	}
	return w.onceMore(key, judge)
}

// joinBetween says whether pages may be right that were read between two readings of their list: what stands in both is in
// order, and no more of it is missing than what came and went can have pushed from one page to another.
func joinBetween(joined, before, after []any) bool {
	stays := common(before, after)
	moved := cameOrWent(before, after)
	seen, last := map[int]bool{}, -1
	for _, item := range joined {
		i := slices.IndexFunc(stays, func(s any) bool { return idOf(s) == idOf(item) })
		if i < 0 || seen[i] {
			continue // it came, or went, or was pushed on to the next page
		}
		if i < last {
			return false
		}
		seen[i], last = true, i
	}
	return moved > 0 && len(stays)-len(seen) <= moved
}

// onceMore judges a second time what is said of a collection, where that may have changed meanwhile.
func (w *world) onceMore(collection string, judge func() error) error {
	err := judge()
	if err != nil && w.t.moves(collection) {
		err = judge()
	}
	return err
}

func (w *world) ordersBoth(ctx context.Context, key, path, by string) error {
	for _, order := range []struct {
		name string
		sign int
	}{{"asc", 1}, {"desc", -1}} {
		items, _, err := w.list(ctx, w.account, key, pathWith(path, "per_page=50", "order="+order.name))
		if err != nil {
			return err
		}
		for i := 1; i < len(items); i++ {
			if order.sign*compareValues(field(items[i-1], by), field(items[i], by)) > 0 {
				return &finding{what: fmt.Sprintf("order=%s: %s %d and %d are the wrong way round by %s", order.name, key, i, i+1, by)}
			}
		}
	}
	return nil
}

// betweenTimes asks for the middle of the newest page by its times.
func (w *world) betweenTimes(ctx context.Context, key, path, window, by string) error {
	judge := func() error {
		newest, _, err := w.list(ctx, w.account, key, pathWith(path, "per_page=50", "order=desc"))
		if err != nil {
			return err
		}
		if len(newest) < 4 {
			return &notRun{report.Unsupported, "the account holds too few " + key + " to ask for some of them by time"}
		}
		from, to := unixTime(field(newest[len(newest)*3/4], by)), unixTime(field(newest[len(newest)/4], by))
		got, _, err := w.list(ctx, w.account, key, pathWith(path, "per_page=50", "order=desc", fmt.Sprintf("from=%d", from), fmt.Sprintf("to=%d", to)))
		if err != nil {
			return err
		}
		return sameBeginning(got, newest, "what is asked for by time", func(item any) bool {
			at := unixTime(field(item, by))
			return (from < at || from == at && window == "between two times") && at <= to
		})
	}
	return w.onceMore(key, judge)
}

// unixTime is a time in UNIX seconds, which is what windows take; users and numbers tell theirs as a text.
func unixTime(v any) int64 {
	if text, ok := v.(string); ok {
		at, _ := time.Parse(time.RFC3339, text)
		return at.Unix()
	}
	n, _ := integer(v)
	return n
}

// searchesBy takes what it searches for from the newest calls, so that it is there to be found.
func (w *world) searchesBy(ctx context.Context, path, parameter, of string) error {
	judge := func() error {
		newest, _, err := w.list(ctx, w.account, "calls", newestCalls)
		if err != nil {
			return err
		}
		fields := strings.Fields(of)
		i := slices.IndexFunc(newest, func(c any) bool {
			v := field(c, fields[0])
			return v != nil && v != "anonymous" && v != ""
		})
		if i < 0 {
			return &notRun{report.Unsupported, "none of the newest calls has a " + of}
		}
		want := field(newest[i], fields[0])
		value, err := asText(want)
		if err != nil {
			return err
		}
		got, _, err := w.list(ctx, w.account, "calls", pathWith(path, "per_page=50", "order=desc", parameter+"="+url.QueryEscape(value)))
		if err != nil {
			return err
		}
		return sameBeginning(got, newest, "what is searched for by "+parameter, func(c any) bool {
			return slices.ContainsFunc(fields, func(f string) bool { return sameOrDigits(field(c, f), want) })
		})
	}
	return w.onceMore("calls", judge)
}

// sameOrDigits finds a phone number within another, however the two are written.
func sameOrDigits(v, want any) bool {
	number, _ := want.(string)
	if strings.HasPrefix(number, "+") {
		return strings.Contains(digits(v), digits(want))
	}
	return equal(v, want)
}

// sameBeginning wants nothing that does not belong, and all that does of the newest entries, in their order.
func sameBeginning(got, newest []any, what string, belongs func(any) bool) error {
	if i := slices.IndexFunc(got, func(item any) bool { return !belongs(item) }); i >= 0 {
		return &finding{what: fmt.Sprintf("%s: entry %d of %d does not belong there", what, i+1, len(got))}
	}
	want := idsOf(slices.DeleteFunc(slices.Clone(newest), func(item any) bool { return !belongs(item) }))
	found := idsOf(got)
	if n := min(len(want), perPage); len(found) < n || !slices.Equal(found[:n], want[:n]) {
		return &finding{fmt.Sprintf("%s: %d entries, of which the first are not the %d of the list", what, len(found), n), strings.Join(want, " "), strings.Join(found, " ")}
	}
	return nil
}

// compareValues orders numbers by size, and texts, such as dates, as texts.
func compareValues(a, b any) int {
	x, isNumber := integer(a)
	y, areNumbers := integer(b)
	if isNumber && areNumbers {
		return cmp.Compare(x, y)
	}
	s, _ := a.(string)
	t, _ := b.(string)
	return strings.Compare(s, t)
}

// oneEqualsList looks at the first, the second and the last of a page, and at one for each field that these leave empty.
func (w *world) oneEqualsList(ctx context.Context, key, path, one string) error {
	judge := func() error {
		items, _, err := w.list(ctx, w.account, key, pathWith(path, "per_page=50", "order=desc"))
		if err != nil {
			return err
		}
		for _, i := range telling(items) {
			item := items[i]
			v, err := w.t.read(w.checks(ctx), w.account, path+"/"+idOf(item))
			if err != nil {
				return err
			}
			alone, _ := at(orderedjson.Plain(v), one)
			of, _ := item.(map[string]any)
			by, _ := alone.(map[string]any)
			if name := differing(of, by, changing); name != "" {
				return &finding{fmt.Sprintf("%s of entry %d of the %s is not the same by its id", name, i+1, key), show(of[name]), show(by[name])}
			}
		}
		return nil
	}
	return w.onceMore(key, judge)
}

// telling chooses some of a list among which each field has a value, if any of the list has one.
func telling(items []any) (chosen []int) {
	told := map[string]bool{}
	take := func(i int) {
		if slices.Contains(chosen, i) {
			return
		}
		chosen = append(chosen, i)
		of, _ := items[i].(map[string]any)
		for name, v := range of {
			told[name] = told[name] || tells(v)
		}
	}
	for _, i := range []int{0, 1, len(items) - 1} {
		if i >= 0 && i < len(items) {
			take(i)
		}
	}
	for i, item := range items {
		of, _ := item.(map[string]any)
		for name, v := range of {
			if !told[name] && tells(v) {
				take(i)
				break
			}
		}
	}
	return chosen
}

// tells is false of what stands where nothing is to be said.
func tells(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	n, isNumber := integer(v)
	return v != "" && v != false && (!isNumber || n != 0)
}

// differing is the first of the keys of one object under which another holds something else, "" if there is none; of
// those for which skip is true nothing is said.
func differing(a, b map[string]any, skip func(key string) bool) string {
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if !equal(a[key], b[key]) && !skip(key) {
			return key
		}
	}
	return ""
}

// changing names what is signed anew for each reply.
func changing(name string) bool {
	return slices.Contains([]string{"recording", "voicemail", "asset"}, name)
}

func (w *world) isAnswered(ctx context.Context, path string) error {
	_, err := w.t.read(w.checks(ctx), w.account, path)
	return err
}

func (w *world) differsInNothing(name, from string) error {
	return w.differsOnly(name, from, "updated_at")
}

func (w *world) changeOwn(ctx context.Context, name string, doc *godog.DocString) error {
	c, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	w.t.forget(w.account, "contacts")
	r, err := w.t.ask(w.checks(ctx), w.account, http.MethodPost, "/v1/contacts/"+idOf(c), []byte(doc.Content))
	if err != nil {
		return err
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(doc.Content), &want); err != nil {
		return fmt.Errorf("the change is no JSON: %w", err)
	}
	v, notJSON := orderedjson.Decode(r.body)
	if r.status/100 != 2 || notJSON != nil {
		return &finding{fmt.Sprintf("POST of a contact answers %d", r.status), "200", report.Clip(string(r.body), 400)}
	}
	changed, _ := at(orderedjson.Plain(v), "contact")
	for key := range want {
		if got := field(changed, key); !equal(want[key], got) {
			return &finding{fmt.Sprintf("the reply to the change has another %s", key), show(want[key]), show(got)}
		}
	}
	return nil
}

func (w *world) deleteOwn(ctx context.Context, name string) error {
	c, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	w.t.forget(w.account, "contacts")
	r, err := w.t.ask(w.checks(ctx), w.account, http.MethodDelete, "/v1/contacts/"+idOf(c), nil)
	if err == nil && r.status/100 != 2 {
		err = &finding{what: fmt.Sprintf("DELETE of a contact answers %d, not 204", r.status)}
	}
	return err
}

const (
	newestContacts = "/v1/contacts?order=desc&per_page=50"
	newestCalls    = "/v1/calls?order=desc&per_page=50"
)

func (w *world) amongNewest(ctx context.Context, name, how string) error {
	c, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	items, _, err := w.list(ctx, w.account, "contacts", newestContacts)
	if err != nil {
		return err
	}
	return onceOrNever(items, c, "the newest contacts", how == "stands once")
}

// onceOrNever looks for a contact by its id.
func onceOrNever(items []any, c any, place string, there bool) error {
	n, want := 0, 0
	if there {
		want = 1
	}
	for _, item := range items {
		if idOf(item) != idOf(c) {
			continue
		}
		n++
		if !equal(field(item, "first_name"), field(c, "first_name")) {
			return &finding{what: place + " show the contact with another first_name"}
		}
	}
	if n != want {
		return &finding{what: fmt.Sprintf("%s hold the contact %d times, not %d", place, n, want)}
	}
	return nil
}

func searches(c any) []string {
	var paths []string
	for _, by := range []struct{ Key, parameter string }{{"emails", "email"}, {"phone_numbers", "phone_number"}} {
		v, _ := at(c, by.Key)
		for _, e := range entries(v) {
			paths = append(paths, fmt.Sprintf("/v1/contacts/search?order=desc&per_page=50&%s=%s", by.parameter, url.QueryEscape(fmt.Sprint(e["value"]))))
		}
	}
	return paths
}

func (w *world) found(ctx context.Context, name string) error {
	c, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	for _, path := range searches(c) {
		items, _, err := w.list(ctx, w.account, "contacts", path)
		if err == nil {
			err = onceOrNever(items, c, "the contacts found by its own e-mail or phone number", true)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) foundNoMore(ctx context.Context, name string) error {
	c, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	r, err := w.t.ask(w.checks(ctx), w.account, http.MethodGet, "/v1/contacts/"+idOf(c), nil)
	if err == nil && r.status != http.StatusNotFound {
		err = &finding{what: fmt.Sprintf("GET of a deleted contact answers %d, not 404", r.status)}
	}
	for _, path := range append(searches(c), newestContacts) {
		if err != nil {
			return err
		}
		var items []any
		if items, _, err = w.list(ctx, w.account, "contacts", path); err == nil {
			err = onceOrNever(items, c, "the contacts of the API after the deletion", false)
		}
	}
	return err
}

// notElsewhere looks for what this scenario made in the other accounts, whose contacts may have the same ids.
func (w *world) notElsewhere(ctx context.Context, name string) error {
	c, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	mark := field(c, "information")
	others, err := w.otherCompanies(ctx, w.account)
	if err != nil {
		return err
	}
	for _, account := range others {
		r, err := w.t.ask(w.checks(ctx), account, http.MethodGet, "/v1/contacts/"+idOf(c), nil)
		if err != nil {
			return err
		}
		leaked := &finding{what: fmt.Sprintf("account %q shows a contact of account %q", account, w.account)}
		if v, notJSON := orderedjson.Decode(r.body); notJSON == nil && r.status == http.StatusOK {
			if got, _ := at(orderedjson.Plain(v), "contact.information"); equal(got, mark) {
				return leaked
			}
		}
		for _, path := range append(searches(c), newestContacts) {
			items, _, err := w.list(ctx, account, "contacts", path)
			if err != nil {
				return err
			}
			for _, item := range items {
				if equal(field(item, "information"), mark) {
					return leaked
				}
			}
		}
	}
	return nil
}

// callSteps hold the fields of a call against one another.
var callSteps = map[string]func(*world) any{
	`the calls at "(.*)" are where their times say`:              func(w *world) any { return w.callsAgree },
	`of the inbound calls that nobody answered some say why`:     func(w *world) any { return w.missedSayWhy },
	`the "(\w+)" of a call is the one at "(.*)", but for "(.*)"`: func(w *world) any { return w.partOfCall },
}

func (w *world) callsAgree(ctx context.Context, path string) error {
	calls, _, err := w.list(ctx, w.account, "calls", pathWith(path, fmt.Sprintf("per_page=%d", perPage), "order=desc"))
	if err != nil {
		return err
	}
	for i, call := range calls {
		if what := contradiction(call); what != "" {
			return &finding{fmt.Sprintf("call %d of the newest at %s %s", i+1, path, what), "", timesOf(call)}
		}
	}
	if len(calls) == 0 {
		return &notRun{report.Unsupported, "the account holds no such call"}
	}
	return nil
}

// contradiction is what cannot be so of one call: a recorded one is answered after it starts and ends after that, and its
// duration, ringing included, is 0 until then. A second is lost where it is counted in parts.
func contradiction(call any) string {
	started, _ := integer(field(call, "started_at"))
	answered, wasAnswered := integer(field(call, "answered_at"))
	ended, hasEnded := integer(field(call, "ended_at"))
	duration, _ := integer(field(call, "duration"))
	status := field(call, "status")
	missed := field(call, "missed_call_reason") != nil
	switch {
	case wasAnswered && answered < started:
		return "was answered before it started"
	case hasEnded && ended < max(started, answered):
		return "ended before it began"
	case status == "initial" && wasAnswered:
		return "rings and was answered"
	case status == "answered" && !wasAnswered:
		return "is answered and does not say when"
	case status == "done" && !hasEnded:
		return "is over and does not say since when"
	case status != "done" && hasEnded:
		return "has ended and is not over"
	case !hasEnded && duration != 0:
		return "has not ended and has a duration"
	case hasEnded && (duration-(ended-started) > 1 || duration-(ended-started) < -1):
		return "has another duration than from its start to its end"
	case missed && wasAnswered:
		return "was missed, but is answered"
	case missed && field(call, "direction") != "inbound" && field(call, "missed_call_reason") != "short_abandoned": // seen on 1 outbound call of 78
		return "was missed for a reason of inbound calls, but is outbound"
	}
	return ""
}

// timesOf shows what contradictions are made of.
func timesOf(call any) string {
	var parts []string
	for _, name := range []string{"direction", "status", "missed_call_reason", "started_at", "answered_at", "ended_at", "duration"} {
		parts = append(parts, name+" "+show(field(call, name)))
	}
	return strings.Join(parts, ", ")
}

// missedSayWhy does not want a reason of each: no source tells that there always is one.
func (w *world) missedSayWhy(ctx context.Context) error {
	calls, _, err := w.list(ctx, w.account, "calls", newestCalls)
	if err != nil {
		return err
	}
	unanswered := 0
	for _, call := range calls {
		if field(call, "direction") == "inbound" && field(call, "status") == "done" && field(call, "answered_at") == nil {
			unanswered++
			if field(call, "missed_call_reason") != nil {
				return nil
			}
		}
	}
	if unanswered == 0 {
		return &notRun{report.Unsupported, "none of the newest inbound calls was missed"}
	}
	return &finding{what: fmt.Sprintf("none of the %d newest inbound calls that nobody answered has a missed_call_reason", unanswered)}
}

// partOfCall asks for the user or the line of the newest call that has one which is still there, and compares what both
// tell.
func (w *world) partOfCall(ctx context.Context, part, path, but string) error {
	judge := func() error {
		calls, _, err := w.list(ctx, w.account, "calls", newestCalls)
		if err != nil {
			return err
		}
		asked := map[string]bool{}
		for _, call := range calls {
			in, isObject := field(call, part).(map[string]any)
			if !isObject || asked[idOf(in)] {
				continue
			}
			if len(asked) == mostGone {
				break
			}
			asked[idOf(in)] = true
			r, err := w.t.ask(w.checks(ctx), w.account, http.MethodGet, path+"/"+idOf(in), nil)
			if err != nil {
				return err
			}
			v, notJSON := orderedjson.Decode(r.body)
			if r.status == http.StatusNotFound || notJSON != nil {
				continue // who has left is still in the call
			}
			of, _ := field(orderedjson.Plain(v), part).(map[string]any)
			name := differing(in, of, func(key string) bool {
				_, both := of[key]
				return !both || slices.Contains(commaWords(but), key)
			})
			if name != "" {
				return &finding{fmt.Sprintf("the %s of the %s of a call is not that of the %s", name, part, part), show(of[name]), show(in[name])}
			}
			return nil
		}
		return &notRun{report.Unsupported, "none of the newest calls has a " + part + " that is still there"}
	}
	return w.onceMore("calls", judge)
}

// mostGone is how many are asked for that are not there any more.
const mostGone = 5
