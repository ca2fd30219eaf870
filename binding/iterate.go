package binding

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// A listing is how a list of Aircall is asked for.
type listing struct {
	op, key string
	req     aircall.Request
	keep    func(*value) bool   // which items count; nil: all
	token   func(*value) string // of the next page, on a list that goes by tokens
}

func (c *call) listing() (listing, error) {
	if c.fn.list != nil {
		return c.fn.list(c)
	}
	return listing{op: c.fn.Ops[0], key: c.fn.Key, req: c.request()}, nil
}

// listPage is the handler of functions that give one page of a list.
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

// listAll is the handler of functions that give the whole list as one page.
func listAll(c *call) (value, error) { return c.all(c.fn.Ops[0], c.fn.Key) }

// iterator is the function that goes through what f lists. It has f's parameters but those that choose a page.
func (f *Function) iterator() Function {
	it := *f
	it.Name, it.Aliases, it.Iterates, it.each = f.each.name, nil, f.each.item, iteration{}
	it.Params = nil
	for _, p := range f.Params {
		if p.Name != "page" && p.Name != "per_page" && p.Name != "token" && p.Name != "limit" {
			it.Params = append(it.Params, p)
		}
	}
	it.Description = "Go through what " + f.Name + " lists, to its end: for " + f.each.item + " in app.integrations.aircall." + f.each.name + "{} do."
	it.Returns = "an iterator for a for loop, which gives one " + f.each.item + " after the other."
	it.Note = "A page of 50 is read when the loop comes to it, and counts as a call. An item that comes twice, because the list grew meanwhile, is given once. Aircall's lists end at 10,000 items."
	it.complete()
	return it
}

// A cursor is how far a script's iterator has come.
type cursor struct {
	call  call
	list  *listing // nil: nothing was asked yet
	page  int      // the last one read
	token string
	items []value // read and not yet given
	seen  map[int64]bool
	ended bool
}

// iterate makes the iterator. It asks for nothing before the loop does.
func (s *session) iterate(L *lua.LState, c *call) lua.LValue {
	cur := &cursor{call: *c, seen: make(map[int64]bool)}
	return L.NewFunction(s.guard("app."+c.path, func(L *lua.LState) (lua.LValue, *ScriptError) {
		for len(cur.items) == 0 && !cur.ended {
			step := cur.call
			step.uncounted = false
			if failed := s.counted(L, &step, func() error { return cur.read(&step) }); failed != nil {
				return nil, failed
			}
		}
		if len(cur.items) == 0 {
			return lua.LNil, nil
		}
		item := cur.items[0]
		cur.items = cur.items[1:]
		return s.toLua(L, &item), nil
	}))
}

// read gets the next page. What fails can be tried again: the cursor moves only when the page is there.
func (cur *cursor) read(c *call) error {
	if cur.list == nil {
		c.args = maps.Clone(c.args)
		c.args["page"], c.args["per_page"] = int64(1), int64(pageSize)
		l, err := c.listing()
		if err != nil {
			return err
		}
		if l.req.Query = maps.Clone(l.req.Query); l.req.Query == nil {
			l.req.Query = url.Values{}
		}
		cur.list = &l
	}
	l := cur.list
	if cur.page == lastPage {
		return &ScriptError{Type: TypeLimitExceeded, Message: fmt.Sprintf(
			"Aircall's lists end at %d items. Narrow the list.", lastPage*pageSize)}
	}
	if l.token == nil {
		l.req.Query.Set("page", strconv.Itoa(cur.page+1))
		l.req.Query.Set("per_page", strconv.Itoa(pageSize))
	} else if cur.token != "" {
		l.req.Query.Set("token", cur.token)
	}
	reply, err := c.do(l.op, l.req)
	if err != nil {
		return err
	}
	list := reply.get(l.key)
	if list == nil || list.kind != kindArray {
		return invalidReply(l.op, fmt.Sprintf("%q is not a list", l.key))
	}
	c.derive(&reply)
	cur.page++
	if l.token != nil {
		before := cur.token
		cur.token = l.token(&reply)
		cur.ended = cur.token == "" || cur.token == before
	} else {
		cur.ended = last(reply.get("meta"), cur.page, len(list.list))
	}
	for i := range list.list {
		cur.take(&list.list[i])
	}
	return nil
}

func (cur *cursor) take(item *value) {
	if id, ok := item.get("id").int(); ok {
		if cur.seen[id] {
			return
		}
		cur.seen[id] = true
	}
	if cur.list.keep == nil || cur.list.keep(item) {
		cur.items = append(cur.items, *item)
	}
}
