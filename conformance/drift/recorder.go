package drift

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

const mostWords = 60

// A Recorder gathers the shapes of replies. The zero value is ready. It is not safe for concurrent use.
type Recorder struct {
	found map[string]*observedReply
	order []string
}

// Add records a reply to an operation. asks is "list", "one" or "missing", see ReplyShape. body is a value of package
// orderedjson, or nil for a reply without JSON, which has text if the reply has a body anyway.
func (r *Recorder) Add(op, asks string, status int, header http.Header, body any, text bool) {
	key := fmt.Sprintf("%s %s %d", op, asks, status)
	o := r.found[key]
	if o == nil {
		if r.found == nil {
			r.found = map[string]*observedReply{}
		}
		o = &observedReply{ReplyShape{Op: op, Asks: asks, Status: status}, map[string]int{}, &observedField{}}
		r.found[key], r.order = o, append(r.order, key)
	}
	o.Replies++
	for name := range header {
		o.headers[name]++
	}
	switch {
	case text:
		o.body.count("text that is not JSON")
	case body != nil:
		o.body.walk(body)
	}
}

// Shapes returns what was recorded, in the order of the first replies. ids are those that lists hold, by the name of the
// list. The caller fills in the date and the target.
func (r *Recorder) Shapes(ids map[string][]string) *Shapes {
	s := &Shapes{Version: Version, Replies: []ReplyShape{}}
	for _, key := range r.order {
		s.Replies = append(s.Replies, r.found[key].shape(ids))
	}
	return s
}

// observedReply gathers the replies to one question.
type observedReply struct {
	ReplyShape
	headers map[string]int
	body    *observedField
}

// observedField is a field of replies, with the fields in it.
type observedField struct {
	name           string
	isID, hasWords bool
	kinds          map[string]int // how often it was of each kind
	words, ids     map[string]bool
	within         map[string]*observedField
}

func (f *observedField) count(kind string) {
	if f.kinds == nil {
		f.kinds = map[string]int{}
	}
	f.kinds[kind]++
}

// inner returns the field of a key. A key that may hold anything has another name.
func (f *observedField) inner(key string) *observedField {
	in := f.within[key]
	if in == nil && key != "*" && !report.PlainKey(key) {
		key = hiddenKey
		in = f.within[key]
	}
	if in == nil {
		if f.within == nil {
			f.within = map[string]*observedField{}
		}
		in = &observedField{name: key, words: map[string]bool{}, ids: map[string]bool{}}
		in.isID = key == "id" || strings.HasSuffix(key, "_id")
		in.hasWords = slices.Contains(wordFields, key)
		f.within[key] = in
	}
	return in
}

const hiddenKey = "(a key)"

// jsonKinds are the kinds of JSON Schema, by what orderedjson.KindOf returns.
var jsonKinds = map[string]string{
	"an object": "object", "a list": "array", "a string": "string", "a boolean": "boolean", "a number": "number", "null": "null",
}

// mostIDs bounds the ids of one field that are kept.
const mostIDs = 10_000

// walk notes a value and all values in it.
func (f *observedField) walk(v any) {
	kind := jsonKinds[orderedjson.KindOf(v)]
	if kind == "number" {
		if n, isInteger := orderedjson.Integer(v); isInteger {
			kind = "integer"
			if f.isID && len(f.ids) < mostIDs {
				f.ids[fmt.Sprint(n)] = true
			}
		}
	}
	f.count(kind)
	switch v := v.(type) {
	case string:
		if f.hasWords && !f.words[v] && len(f.words) < mostWords && PlainWord(f.name, v) {
			f.words[v] = true
		}
	case orderedjson.Object:
		for _, m := range v {
			f.inner(m.Key).walk(m.Value)
		}
	case []any:
		for _, e := range v {
			f.inner("*").walk(e)
		}
	}
}

func (o *observedReply) shape(ids map[string][]string) ReplyShape {
	s := o.ReplyShape
	s.Headers, s.Fields = []string{}, []Field{}
	for _, name := range slices.Sorted(maps.Keys(o.headers)) {
		if o.headers[name] == o.Replies && report.PlainHeader(name) {
			s.Headers = append(s.Headers, name)
		}
	}
	if o.body.kinds != nil {
		o.body.fields("", 1, ids, &s.Fields)
	}
	slices.SortFunc(s.Fields, func(a, b Field) int { return strings.Compare(a.Path, b.Path) })
	return s
}

// fields appends the field and those in it. presence is the share of the enclosing objects that have it.
func (f *observedField) fields(path string, presence float64, ids map[string][]string, out *[]Field) {
	*out = append(*out, Field{
		Path: path, Kinds: slices.Sorted(maps.Keys(f.kinds)), Presence: presence, Words: slices.Sorted(maps.Keys(f.words)), Of: mostly(f.ids, ids),
	})
	for key, in := range f.within {
		share := 1.0
		if key != "*" {
			seen := 0
			for _, n := range in.kinds {
				seen += n
			}
			share = math.Round(100*float64(seen)/float64(f.kinds["object"])) / 100
		}
		in.fields(strings.TrimPrefix(path+"."+key, "."), share, ids, out)
	}
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
