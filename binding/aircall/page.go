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
	"reflect"
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

// PageParams chooses a page of a list that has neither an order nor a time window.
type PageParams struct {
	Page    int `url:"page"`     // from 1; 0: the first
	PerPage int `url:"per_page"` // 1 to 50; 0: Aircall's default, 20 on most lists, and 50 for List.All
}

// OrderedPageParams chooses a page of a list that has an order and no time window.
type OrderedPageParams struct {
	Order   Order `url:"order"`    // "": Asc
	Page    int   `url:"page"`     // from 1; 0: the first
	PerPage int   `url:"per_page"` // 1 to 50; 0: Aircall's default, and 50 for List.All
}

// ListParams chooses a page of a list, and its items by creation time (calls: by start).
type ListParams struct {
	From    time.Time `url:"from"`     // to the second, included on all lists but those of calls; zero: open
	To      time.Time `url:"to"`       // to the second, included; zero: open
	Order   Order     `url:"order"`    // "": Asc
	Page    int       `url:"page"`     // from 1; 0: the first
	PerPage int       `url:"per_page"` // 1 to 50; 0: Aircall's default, 20 on most lists, and 50 for List.All
}

// values returns the fields of a struct as a query, named by their url tags. It leaves out zero fields.
func values(params any) url.Values {
	query, v := url.Values{}, reflect.ValueOf(params)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			continue
		}
		key := v.Type().Field(i).Tag.Get("url")
		switch field := v.Field(i).Interface().(type) {
		case time.Time:
			query.Set(key, strconv.FormatInt(field.Unix(), 10))
		case []int64:
			query[key] = at(field...)
		case []Fetch:
			for _, part := range field {
				query.Set(string(part), "true")
			}
		case ListParams:
			maps.Copy(query, values(field))
		default:
			query.Set(key, fmt.Sprint(field))
		}
	}
	return query
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

// A List is a list of Aircall's with its filters. Nothing is sent before Page or All is used.
type List[T any] struct {
	client  *Client
	op, key string // key: the name of the items in a reply
	req     Request
}

// Page returns the page that the parameters chose.
func (l List[T]) Page(ctx context.Context) (*Page[T], error) {
	res, err := l.client.Do(ctx, l.op, l.req)
	if err != nil {
		return nil, err
	}
	var p Page[T]
	envelope, err := l.client.open(res, l.key, &p.Items)
	if err != nil {
		return nil, err
	}
	var links map[string]json.RawMessage
	if meta, ok := envelope["meta"]; ok {
		if err := errors.Join(json.Unmarshal(meta, &p.Meta), json.Unmarshal(meta, &links)); err != nil {
			return nil, l.client.unusable(res, fmt.Errorf(`"meta": %w`, err))
		}
	}
	p.Next = p.next(l.req.Query, links["next_page_link"])
	return &p, nil
}

// All yields the items of the list page after page, beginning with the page that the parameters chose.
func (l List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		l := l
		l.req.Query = maps.Clone(l.req.Query)
		if !l.req.Query.Has("per_page") {
			l.req.Query.Set("per_page", strconv.Itoa(maxPerPage))
		}
		var none T
		for range maxPages {
			p, err := l.Page(ctx)
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
			l.req.Query.Set("page", strconv.Itoa(p.Next))
		}
		out, _ := prepare(l.op, l.req)
		yield(none, out.invalidReply(0, fmt.Sprintf("the list does not end within %d pages", maxPages), "narrow the list"))
	}
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
