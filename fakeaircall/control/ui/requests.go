package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"
)

type request struct {
	Seq               uint64
	Time              time.Time
	Op, Method, Path  string
	Query             string
	Status            int
	Account           string
	DurationMS        float64  `json:"duration_ms"`
	UnknownRoute      bool     `json:"unknown_route"`
	UnknownParameters []string `json:"unknown_parameters"`
	Faults            []string
	Request, Reply    side
	Curl              string
}

type side struct {
	Headers map[string][]string
	Body    string
	Size    int
}

// Lines are the headers, sorted.
func (s side) Lines() (list []string) {
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		for _, v := range s.Headers[name] {
			list = append(list, name+": "+v)
		}
	}
	return list
}

// Shown is the body, indented if it is JSON.
func (s side) Shown() string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(s.Body), "", "  ") == nil {
		return b.String()
	}
	return s.Body
}

// Cut says how many bytes of the body are not kept.
func (s side) Cut() int { return max(0, s.Size-len(s.Body)) }

type requestsView struct {
	Requests []request // the newest first
	Older    uint64    // before which there may be more; 0: there are none
	Newer    bool      // there are newer ones than these
	Ops      []string
	Statuses []int
	Filtered bool
}

const requestRows = 100

var filters = []string{"op", "status", "unknown", "text", "of"}

func loadRequests(a asked) (any, error) {
	var v requestsView
	q := a.ofEverybody("op", a.query.Get("op"), "status", a.query.Get("status"), "unknown", a.query.Get("unknown"), "text", a.query.Get("text"),
		"before", a.query.Get("before"), "newest", text(requestRows+1))
	if err := a.get("requests", q, &v); err != nil {
		return nil, err
	}
	if len(v.Requests) > requestRows {
		v.Requests = v.Requests[1:]
		v.Older = v.Requests[0].Seq
	}
	slices.Reverse(v.Requests)
	v.Newer = a.query.Get("before") != ""
	v.Filtered = slices.ContainsFunc(filters, func(name string) bool { return a.query.Get(name) != "" })
	v.Statuses = []int{200, 201, 204, 400, 401, 403, 404, 405, 422, 429, 500, 503}
	var err error
	v.Ops, err = a.ops()
	return v, err
}

// ofEverybody is a query about the account, or about all and what was let in nowhere.
func (a asked) ofEverybody(pairs ...string) url.Values {
	q := a.ofAccount(pairs...)
	if a.query.Get("of") == "*" {
		q.Del("account")
	}
	return q
}

func loadRequest(a asked) (any, error) {
	seq, err := strconv.ParseUint(a.query.Get("seq"), 10, 64)
	if err != nil || seq == 0 {
		return nil, &refusal{400, "seq: that is not the number of a request", a.query.Get("seq"), "take one of the list"}
	}
	var got struct{ Requests []request }
	q := a.ofEverybody("since", text(seq-1), "newest", "1", "before", text(seq+1), "detail", "true")
	if err := a.get("requests", q, &got); err != nil {
		return nil, err
	}
	if len(got.Requests) == 0 {
		return nil, &refusal{404, "this request is kept no more", "request " + text(seq), "take one of the list"}
	}
	return got.Requests[0], nil
}

// operations are the names of what Aircall can be asked, sorted.
func (c control) operations() ([]string, error) {
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := c.get(context.Background(), "openapi.json", nil, &doc); err != nil {
		return nil, err
	}
	var ops []string
	for _, item := range doc.Paths {
		for _, raw := range item {
			var op struct{ OperationID string }
			if json.Unmarshal(raw, &op) == nil && op.OperationID != "" {
				ops = append(ops, op.OperationID)
			}
		}
	}
	slices.Sort(ops)
	return slices.Compact(ops), nil
}
