package conformance

import (
	"cmp"
	"context"
	"encoding/json"
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

// wordFields are the fields whose words are kept. A word that is none of these, in form, is not.
var (
	wordFields = []string{"availability", "availability_status", "direction", "missed_call_reason", "participant_type", "registration_status", "state", "status", "type"}
	plainWord  = regexp.MustCompile(`^[A-Za-z][A-Za-z_ ]{0,39}$`)
)

const (
	mostWords   = 60
	sampledIDs  = 5 // of each list, for the reads of a single one
	sampledSize = 50
)

// Record asks a target what can be read, some sixty questions with a few samples each, and keeps the shapes of what it
// answers. Nothing is changed.
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

// question is an operation that reads, and whose id it wants.
type question struct {
	op  aircall.Op
	ids string // the list of its id: "users"; "" for an operation that lists
}

// questions are the operations that read, those that list first: the others need ids.
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

// answer asks a question: a list once, something single for some ids that are there and one that is not.
func (r *shapeRecorder) answer(ctx context.Context, q question) error {
	if q.ids == "" {
		return r.ask(ctx, q, "list", q.op.Path+"?per_page="+fmt.Sprint(sampledSize))
	}
	fill := func(id string) string {
		i, j := strings.Index(q.op.Path, "{"), strings.Index(q.op.Path, "}")
		return q.op.Path[:i] + id + q.op.Path[j+1:]
	}
	ids := r.ids[q.ids]
	for i := range min(sampledIDs, len(ids)) { // from all over the list: old calls are unlike new ones
		if err := r.ask(ctx, q, "one", fill(ids[i*len(ids)/min(sampledIDs, len(ids))])); err != nil {
			return err
		}
	}
	return r.ask(ctx, q, "missing", fill("99999999999"))
}

func (r *shapeRecorder) ask(ctx context.Context, q question, asks, path string) error {
	reply, err := r.t.ask(ctx, r.account, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%s %s %d", q.op.Name, asks, reply.status)
	o := r.found[key]
	if o == nil {
		o = &observedReply{op: q.op.Name, asks: asks, status: reply.status, fields: map[string]*observedField{}}
		r.found[key], r.order = o, append(r.order, key)
	}
	o.add(reply)
	if v, err := orderedjson.Decode(reply.body); err == nil && asks == "list" && reply.status == http.StatusOK {
		list := strings.TrimSuffix(q.op.Path[strings.LastIndex(q.op.Path, "/")+1:], "/")
		for _, key := range []string{"id", "webhook_id"} {
			for _, id := range asList(at(orderedjson.Plain(v), list+".*."+key)) {
				r.ids[list] = append(r.ids[list], fmt.Sprint(id))
			}
			if len(r.ids[list]) > 0 {
				break
			}
		}
	}
	return nil
}

func asList(v any, ok bool) []any {
	list, isList := v.([]any)
	if !ok || !isList {
		return nil
	}
	return list
}

// observedReply gathers the replies to one question.
type observedReply struct {
	op, asks string
	status   int
	replies  int
	headers  map[string]int
	fields   map[string]*observedField
}

type observedField struct {
	seen, objects int // how often it was there, and how often it was an object
	kinds, words  map[string]bool
	ids           map[string]bool
}

func (o *observedReply) add(r *reply) {
	o.replies++
	if o.headers == nil {
		o.headers = map[string]int{}
	}
	for name := range r.header {
		o.headers[name]++
	}
	if len(r.body) == 0 {
		return
	}
	v, err := orderedjson.Decode(r.body)
	if err != nil {
		o.field("").note("text that is no JSON", nil, "")
		return
	}
	o.walk("", "", v)
}

func (o *observedReply) field(path string) *observedField {
	f := o.fields[path]
	if f == nil {
		f = &observedField{kinds: map[string]bool{}, words: map[string]bool{}, ids: map[string]bool{}}
		o.fields[path] = f
	}
	return f
}

// walk notes a value and all in it.
func (o *observedReply) walk(path, name string, v any) {
	o.field(path).note(driftKind(v), v, name)
	switch v := v.(type) {
	case orderedjson.Object:
		for _, m := range v {
			key := m.Key
			if !plainKey.MatchString(key) {
				key = "(a key)"
			}
			o.walk(join(path, key), key, m.Value)
		}
	case []any:
		for _, e := range v {
			o.walk(join(path, "*"), "", e)
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (f *observedField) note(kind string, v any, name string) {
	f.seen++
	f.kinds[kind] = true
	if kind == "object" {
		f.objects++
	}
	word, isText := v.(string)
	if isText && slices.Contains(wordFields, name) && plainWord.MatchString(word) && len(f.words) < mostWords {
		f.words[word] = true
	}
	if n, isNumber := integer(v); isNumber && (name == "id" || strings.HasSuffix(name, "_id")) {
		f.ids[fmt.Sprint(n)] = true
	}
}

// driftKind is the kind of a value, by what JSON Schema calls it.
func driftKind(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case orderedjson.Object:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		if _, ok := integer(v); !ok {
			return "number"
		}
	}
	return "integer"
}

func (r *shapeRecorder) shapes() *drift.Shapes {
	s := &drift.Shapes{Version: drift.Version, Recorded: time.Now().UTC().Format(time.DateOnly), Target: r.t.kind, Replies: []drift.ReplyShape{}}
	if r.t.fake != nil {
		s.Recorded = start.Format(time.DateOnly) // its own time
	}
	for _, key := range r.order {
		s.Replies = append(s.Replies, r.found[key].shape(r.ids))
	}
	return s
}

func (o *observedReply) shape(ids map[string][]string) drift.ReplyShape {
	s := drift.ReplyShape{Op: o.op, Asks: o.asks, Status: o.status, Replies: o.replies, Headers: []string{}, Fields: []drift.Field{}}
	for _, name := range slices.Sorted(maps.Keys(o.headers)) {
		if o.headers[name] == o.replies && plainKey.MatchString(name) {
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

// presence compares how often a member was there with how often the object around it was one.
func (o *observedReply) presence(path string) float64 {
	parent := ""
	if i := strings.LastIndex(path, "."); i >= 0 {
		parent = path[:i]
	}
	if path == "" || strings.HasSuffix(path, "*") {
		return 1
	}
	return math.Round(100*float64(o.fields[path].seen)/float64(o.fields[parent].objects)) / 100
}

// mostly is the list in which at least half of the ids are found: it tells that two fields are about the same thing,
// without telling which.
func mostly(seen map[string]bool, ids map[string][]string) string {
	for _, list := range slices.SortedFunc(maps.Keys(ids), cmp.Compare[string]) {
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
