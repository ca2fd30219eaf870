package binding

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/internal/luabox"
)

// A listing is the request for a list of Aircall.
type listing struct {
	op, key string
	req     aircall.Request
	keep    func(*value) bool   // selects items; nil: all
	token   func(*value) string // of the next page, for a list that is paged by tokens
}

func (c *call) listing() (listing, error) {
	if c.fn.list != nil {
		return c.fn.list(c)
	}
	return listing{op: c.fn.Ops[0], key: c.fn.Key, req: c.request()}, nil
}

// listPage is the handler of functions that return one page of a list.
func listPage(c *call) (value, error) {
	l, err := c.listing()
	if err != nil {
		return value{}, err
	}
	if l.keep != nil {
		return c.find(l.op, l.key, l.req.Query, l.keep)
	}
	return c.do(l.op, l.req)
}

// iterator returns the function that iterates over the list of f. It has f's parameters except those that choose a page.
func (f *Function) iterator() Function {
	it := *f
	it.Name, it.Aliases, it.Iterates, it.each = f.each.name, nil, f.each.item, iteration{}
	it.Params = nil
	for _, p := range f.Params {
		if p.Name != "page" && p.Name != "per_page" && p.Name != "token" && p.Name != "limit" {
			it.Params = append(it.Params, p)
		}
	}
	it.Description = "Iterate over all items of " + f.Name + ": for " + f.each.item + " in app.integrations.aircall." + f.each.name + "{} do."
	it.Returns = "an iterator for a for loop, which returns one " + f.each.item + " at a time."
	it.Note = "The loop reads a page of 50 items when it needs one, and each page counts as a call. An item that Aircall sends twice, because the list grew meanwhile, is returned once. Aircall's lists end at 10,000 items."
	it.complete()
	return it
}

// A cursor reads a list page by page.
type cursor struct {
	list  listing
	page  int    // the last one read
	token string // of the next page, for a list that is paged by tokens
	seen  map[int64]bool
	ended bool
}

func newCursor(l listing) *cursor {
	l.req.Query = maps.Clone(l.req.Query)
	return &cursor{list: l, seen: make(map[int64]bool)}
}

// next reads the next page. It returns the reply, and its items without those of earlier pages, which come again if the list
// has grown at its front. After an error next can be called again.
func (cur *cursor) next(c *call) (reply value, items []value, err error) {
	l := &cur.list
	if l.token == nil {
		l.req.Query.Set("page", strconv.Itoa(cur.page+1))
		l.req.Query.Set("per_page", strconv.Itoa(pageSize))
	} else if cur.token != "" {
		l.req.Query.Set("token", cur.token)
	}
	if reply, err = c.do(l.op, l.req); err != nil {
		return reply, nil, err
	}
	list := reply.get(l.key)
	if list == nil || list.kind != kindArray {
		return reply, nil, invalidReply(l.op, fmt.Sprintf("%q is not a list", l.key))
	}
	cur.page++
	if l.token != nil {
		before := cur.token
		cur.token = l.token(&reply)
		cur.ended = cur.token == "" || cur.token == before
	} else {
		cur.ended = last(reply.get("meta"), cur.page, len(list.list))
	}
	for _, item := range list.list {
		id, ok := item.get("id").int()
		if ok && cur.seen[id] {
			continue
		}
		cur.seen[id] = ok
		items = append(items, item)
	}
	return reply, items, nil
}

// iterate returns the iterator. It sends nothing before the loop needs an item.
func (s *session) iterate(L *lua.LState, c *call) lua.LValue {
	first := *c
	held := &luabox.Held{Bytes: iteratorSize + 2*c.size}
	s.box.Spend(L, held.Bytes)
	var cur *cursor
	var items []value // read and not yet returned
	read := func(c *call) error {
		if cur == nil {
			c.args = maps.Clone(c.args)
			c.args["page"], c.args["per_page"] = int64(1), int64(pageSize)
			l, err := c.listing()
			if err != nil {
				return err
			}
			cur = newCursor(l)
		}
		if cur.page == lastPage {
			return limitExceeded("Aircall's lists end at %d items. Narrow the list.", lastPage*pageSize)
		}
		_, found, err := cur.next(c)
		if err != nil {
			return err
		}
		page := objectValue(cur.list.key, arrayValue(found...))
		c.derive(&page)
		for _, item := range found {
			if cur.list.keep == nil || cur.list.keep(&item) {
				items = append(items, item)
			}
		}
		list := arrayValue(items...)
		held.Bytes = iteratorSize + 2*c.size + list.bytes() + 48*len(cur.seen)
		return nil
	}
	return L.NewClosure(s.box.Function("app."+c.path, func(L *lua.LState) (lua.LValue, error) {
		for len(items) == 0 && (cur == nil || !cur.ended) {
			step := first
			step.uncounted = false
			if failed := s.counted(L, &step, func() error { return read(&step) }); failed != nil {
				return nil, failed
			}
		}
		if len(items) == 0 {
			return lua.LNil, nil
		}
		item := items[0]
		items = items[1:]
		return s.toLua(L, &item), nil
	}), &lua.LUserData{Value: held, Metatable: lua.LNil})
}

