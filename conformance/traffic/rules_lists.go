package traffic

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// listRules read the parameters of lists, their links and their meta.
var listRules = []rule{
	// The status of a per_page below 1 or of one that is text, and what webhooks make of one above 50.
	{id: "per-page-range", look: func(x *exchange) finding {
		sent, ok := x.param("per_page")
		if x.kind != withAPI || !ok || !x.list() || x.throttled() {
			return nothing
		}
		n, isNumber := whole(sent)
		switch {
		case !isNumber && strings.Trim(sent, "0123456789-+") == "":
			return nothing // larger than any integer
		case !isNumber:
			return holds(x.Status == 400)
		case n < 1 && x.Status == 400:
			return only("refuse")
		case n < 1 && x.Status == 200:
			return only("clamp")
		case n > 50 && x.op == "list-all-webhooks" && x.ok():
			shown, _ := number(x.get("meta", "per_page"))
			return holds(shown == 50)
		}
		return nothing
	}},

	// The status of a page below 1 or of one that is text.
	{id: "page-range", look: func(x *exchange) finding {
		sent, ok := x.param("page")
		n, isNumber := whole(sent)
		if x.kind != withAPI || !ok || !x.list() || x.throttled() || isNumber && n >= 1 || !isNumber && strings.Trim(sent, "0123456789-+") == "" {
			return nothing
		}
		return holds(x.Status == 400)
	}},

	// page and per_page without a value.
	{id: "empty-parameter", look: func(x *exchange) finding {
		blank := func(name string) bool { v := x.query[name]; return len(v) == 1 && v[0] == "" }
		if x.kind != withAPI || !x.list() || x.throttled() || !blank("page") && !blank("per_page") {
			return nothing
		}
		page, _ := number(x.get("meta", "current_page"))
		size, _ := number(x.get("meta", "per_page"))
		return holds(x.Status == 200 && (!x.isJSON || (!blank("page") || page == 1) && (!blank("per_page") || size == 20 || size == 50)))
	}},

	// per_page of the reply to a list of contacts without one.
	{id: "contacts-per-page", look: func(x *exchange) finding {
		size, ok := number(x.get("meta", "per_page"))
		if !x.is("list-all-contacts") || !x.ok() || !ok || x.query.Has("per_page") {
			return nothing
		}
		return only(strconv.FormatInt(size, 10))
	}},

	// How many contacts come where more than 50 are asked for and exist.
	{id: "contacts-above-50", look: func(x *exchange) finding {
		sent, _ := x.param("per_page")
		asked, ok := whole(sent)
		total, _ := number(x.get("meta", "total"))
		page, _ := number(x.get("meta", "current_page"))
		if !x.is("list-all-contacts", "search-contacts") || !x.ok() || !ok || asked <= 50 || total <= 50 || page != 1 {
			return nothing
		}
		switch n := int64(len(objects(x.get("contacts")))); n {
		case min(asked, total):
			return only("asked")
		case 50:
			return only("50")
		}
		return holds(false)
	}},

	// The names of the parameters in the links of a page, in their order.
	{id: "page-links", look: func(x *exchange) finding {
		if x.kind != withAPI || !x.ok() || !x.list() {
			return nothing
		}
		result := nothing
		for _, key := range []string{"next_page_link", "previous_page_link"} {
			link, isText := x.get("meta", key).(string)
			if !isText {
				continue
			}
			if !linkInOrder(link, x.says.tier == contactsTier) {
				return holds(false)
			}
			result = holds(true)
		}
		return result
	}},

	// The reply to a page beyond the 10,000th result.
	{id: "result-cap", look: func(x *exchange) finding {
		page, size := x.asked()
		if x.kind != withAPI || !x.list() || x.throttled() || page < 1 || size < 1 || page > 1<<31 || page*size <= 10_000 {
			return nothing
		}
		return holds(x.Status == 400 && (!x.HasBody || beyondCap(object(x.body))))
	}},

	// The order of a list whose order or order_by is unknown.
	{id: "order-unknown", look: func(x *exchange) finding {
		order, given := x.param("order")
		by, sorted := x.param("order_by")
		odd := given && order != "asc" && order != "desc" && x.takes("order") || sorted && by != "created_at" && by != "updated_at" && x.takes("order_by")
		if x.kind != withAPI || !odd || x.throttled() {
			return nothing
		}
		if x.Status == 400 {
			return holds(false)
		}
		if order == "desc" || by == "updated_at" {
			return nothing
		}
		return ascending(x, true)
	}},

	// The order of tags and availabilities with order=desc.
	{id: "tags-order", look: func(x *exchange) finding {
		order, _ := x.param("order")
		if !x.is("list-all-tags", "retrieve-list-of-users-availability") || order != "desc" || !x.ok() {
			return nothing
		}
		return ascending(x, false)
	}},

	// The status and the number of entries of a list from or to something that is not a number.
	{id: "window-not-seconds", look: func(x *exchange) finding {
		odd := false
		for _, name := range []string{"from", "to"} {
			sent, ok := x.param(name)
			_, err := strconv.ParseFloat(sent, 64)
			odd = odd || ok && err != nil && x.takes(name)
		}
		switch {
		case x.kind != withAPI || !odd || !x.list() || x.throttled():
			return nothing
		case x.Status == 400:
			return only("refuse")
		case x.ok() && len(x.entries()) == 0:
			return only("empty")
		}
		return holds(x.Status == 200 && !x.isJSON)
	}},

	// Entries that were made in the first or the last second of the window, and entries outside it.
	{id: "window-bounds", look: func(x *exchange) finding {
		if !x.is("list-all-numbers", "list-all-users") || !x.ok() {
			return nothing
		}
		result := nothing
		for name, outside := range map[string]func(at, edge int64) bool{
			"from": func(at, edge int64) bool { return at < edge }, "to": func(at, edge int64) bool { return at > edge },
		} {
			sent, _ := x.param(name)
			edge, ok := whole(sent)
			if !ok {
				continue
			}
			for _, e := range x.entries() {
				made, err := time.Parse(time.RFC3339, text(e, "created_at"))
				if err == nil && outside(made.Unix(), edge) {
					return holds(false)
				}
				if err == nil && made.Unix() == edge {
					result = holds(true)
				}
			}
		}
		return result
	}},

	// The directions and users of the calls in a list that was asked for one of them.
	{id: "call-direction-list", look: func(x *exchange) finding {
		if !x.is("list-all-calls") || x.throttled() || !x.query.Has("direction") && !x.query.Has("user_id") {
			return nothing
		}
		if x.Status == 400 {
			return holds(false)
		}
		wanted, _ := x.param("direction")
		user, byUser := x.param("user_id")
		for _, c := range x.calls() {
			id, _ := number(dig(c, "user", "id"))
			if wanted != "" && text(c, "direction") != wanted || byUser && strconv.FormatInt(id, 10) != user {
				return holds(true)
			}
		}
		return nothing // a list of calls of one direction shows nothing
	}},
}

