package pull

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

const (
	pageSize  = 50
	resultCap = 10_000 // page × per_page of any list of Aircall
)

// A kind is a list of an account.
type kind struct {
	name string // in replies and in the file
	path string
	most int // entries that are read; calls and contacts have their own bounds
}

const (
	users    = "users"
	numbers  = "numbers"
	teams    = "teams"
	tags     = "tags"
	webhooks = "webhooks"
	contacts = "contacts"
	calls    = "calls"
)

var kinds = []kind{
	{users, "/v2/users", 2_000}, {numbers, "/v1/numbers", 500}, {teams, "/v1/teams", 1_000}, {tags, "/v1/tags", 2_000},
	{webhooks, "/v1/webhooks", 100}, {contacts, "/v1/contacts", MaxContacts}, {calls, "/v1/calls", resultCap},
}

// The parts of a plan that a request can find out about. A 403 means that the plan does not have it.
const (
	analytics    = "analytics"
	campaigns    = "campaigns"
	messaging    = "messages"
	intelligence = "conversation intelligence"
)

// source is an account as it was read.
type source struct {
	account, owner string // as configured: its name, and an id or e-mail
	twin           string // the name of its twin

	total   map[string]int // entries by kind, as the API counts them; missing: unknown
	want    map[string]int // entries that are read
	refused []string       // kinds that the plan refuses with 403
	newest  time.Time      // start of the newest call
	sampled int            // how many of the calls the twin gets

	inWindow int // calls of the days that the statistics cover

	records  map[string][]record
	features map[string]string // yes, no or unknown
	raw      []any             // every reply, for the scan
}

func newSource(name, user, twin string) *source {
	return &source{account: name, owner: user, twin: twin, total: map[string]int{}, want: map[string]int{}, records: map[string][]record{}, features: map[string]string{}}
}

// get reads a path. It fails unless the reply is a JSON object with status 200, or has one of the other statuses.
func (p *Puller) get(ctx context.Context, s *source, path string, others ...int) (body record, status int, err error) {
	p.requests++
	status, data, err := p.reader.Get(ctx, s.account, path)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: nothing was written", err)
	}
	route, _, _ := strings.Cut(path, "?")
	v, notJSON := orderedjson.Decode(data)
	if notJSON == nil {
		s.raw = append(s.raw, v)
	}
	o, isObject := v.(orderedjson.Object)
	switch {
	case slices.Contains(others, status):
		return record(o), status, nil
	case status != http.StatusOK:
		return nil, status, fmt.Errorf("account %q: GET %s answers %d, so nothing was written: try again later", s.account, withoutIDs(route), status)
	case !isObject:
		return nil, status, fmt.Errorf("account %q: GET %s answers something else than a JSON object, so nothing was written: check that the target is Aircall", s.account, withoutIDs(route))
	}
	return record(o), status, nil
}

// withoutIDs returns a path with {id} for its ids.
func withoutIDs(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if i > 2 && strings.ContainsAny(part, "0123456789") {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "/")
}

// measure finds out how many entries each list has, and decides how many are read.
func (p *Puller) measure(ctx context.Context, s *source) error {
	for _, k := range kinds {
		query := "?per_page=1"
		if k.name == calls {
			query += "&order=desc"
		}
		body, status, err := p.get(ctx, s, k.path+query, http.StatusForbidden)
		switch {
		case err != nil:
			return err
		case status == http.StatusForbidden:
			s.refused = append(s.refused, k.name)
			continue
		}
		n, known := body.object("meta").number("total")
		if !known {
			n = int64(k.most)
		} else {
			s.total[k.name] = int(min(max(n, 0), 1<<31))
		}
		s.want[k.name] = int(min(max(n, 0), int64(k.most)))
		if found := body.list(calls); k.name == calls && len(found) > 0 {
			s.newest = found[0].instant("started_at")
		}
	}
	s.want[contacts] = min(s.want[contacts], p.options.Contacts)
	return p.measureCalls(ctx, s)
}

// measureCalls decides how many calls are read: the sample, and all of the days that the statistics cover.
func (p *Puller) measureCalls(ctx context.Context, s *source) error {
	s.sampled = min(s.want[calls], p.options.Calls)
	if p.options.Days > 0 && !s.newest.IsZero() {
		body, _, err := p.get(ctx, s, fmt.Sprintf("/v1/calls?per_page=1&from=%d", s.windowFrom(p.options.Days).Unix()))
		if err != nil {
			return err
		}
		n, _ := body.object("meta").number("total")
		s.inWindow = int(min(max(n, 0), resultCap))
	}
	s.want[calls] = min(s.want[calls], max(s.sampled, s.inWindow))
	return nil
}

