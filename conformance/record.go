package conformance

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// wordFields are the fields whose words are recorded, if they have the form of plainWord.
var (
	wordFields = []string{"availability", "availability_status", "direction", "missed_call_reason", "participant_type", "registration_status", "state", "status", "type"}
	plainWord  = regexp.MustCompile(`^[A-Za-z][A-Za-z_ ]{0,39}$`)
)

const (
	mostWords   = 60
	sampledIDs  = 5 // of each list, for the reads of a single one
	sampledSize = 50
)

// Record sends some sixty reading requests to a target, with a few samples each, and returns the shapes of the replies. It
// changes nothing.
func Record(ctx context.Context, o Options) (*drift.Shapes, error) {
	t, err := newTarget(o)
	if err != nil {
		return nil, err
	}
	defer t.close()
	if _, err := t.preflight(ctx); err != nil {
		return nil, err
	}
	r := &shapeRecorder{t: t, account: t.first(), found: map[string]*observedReply{}, ids: map[string][]string{}}
	for _, q := range questions() {
		if err := r.answer(ctx, q); err != nil {
			return nil, exits(ExitEnvironment, fmt.Errorf("record %s: %w", q.op.Name, err))
		}
	}
	return r.shapes(), nil
}

// question is an operation that reads.
type question struct {
	op  aircall.Op
	ids string // the list that has its ids, such as "users"; "" for an operation that lists
}

// questions returns the operations that read. Those that list come first: the others need ids.
func questions() (all []question) {
	var single []question
	for _, op := range aircall.Ops() {
		parts := strings.Split(op.Path, "/") // "", "v1", "calls", "{id}", …
		switch {
		case op.Method != http.MethodGet:
		case !strings.Contains(op.Path, "{"):
			all = append(all, question{op: op})
		case strings.Count(op.Path, "{") == 1 && strings.HasPrefix(parts[3], "{"):
			single = append(single, question{op, parts[2]})
		}
	}
	return append(all, single...)
}

type shapeRecorder struct {
	t       *target
	account string
	found   map[string]*observedReply
	order   []string
	ids     map[string][]string // by list
}

// answer asks a question: a list once, and a single entry for some ids that exist and one that does not.
func (r *shapeRecorder) answer(ctx context.Context, q question) error {
	if q.ids == "" {
		return r.ask(ctx, q, "list", q.op.Path+"?per_page="+fmt.Sprint(sampledSize))
	}
	before, after, _ := strings.Cut(q.op.Path, "{")
	_, after, _ = strings.Cut(after, "}")
	ids := r.ids[q.ids]
	for i := range min(sampledIDs, len(ids)) { // spread over the list: old calls differ from new ones
		if err := r.ask(ctx, q, "one", before+ids[i*len(ids)/min(sampledIDs, len(ids))]+after); err != nil {
			return err
		}
	}
	return r.ask(ctx, q, "missing", before+"99999999999"+after)
}