// entries returns the entries of a list.
func (x *exchange) entries() []orderedjson.Object {
	for _, m := range object(x.body) {
		if list, ok := m.Value.([]any); ok {
			return objects(list)
		}
	}
	return nil
}

// asked returns the page that a request asks for and the size that counts for the 10,000th result. They are 0 if they cannot
// be told.
func (x *exchange) asked() (page, size int64) {
	page, size = 1, 0
	if sent, ok := x.param("page"); ok {
		page, _ = whole(sent)
	}
	sent, ok := x.param("per_page")
	if !ok {
		return page, 20 // the least of the sizes that lists have without one
	}
	if size, _ = whole(sent); x.says.tier != contactsTier {
		size = min(size, 50)
	}
	return page, size
}

// linkInOrder reports whether the parameters of a link are in the recorded order.
func linkInOrder(link string, contacts bool) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	var names []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if name, err = url.QueryUnescape(name); err != nil {
			return false
		}
		names = append(names, name)
	}
	if !slices.Contains(names, "order") || !slices.Contains(names, "page") {
		return false
	}
	if contacts {
		last := len(names) - 1
		return names[last] == "page" && slices.Contains(names, "order_by") && slices.IsSorted(names[:last])
	}
	return slices.IsSorted(names)
}

// ascending reports whether the entries of a list are in ascending order, or in descending order unless up. One entry, and
// entries of the same time, say nothing.
func ascending(x *exchange, up bool) finding {
	if !x.ok() {
		return nothing
	}
	var before int64
	result := nothing
	for i, e := range x.entries() {
		now, ok := number(dig(e, "started_at"))
		if !ok {
			now, ok = number(dig(e, "created_at"))
		}
		if !ok {
			now, ok = number(dig(e, "id"))
		}
		if !ok {
			return nothing
		}
		if i > 0 && now != before {
			if (now > before) != up {
				return holds(false)
			}
			result = holds(true)
		}
		before = now
	}
	return result
}
