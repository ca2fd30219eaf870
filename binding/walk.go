package binding

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// pageSize is the most a page of Aircall holds; walks ask for that.
const pageSize = 50

// walked says how far a walk came.
type walked struct {
	envelope  value // of the first page
	total     *value
	scanned   int
	end       bool // there is nothing behind what was looked at
	truncated bool // it stopped at Limits.MaxPages
}

// walk looks at the items of a list page by page, in the list's order, until visit returns false, the list ends or
// Limits.MaxPages were read. An item that comes twice, because the list grew at its front meanwhile, is looked at once.
func (c *call) walk(op, key string, query url.Values, visit func(*value) bool) (walked, error) {
	var w walked
	query = maps.Clone(query)
	query.Set("per_page", strconv.Itoa(pageSize))
	seen := make(map[int64]bool)
	for page := 1; page <= c.limits.MaxPages; page++ {
		query.Set("page", strconv.Itoa(page))
		reply, err := c.do(op, aircall.Request{Query: query})
		if err != nil {
			return w, err
		}
		list := reply.get(key)
		if list == nil || list.kind != kindArray {
			return w, invalidReply(op, fmt.Sprintf("%q is not a list", key))
		}
		if page == 1 {
			w.envelope = reply
		}
		w.total = reply.get("meta").get("total")
		for i := range list.list {
			item := &list.list[i]
			if id, ok := item.get("id").int(); ok {
				if seen[id] {
					continue
				}
				seen[id] = true
			}
			w.scanned++
			if !visit(item) {
				return w, nil
			}
		}
		if last(reply.get("meta"), page, len(list.list)) {
			w.end = true
			return w, nil
		}
	}
	w.truncated = true
	return w, nil
}

// last reports whether a page of n items is the list's last. Beyond 10,000 items Aircall goes on giving links to pages
// it then refuses; MaxPages ends a walk before.
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

// find gives the asked page of those items that keep says yes to. It stops as soon as that page is full.
func (c *call) find(op, key string, query url.Values, keep func(*value) bool) (value, error) {
	page, perPage := c.args["page"].(int64), c.args["per_page"].(int64)
	kept := value{kind: kindArray}
	matches, want := int64(0), page*perPage
	w, err := c.walk(op, key, query, func(item *value) bool {
		if keep(item) {
			matches++
			if matches > want-perPage {
				kept.list = append(kept.list, *item)
			}
		}
		return matches < want
	})
	if err != nil {
		return value{}, err
	}
	meta := objectValue(member{"count", intValue(int64(len(kept.list)))})
	if w.end {
		meta.set("total", intValue(matches))
	}
	meta.set("current_page", intValue(page))
	meta.set("per_page", intValue(perPage))
	return w.give(key, kept, meta), nil
}

// all gives the whole list as if it were one page.
func (c *call) all(op, key string) (value, error) {
	list := value{kind: kindArray}
	w, err := c.walk(op, key, url.Values{"order": {"asc"}}, func(item *value) bool {
		list.list = append(list.list, *item)
		return true
	})
	if err != nil {
		return value{}, err
	}
	count := intValue(int64(len(list.list)))
	meta := objectValue(member{"count", count})
	switch _, known := w.total.int(); {
	case w.truncated && known:
		meta.set("total", *w.total)
	case !w.truncated:
		meta.set("total", count)
	}
	meta.set("current_page", intValue(1))
	meta.set("per_page", intValue(pageSize))
	return w.give(key, list, meta), nil
}

// give is the first page's envelope with what was gathered, and a meta that speaks of it. Links would lead elsewhere
// and are left out.
func (w *walked) give(key string, list, meta value) value {
	meta.set("scanned", intValue(int64(w.scanned)))
	meta.set("truncated", boolValue(w.truncated))
	w.envelope.set(key, list)
	w.envelope.set("meta", meta)
	return w.envelope
}