func (r *shapeRecorder) ask(ctx context.Context, q question, asks, path string) error {
	reply, err := r.t.ask(ctx, r.account, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%s %s %d", q.op.Name, asks, reply.status)
	o := r.found[key]
	if o == nil {
		o = &observedReply{drift.ReplyShape{Op: q.op.Name, Asks: asks, Status: reply.status}, map[string]int{}, map[string]*observedField{}}
		r.found[key], r.order = o, append(r.order, key)
	}
	o.add(reply)
	if v, err := orderedjson.Decode(reply.body); err == nil && asks == "list" && reply.status == http.StatusOK {
		list := strings.TrimSuffix(q.op.Path[strings.LastIndex(q.op.Path, "/")+1:], "/")
		for _, key := range []string{"id", "webhook_id"} {
			found, _ := at(orderedjson.Plain(v), list+".*."+key)
			ids, _ := found.([]any)
			for _, id := range ids {
				r.ids[list] = append(r.ids[list], fmt.Sprint(id))
			}
			if len(r.ids[list]) > 0 {
				break
			}
		}
	}
	return nil
}

// observedReply gathers the replies to one question.
type observedReply struct {
	drift.ReplyShape
	headers map[string]int
	fields  map[string]*observedField
}

type observedField struct {
	kinds      map[string]int // how often it was of each kind
	words, ids map[string]bool
}

func (o *observedReply) add(r *reply) {
	o.Replies++
	for name := range r.header {
		o.headers[name]++
	}
	if v, err := orderedjson.Decode(r.body); err == nil {
		o.walk("", "", v)
	} else if len(r.body) > 0 {
		o.field("").kinds["text that is not JSON"]++
	}
}

func (o *observedReply) field(path string) *observedField {
	f := o.fields[path]
	if f == nil {
		f = &observedField{map[string]int{}, map[string]bool{}, map[string]bool{}}
		o.fields[path] = f
	}
	return f
}

// jsonKinds are the kinds of JSON Schema, by what kindOf returns.
var jsonKinds = map[string]string{
	"an object": "object", "a list": "array", "a string": "string", "a boolean": "boolean", "a number": "number", "null": "null",
}

// walk notes a value and all values in it.
func (o *observedReply) walk(path, name string, v any) {
	f, kind := o.field(path), jsonKinds[kindOf(v)]
	if n, isInteger := integer(v); isInteger {
		kind = "integer"
		if name == "id" || strings.HasSuffix(name, "_id") {
			f.ids[fmt.Sprint(n)] = true
		}
	}
	f.kinds[kind]++
	switch v := v.(type) {
	case string:
		if slices.Contains(wordFields, name) && plainWord.MatchString(v) && len(f.words) < mostWords {
			f.words[v] = true
		}
	case orderedjson.Object:
		for _, m := range v {
			key := m.Key
			if !plainKey.MatchString(key) {
				key = "(a key)"
			}
			o.walk(strings.TrimPrefix(path+"."+key, "."), key, m.Value)
		}
	case []any:
		for _, e := range v {
			o.walk(strings.TrimPrefix(path+".*", "."), "", e)
		}
	}
}

func (r *shapeRecorder) shapes() *drift.Shapes {
	s := &drift.Shapes{Version: drift.Version, Recorded: time.Now().UTC().Format(time.DateOnly), Target: r.t.kind, Replies: []drift.ReplyShape{}}
	if r.t.fake != nil {
		s.Recorded = start.Format(time.DateOnly) // a fake has its own clock
	}
	for _, key := range r.order {
		s.Replies = append(s.Replies, r.found[key].shape(r.ids))
	}
	return s
}

func (o *observedReply) shape(ids map[string][]string) drift.ReplyShape {
	s := o.ReplyShape
	s.Headers, s.Fields = []string{}, []drift.Field{}
	for _, name := range slices.Sorted(maps.Keys(o.headers)) {
		if o.headers[name] == o.Replies && plainKey.MatchString(name) {
			s.Headers = append(s.Headers, name)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(o.fields)) {
		f := o.fields[path]
		s.Fields = append(s.Fields, drift.Field{
			Path: path, Kinds: slices.Sorted(maps.Keys(f.kinds)), Presence: o.presence(path),
			Words: slices.Sorted(maps.Keys(f.words)), Of: mostly(f.ids, ids),
		})
	}
	return s
}

// presence returns the share of the enclosing objects that have the member, from 0 to 1.
func (o *observedReply) presence(path string) float64 {
	if path == "" || strings.HasSuffix(path, "*") {
		return 1
	}
	seen := 0
	for _, n := range o.fields[path].kinds {
		seen += n
	}
	objects := o.fields[path[:max(strings.LastIndex(path, "."), 0)]].kinds["object"]
	return math.Round(100*float64(seen)/float64(objects)) / 100
}

// mostly returns the list that holds at least half of the ids: it shows what two fields refer to, without the ids.
func mostly(seen map[string]bool, ids map[string][]string) string {
	for _, list := range slices.Sorted(maps.Keys(ids)) {
		n := 0
		for id := range seen {
			if slices.Contains(ids[list], id) {
				n++
			}
		}
		if n > 0 && 2*n >= len(seen) {
			return list
		}
	}
	return ""
}