// iteratorSize is about what an iterator takes without items.
const iteratorSize = 2 << 10

// pageSize is the most items on a page of Aircall, and the size of the pages in a walk.
const pageSize = 50

// A walk is the outcome of reading a list page by page.
type walk struct {
	envelope  value // of the first page
	scanned   int
	end       bool // the list has no more items than were scanned
	truncated bool // it stopped at Limits.MaxPages
}

// walk visits the items of a list page by page, in the list's order, until visit returns false, the list ends or
// Limits.MaxPages were read.
func (c *call) walk(op, key string, query url.Values, visit func(*value) bool) (walk, error) {
	var w walk
	cur := newCursor(listing{op: op, key: key, req: aircall.Request{Query: query}})
	for !cur.ended && cur.page < c.limits.MaxPages {
		reply, items, err := cur.next(c)
		if err != nil {
			return w, err
		}
		if cur.page == 1 {
			w.envelope = reply
		}
		for i := range items {
			w.scanned++
			if !visit(&items[i]) {
				return w, nil
			}
		}
	}
	w.end, w.truncated = cur.ended, !cur.ended
	return w, nil
}

// last reports whether a page of n items is the list's last. Beyond 10,000 items Aircall still sends links, to
// pages that it refuses; MaxPages ends a walk before.
func last(meta *value, page, n int) bool {
	if n == 0 {
		return true
	}
	if meta.get("next_page_link").str() != "" {
		return false
	}
	if total, ok := meta.get("total").int(); ok {
		return int64(page*pageSize) >= total
	}
	return n < pageSize
}

// find returns the requested page of the items that keep accepts. It stops as soon as that page is full.
func (c *call) find(op, key string, query url.Values, keep func(*value) bool) (value, error) {
	page, perPage := c.args["page"].(int64), c.args["per_page"].(int64)
	var kept []value
	matches, want, size := int64(0), page*perPage, 0
	w, err := c.walk(op, key, query, func(item *value) bool {
		if keep(item) {
			matches++
			if matches > want-perPage {
				kept = append(kept, *item)
				size += item.bytes()
			}
		}
		return matches < want && size <= c.limits.Memory
	})
	if err == nil && size > c.limits.Memory {
		err = c.tooMuch()
	}
	if err != nil {
		return value{}, err
	}
	meta := objectValue("count", len(kept))
	if w.end {
		meta.set("total", matches)
	}
	return w.result(key, kept, meta, page, perPage), nil
}

// listAll is the handler of functions that return the whole list as one page.
func listAll(c *call) (value, error) {
	var list []value
	size := 0
	w, err := c.walk(c.fn.Ops[0], c.fn.Key, url.Values{"order": {"asc"}}, func(item *value) bool {
		list = append(list, *item)
		size += item.bytes()
		return size <= c.limits.Memory
	})
	if err == nil && size > c.limits.Memory {
		err = c.tooMuch()
	}
	if err != nil {
		return value{}, err
	}
	meta := objectValue("count", len(list))
	if total := w.envelope.get("meta").get("total"); !w.truncated {
		meta.set("total", len(list))
	} else if _, known := total.int(); known {
		meta.set("total", *total)
	}
	return w.result(c.fn.Key, list, meta, 1, pageSize), nil
}

// tooMuch returns the error of a list that takes more memory than a script has.
func (c *call) tooMuch() error {
	return limitExceeded("The list takes more than %d bytes in memory. Narrow it.", c.limits.Memory)
}

// result returns the first page's envelope with the items and a meta that describes them, without links.
func (w *walk) result(key string, list []value, meta value, page, perPage int64) value {
	meta.members = append(meta.members, objectValue("current_page", page, "per_page", perPage, "scanned", w.scanned, "truncated", w.truncated).members...)
	w.envelope.set(key, arrayValue(list...))
	w.envelope.set("meta", meta)
	return w.envelope
}
