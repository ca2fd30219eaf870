package traffic

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// Values of Result.Target.
const (
	targetLive = "live" // every exchange was with api.aircall.io
	targetURL  = "url"
)

// A Result is what recordings show. It holds no value that was recorded.
type Result struct {
	Files       []File         `json:"files"`
	Target      string         `json:"target"`         // "live" if every exchange was with api.aircall.io, else "url"
	From        time.Time      `json:"from,omitzero"`  // time of the oldest exchange
	Newest      time.Time      `json:"until,omitzero"` // time of the newest exchange
	Checked     int            `json:"checked"`        // exchanges with the API, events and short URLs
	Events      int            `json:"events"`         // of those, events that webhooks received
	WithoutBody int            `json:"without_body"`   // of those, exchanges whose recording has no body of the reply
	Masked      int            `json:"masked"`         // of those, exchanges with neutral values
	Failures    int            `json:"failures"`       // of those, replies of 500 and more, which say nothing about the contract
	Skipped     map[string]int `json:"skipped"`        // entries that do not count, by reason

	Operations  []*Operation `json:"operations"`
	Assumptions []*Verdict   `json:"assumptions"` // in the order of the fake's table
	New         []*New       `json:"new"`
	Breaches    []*Breach    `json:"breaches"`

	shapes drift.Recorder
	ids    map[string][]string
	byID   map[string]*Verdict
	byOp   map[string]*Operation
	shown  []string // what --entry asks for
}

// A File is a recording.
type File struct {
	Name    string `json:"name"`
	Entries int    `json:"entries"`
}

// noOperation is what reports call the operation of a path that the API does not have.
const noOperation = "unknown path"

// A Place says where something was seen.
type Place struct {
	File   string `json:"file"`
	Entry  int    `json:"entry"` // from 1
	Op     string `json:"op"`
	Method string `json:"method"`
	Path   string `json:"path,omitempty"` // of the operation
	Status int    `json:"status"`
}

// String returns the place in one line.
func (p Place) String() string {
	return fmt.Sprintf("%s entry %d, %s %d", p.File, p.Entry, p.Op, p.Status)
}

// An Operation counts the exchanges with one operation.
type Operation struct {
	Op        string      `json:"op"`
	Exchanges int         `json:"exchanges"`
	Statuses  map[int]int `json:"statuses"`

	method, path string
}

// A Verdict is what the recordings say about an assumption.
type Verdict struct {
	ID        string `json:"id"`
	Says      string `json:"says"`
	Answer    string `json:"answer,omitempty"` // that was assumed
	Result    string `json:"result"`           // one of report.Confirmed, report.Refuted and report.NotObserved
	Confirmed int    `json:"confirmed"`        // exchanges that confirm it
	Refuted   int    `json:"refuted"`          // exchanges that refute it: one decides
	Fits      string `json:"fits,omitempty"`   // the other answer that the first refuting exchange agrees with
	Why       string `json:"why,omitempty"`    // why nothing was observed
	Place     *Place `json:"place,omitempty"`  // the first exchange that decided
}

// New is something that the contract does not have.
type New struct {
	Kind  string `json:"kind"` // "route", "member", "word", "header", "event" or "status"
	What  string `json:"what"`
	Times int    `json:"times"` // exchanges that have it
	Place Place  `json:"place"` // the first
}

// A Breach is a difference from the contract.
type Breach struct {
	report.Breach
	Known string `json:"known,omitempty"` // the recorded reason why it is accepted
	Place Place  `json:"place"`           // the first
}

func newResult(chosen map[string]string) *Result {
	r := &Result{Target: targetLive, Files: []File{}, Skipped: map[string]int{}, Operations: []*Operation{}, New: []*New{}, Breaches: []*Breach{},
		byID: map[string]*Verdict{}, byOp: map[string]*Operation{}, ids: map[string][]string{}}
	for _, a := range fakeaircall.Assumptions() {
		v := &Verdict{ID: a.ID, Says: a.Says, Answer: chosen[a.ID], Result: report.NotObserved, Why: whyNot(a.ID)}
		r.Assumptions, r.byID[a.ID] = append(r.Assumptions, v), v
	}
	return r
}

