package aircall

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxPerPage = 50
	maxPages   = listEnd // of a walk: 10,000 items at one a page
)

// Order is the direction of a list.
type Order string

// The orders of a list. Aircall's default is Asc.
const (
	Asc  Order = "asc"
	Desc Order = "desc"
)

// PageParams chooses a page of a list that has no window.
type PageParams struct {
	Page    int // from 1; 0: the first
	PerPage int // 1 to 50; 0: Aircall's default, 20 on most lists, and 50 when a whole list is walked
}

func (p PageParams) values() url.Values {
	q := url.Values{}
	setInt(q, "page", int64(p.Page))
	setInt(q, "per_page", int64(p.PerPage))
	return q
}

// ListParams chooses a page of a list, and what is on it by creation time (for calls: by start).
type ListParams struct {
	From, To time.Time // to the second, To included; From is included on all lists but those of calls; zero: open
	Order    Order     // "": Asc
	Page     int       // from 1; 0: the first
	PerPage  int       // 1 to 50; 0: Aircall's default, 20 on most lists, and 50 when a whole list is walked
}

func (p ListParams) values() url.Values {
	q := PageParams{p.Page, p.PerPage}.values()
	setTime(q, "from", p.From)
	setTime(q, "to", p.To)
	setText(q, "order", string(p.Order))
	return q
}

func setText(q url.Values, key, v string) {
	if v != "" {
		q.Set(key, v)
	}
}

func setInt(q url.Values, key string, v int64) {
	if v != 0 {
		q.Set(key, strconv.FormatInt(v, 10))
	}
}

func setTime(q url.Values, key string, t time.Time) {
	if !t.IsZero() {
		q.Set(key, strconv.FormatInt(t.Unix(), 10))
	}
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T
	Meta  Meta
	Next  int // the number of the next page; 0: this is the last
}

// Meta has the counts of a page. Some lists leave the links out.
type Meta struct {
	Count            int    `json:"count"`              // items on this page
	Total            int    `json:"total"`              // items on all pages
	CurrentPage      int    `json:"current_page"`       // from 1
	PerPage          int    `json:"per_page"`           // as Aircall applied it
	NextPageLink     string `json:"next_page_link"`     // "": null or absent
	PreviousPageLink string `json:"previous_page_link"` // "": null or absent
}

// list asks for one page; key is the name of its items.
func list[T any](ctx context.Context, c *Client, op, key string, req Request) (*Page[T], error) {
	res, err := c.Do(ctx, op, req)
	if err != nil {
		return nil, err
	}
	var p Page[T]
	envelope, err := c.open(res, key, &p.Items)
	if err != nil {
		return nil, err
	}
	var links map[string]json.RawMessage
	if meta, ok := envelope["meta"]; ok {
		if err := errors.Join(json.Unmarshal(meta, &p.Meta), json.Unmarshal(meta, &links)); err != nil {
			return nil, c.unusable(res, fmt.Errorf(`"meta": %w`, err))
		}
	}
	p.Next = p.next(req.Query, links["next_page_link"])
	return &p, nil
}

// next goes by number. The link decides only whether there is a next page, null being the sure sign that there
// is not: following it would let a reply choose the host that gets the credentials.
func (p *Page[T]) next(asked url.Values, link json.RawMessage) int {
	page, _ := strconv.Atoi(asked.Get("page"))
	page = max(page, 1)
	switch m := p.Meta; {
	case len(p.Items) == 0, string(link) == "null":
		return 0
	case m.Total > 0 && m.PerPage > 0 && page >= (m.Total+m.PerPage-1)/m.PerPage:
		return 0
	case m.Total <= 0 && link == nil:
		return 0
	}
	return page + 1
}

// walk yields the items of a list, page after page, from the page in the query on.
func walk[T any](ctx context.Context, c *Client, op, key string, req Request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		req := req
		req.Query = maps.Clone(req.Query)
		if !req.Query.Has("per_page") {
			req.Query.Set("per_page", strconv.Itoa(maxPerPage))
		}
		var none T
		for range maxPages {
			p, err := list[T](ctx, c, op, key, req)
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if p.Next == 0 {
				return
			}
			setInt(req.Query, "page", int64(p.Next))
		}
		out, _ := prepare(op, req)
		yield(none, out.invalidReply(0, fmt.Sprintf("the list does not end within %d pages", maxPages), "narrow the list"))
	}
}

// one asks for one object and takes it out of its envelope.
func one[T any](ctx context.Context, c *Client, op, key string, req Request) (*T, error) {
	res, err := c.Do(ctx, op, req)
	if err != nil {
		return nil, err
	}
	v := new(T)
	if _, err := c.open(res, key, v); err != nil {
		return nil, err
	}
	return v, nil
}

// whole asks for one object that stands without an envelope. It must have the key: any other object would silently become
// an empty one.
func whole[T any](ctx context.Context, c *Client, op, key string, req Request) (*T, error) {
	res, err := c.Do(ctx, op, req)
	if err != nil {
		return nil, err
	}
	var there json.RawMessage
	if _, err := c.open(res, key, &there); err != nil {
		return nil, err
	}
	v := new(T)
	if err := json.Unmarshal(res.Body, v); err != nil {
		return nil, c.unusable(res, err)
	}
	return v, nil
}

// tell sends a request whose reply has no content.
func (c *Client) tell(ctx context.Context, op string, req Request) error {
	_, err := c.Do(ctx, op, req)
	return err
}

// open takes the value of a key out of a reply's envelope, and returns the envelope. It fails if the key is missing: else any
// other reply would silently become an empty object.
func (c *Client) open(res *Response, key string, into any) (map[string]json.RawMessage, error) {
	var envelope map[string]json.RawMessage
	if len(res.Body) == 0 {
		return nil, c.unusable(res, fmt.Errorf("no body where {%q: …} was expected", key))
	}
	if err := json.Unmarshal(res.Body, &envelope); err != nil {
		return nil, c.unusable(res, fmt.Errorf("not an object with %q: %w", key, err))
	}
	inner, ok := envelope[key]
	if !ok || bytes.Equal(inner, []byte("null")) {
		return nil, c.unusable(res, fmt.Errorf("no %q in it, but: %s", key, strings.Join(slices.Sorted(maps.Keys(envelope)), ", ")))
	}
	if err := json.Unmarshal(inner, into); err != nil {
		return nil, c.unusable(res, fmt.Errorf("%q: %w", key, err))
	}
	return envelope, nil
}

// unusable returns the error of a successful reply whose body is not what the operation answers.
func (c *Client) unusable(res *Response, err error) *Error {
	return res.sent.invalidReply(res.Status, clip(c.redact(err.Error())), hintForeign)
}

// at returns ids as path values.
func at(ids ...int64) []string {
	path := make([]string, len(ids))
	for i, id := range ids {
		path[i] = strconv.FormatInt(id, 10)
	}
	return path
}