// windowFrom returns when the days of the statistics begin.
func (s *source) windowFrom(days int) time.Time { return s.newest.AddDate(0, 0, -days) }

// plan returns how many requests reading an account takes, by what they read.
func (s *source) plan() (steps []step) {
	for _, k := range kinds {
		n := pages(s.want[k.name])
		if k.name == numbers {
			n += s.want[numbers] // a list of lines does not have their users
		}
		if n > 0 {
			steps = append(steps, step{k.name, n})
		}
	}
	return append(steps, step{"parts of the plan", probes})
}

type step struct {
	what     string
	requests int
}

// probes is how many requests probe sends at most.
const probes = 4

func pages(entries int) int { return (entries + pageSize - 1) / pageSize }

// read reads everything that measure planned.
func (p *Puller) read(ctx context.Context, s *source) error {
	for _, k := range kinds {
		if err := p.readList(ctx, s, k); err != nil {
			return err
		}
	}
	for i, n := range s.records[numbers] {
		id := n.id("id")
		if !isID(id) {
			continue
		}
		body, status, err := p.get(ctx, s, "/v1/numbers/"+id, http.StatusForbidden, http.StatusNotFound)
		if err != nil {
			return err
		}
		if status == http.StatusOK {
			s.records[numbers][i] = body.object("number")
		}
	}
	return p.probe(ctx, s)
}

// isID reports whether an id can be a part of a path.
func isID(id string) bool {
	return id != "" && len(id) < 20 && strings.Trim(id, "0123456789") == ""
}

// readList reads the pages of a list. Entries that moved to the next page while it read count once.
func (p *Puller) readList(ctx context.Context, s *source, k kind) error {
	known := map[string]bool{}
	order := ""
	if k.name == calls || k.name == contacts {
		order = "&order=desc"
	}
	for page := 1; page <= pages(s.want[k.name]); page++ {
		body, _, err := p.get(ctx, s, fmt.Sprintf("%s?per_page=%d&page=%d%s", k.path, pageSize, page, order))
		if err != nil {
			return err
		}
		list := body.list(k.name)
		for _, r := range list {
			id := r.id("id")
			if known[id] && id != "" || len(s.records[k.name]) >= s.want[k.name] {
				continue
			}
			known[id] = true
			s.records[k.name] = append(s.records[k.name], r)
		}
		if len(list) == 0 {
			break
		}
	}
	return nil
}

// probe finds out about parts of the plan.
func (p *Puller) probe(ctx context.Context, s *source) error {
	ask := func(feature, path string) error {
		_, status, err := p.get(ctx, s, path, http.StatusForbidden, http.StatusNotFound, http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable)
		if err != nil {
			return err
		}
		s.features[feature] = map[int]string{http.StatusOK: "yes", http.StatusForbidden: "no"}[status]
		if s.features[feature] == "" {
			s.features[feature] = "unknown"
		}
		return nil
	}
	// A company with the add-on answers 404, as it does not have this export.
	if err := ask(analytics, "/v1/analytics/report/export/00000000-0000-4000-8000-000000000000"); err != nil {
		return err
	}
	if s.features[analytics] == "unknown" {
		s.features[analytics] = "yes"
	}
	if err := ask(campaigns, "/v1/campaigns?per_page=1"); err != nil {
		return err
	}
	for _, n := range s.records[numbers] {
		if id := n.id("id"); isID(id) {
			if err := ask(messaging, "/v1/numbers/"+id+"/messages/configuration"); err != nil {
				return err
			}
			break
		}
	}
	if id := s.longestTalk(); id != "" {
		return ask(intelligence, "/v1/calls/"+id+"/transcription")
	}
	return nil
}

// longestTalk returns the id of the call that people talked in for the longest time: a short one has no transcription.
func (s *source) longestTalk() (id string) {
	longest := time.Duration(-1)
	for _, c := range s.records[calls] {
		from, to := c.instant("answered_at"), c.instant("ended_at")
		if talk := to.Sub(from); !from.IsZero() && !to.IsZero() && talk > longest && isID(c.id("id")) {
			id, longest = c.id("id"), talk
		}
	}
	return id
}