func (r *Result) skip(reason string) { r.Skipped[reason]++ }

// add adds an exchange that counts.
func (r *Result) add(x *exchange, j *judgement, o Options) {
	r.count(x)
	if o.Shapes && x.kind == withAPI && x.op != "" && x.HasBody {
		r.record(x)
	}
	if o.Entry > 0 && o.Entry != x.number {
		return
	}
	if o.Entry > 0 {
		r.show(x)
	}
	for _, s := range j.sights {
		r.see(s, x)
	}
	for at, n := range j.news {
		if slices.Contains(j.news[:at], n) {
			continue // exchanges count, and not the records in them
		}
		i := slices.IndexFunc(r.New, func(e *New) bool { return e.Kind == n.kind && e.What == n.what })
		if i < 0 && len(r.New) >= mostKept {
			continue
		}
		if i < 0 {
			i, r.New = len(r.New), append(r.New, &New{Kind: n.kind, What: n.what, Place: x.place()})
		}
		r.New[i].Times++
	}
	for _, b := range j.breaches {
		i := slices.IndexFunc(r.Breaches, func(e *Breach) bool { return e.String() == b.String() })
		if i < 0 && len(r.Breaches) >= mostKept {
			continue
		}
		if i < 0 {
			b.Times, b.Purpose = 0, purpose
			i, r.Breaches = len(r.Breaches), append(r.Breaches, &Breach{Breach: b, Place: x.place()})
		}
		r.Breaches[i].Times++
	}
}

func (r *Result) count(x *exchange) {
	r.Checked++
	host := strings.ToLower(x.URL.Hostname())
	if x.kind != delivery && host != liveHost && host != shortHost {
		r.Target = targetURL
	}
	if at := x.at(); !at.IsZero() && at.Year() > 2000 {
		if r.From.IsZero() || at.Before(r.From) {
			r.From = at
		}
		if at.After(r.Newest) {
			r.Newest = at
		}
	}
	switch {
	case x.kind == delivery:
		r.Events++
	case x.Status >= 500:
		r.Failures++
	case !x.HasBody && x.Status != 204 && x.Status != 304:
		r.WithoutBody++
	}
	if x.Masked {
		r.Masked++
	}
	if x.kind != withAPI {
		return
	}
	name := cmp.Or(x.op, noOperation)
	op := r.byOp[name]
	if op == nil {
		op = &Operation{Op: name, Statuses: map[int]int{}, method: plainMethod(x.Method), path: cmp.Or(x.route, plainPath(x.path))}
		r.byOp[name], r.Operations = op, append(r.Operations, op)
	}
	op.Exchanges++
	op.Statuses[x.Status]++
}

// see counts what an exchange says about an assumption. A single refutation decides.
func (r *Result) see(s sight, x *exchange) {
	v := r.byID[s.id]
	if v == nil {
		return // a test knows that every rule has an assumption
	}
	place := x.place()
	if s.confirms(v.Answer) {
		v.Confirmed++
		if v.Result == report.NotObserved {
			v.Result, v.Place, v.Why = report.Confirmed, &place, ""
		}
		return
	}
	v.Refuted++
	if v.Result != report.Refuted {
		v.Result, v.Place, v.Why, v.Fits = report.Refuted, &place, "", strings.Join(s.fits, " or ")
	}
}

// record adds the shape of a reply, as "conformance record" does.
func (r *Result) record(x *exchange) {
	asks := "one"
	switch {
	case x.Status == 404 && len(x.vars) > 0:
		asks = "missing"
	case len(x.vars) == 0 || x.list():
		asks = "list"
	}
	if x.Method != "GET" {
		return
	}
	r.shapes.Add(x.op, asks, x.Status, x.ReplyHeader, x.body, !x.isJSON && len(x.ReplyBody) > 0)
	if asks == "list" && x.ok() {
		list := x.route[strings.LastIndexByte(x.route, '/')+1:]
		for _, o := range objects(x.get(list)) {
			if id, ok := number(dig(o, "id")); ok && len(r.ids[list]) < 10_000 {
				r.ids[list] = append(r.ids[list], fmt.Sprint(id))
			}
		}
	}
}

// Shapes returns the shapes of the replies, if the options asked for them.
func (r *Result) Shapes() *drift.Shapes {
	s := r.shapes.Shapes(r.ids)
	s.Recorded, s.Target = r.Newest.Format(time.DateOnly), r.Target
	return s
}

// show keeps the outline of the entry that was asked for.
func (r *Result) show(x *exchange) {
	line := fmt.Sprintf("%s entry %d: ", x.file, x.number)
	switch x.kind {
	case delivery:
		line += "an event for a webhook"
	case shortURL:
		line += fmt.Sprintf("a short URL, %d", x.Status)
	default:
		line += fmt.Sprintf("%s %s %d", plainMethod(x.Method), cmp.Or(x.route, plainPath(x.path)), x.Status)
	}
	r.shown = append(r.shown, line)
	add := func(name string, values []string, plain func(string) bool) {
		values = slices.DeleteFunc(values, func(v string) bool { return !plain(strings.TrimSuffix(v, "[]")) })
		if len(values) > 0 {
			r.shown = append(r.shown, fmt.Sprintf("  %-9s %s", name, strings.Join(values, ", ")))
		}
	}
	add("query", slices.Sorted(maps.Keys(x.query)), report.PlainKey)
	add("sent", keys(object(x.sent)), report.PlainKey)
	add("headers", slices.Sorted(maps.Keys(x.ReplyHeader)), report.PlainHeader)
	if x.isJSON {
		r.shown = append(r.shown, fmt.Sprintf("  %-9s %s", "reply", outline(x.body, 3)))
	} else if x.HasBody {
		r.shown = append(r.shown, fmt.Sprintf("  %-9s %d bytes that are not JSON", "reply", len(x.ReplyBody)))
	}
}

// outline returns the members of a value and their kinds, to a depth.
func outline(v any, depth int) string {
	switch v := v.(type) {
	case orderedjson.Object:
		if depth == 0 {
			return "{…}"
		}
		var parts []string
		for _, m := range v {
			key := m.Key
			if !report.PlainKey(key) {
				key = "(a key)"
			}
			parts = append(parts, key+": "+outline(m.Value, depth-1))
		}
		if len(parts) > 60 {
			parts = append(parts[:60], "…")
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		if len(v) == 0 {
			return "[]"
		}
		return fmt.Sprintf("[%d × %s]", len(v), outline(v[0], depth))
	}
	return strings.TrimPrefix(strings.TrimPrefix(orderedjson.KindOf(v), "a "), "an ")
}

// Shown reports whether the entry that the options asked for was found.
func (r *Result) Shown() bool { return len(r.shown) > 0 }

// of returns the verdicts with a result.
func (r *Result) of(result string) (list []*Verdict) {
	for _, v := range r.Assumptions {
		if v.Result == result {
			list = append(list, v)
		}
	}
	return list
}

// Levels of FailsAt, the lightest first.
var Levels = []string{"new", "breach", "refuted", "never"}

// FailsAt reports whether the result has something of a level, or of a worse one: something new, a breach of the contract,
// or a refuted assumption.
func (r *Result) FailsAt(level string) bool {
	from := slices.Index(Levels, level)
	breaks := slices.ContainsFunc(r.Breaches, func(b *Breach) bool { return b.Known == "" })
	return len(r.New) > 0 && from == 0 || breaks && from <= 1 || len(r.of(report.Refuted)) > 0 && from <= 2
}
