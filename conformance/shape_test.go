package conformance

import (
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/features"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

func TestShapes(t *testing.T) {
	s := shapes{}
	for name, text := range map[string]string{
		"entry": `{"value":"<text>","id":"<id>","label":"<string>"}`,
		"box":   `{"id":"<id>","note":"<string?>","entries":["<entry>*"],"extra?":"<bool>","of":"<entry?>"}`,
	} {
		v, err := orderedjson.Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s[name] = v
	}
	const good = `{"id":1,"note":null,"entries":[{"value":"a","id":2,"label":""}],"of":null}`
	for _, c := range []struct {
		name, pattern, Value string
		how                  strictness
		want                 string // "" for a match
	}{
		{"the same", `"<box>"`, good, strictness{order: true}, ""},
		{"an optional key", `"<box>"`, `{"id":1,"note":"x","entries":[],"extra":true,"of":null}`, strictness{order: true}, ""},
		{"a key is missing", `"<box>"`, `{"id":1,"entries":[],"of":null}`, strictness{}, `box lacks the key "note"`},
		{"a key too many", `"<box>"`, `{"id":1,"note":null,"entries":[],"of":null,"x":1}`, strictness{}, `box has the key "x"`},
		{"a key too many, allowed", `"<box>"`, `{"id":1,"note":null,"entries":[],"of":null,"x":1}`, strictness{extra: true}, ""},
		{"another order", `"<box>"`, `{"note":null,"id":1,"entries":[],"of":null}`, strictness{order: true}, `box has the key "note" too early, the order is id, note, entries, extra, of`},
		{"another order, allowed", `"<box>"`, `{"note":null,"id":1,"entries":[],"of":null}`, strictness{}, ""},
		{"a key twice", `"<box>"`, `{"id":1,"id":1,"note":null,"entries":[],"of":null}`, strictness{}, `box has the key "id" twice`},
		{"deep inside", `"<box>"`, strings.Replace(good, `"id":2`, `"id":"2"`, 1), strictness{}, "box.entries[0].id is not <id> but a string"},
		{"null where it may not be", `"<box>"`, strings.Replace(good, `"id":1`, `"id":null`, 1), strictness{}, "box.id is not <id> but null"},
		{"something else in place of a list", `"<box>"`, `{"id":1,"note":null,"entries":{},"of":null}`, strictness{}, "box.entries is not a list but an object"},
		{"something else in place of an object", `"<box>"`, `[]`, strictness{}, "box is not an object but a list"},
		{"literals", `{"a":1,"b":"x","c":null,"d":true}`, `{"a":1,"b":"x","c":null,"d":true}`, strictness{order: true}, ""},
		{"another literal", `{"a":1}`, `{"a":1.0}`, strictness{}, "box.a differs"},
		{"a literal of another kind", `{"a":null}`, `{"a":[]}`, strictness{}, "box.a differs"},
		{"a list of other length", `["<int>","<int>"]`, `[1]`, strictness{}, "has 1 entries, not 2"},
		{"one of several", `"<in|out>"`, `"out"`, strictness{}, ""},
		{"none of several", `"<in|out>"`, `"up"`, strictness{}, "is not one of in|out"},
		{"null instead of several", `"<in|out?>"`, `null`, strictness{}, ""},
		{"a date", `"<iso>"`, `"2026-06-18T10:11:02.000Z"`, strictness{}, ""},
		{"an impossible date", `"<iso>"`, `"2026-06-38T10:11:02.000Z"`, strictness{}, "is not <iso>"},
		{"seconds", `"<unix>"`, `1781514000`, strictness{}, ""},
		{"milliseconds", `"<unix>"`, `1781514000000`, strictness{}, "is not <unix>"},
		{"a fraction", `"<int>"`, `1.5`, strictness{}, "is not <int>"},
		{"no such kind", `"<hue>"`, `1`, strictness{}, `neither a kind nor a shape is called "hue"`},
	} {
		pattern, err := orderedjson.Decode([]byte(c.pattern))
		if err != nil {
			t.Fatal(err)
		}
		value, err := orderedjson.Decode([]byte(c.Value))
		if err != nil {
			t.Fatal(err)
		}
		err = s.match(pattern, value, c.how, "box")
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// TestShapesOfTheFeatures: every name in angle brackets is a kind or a shape.
func TestShapesOfTheFeatures(t *testing.T) {
	s, err := loadShapes(features.FS)
	if err != nil {
		t.Fatal(err)
	}
	for name := range s {
		if _, both := kinds[name]; both {
			t.Errorf("%s is a kind and a shape", name)
		}
		checkNames(t, s, name, s[name])
	}
	for op, e := range envelopes {
		checkNames(t, s, op, e)
	}
}

func checkNames(t *testing.T, s shapes, place string, pattern any) {
	switch p := pattern.(type) {
	case orderedjson.Object:
		for _, m := range p {
			checkNames(t, s, place+"."+m.Key, m.Value)
		}
	case []any:
		for _, e := range p {
			checkNames(t, s, place, e)
		}
	case string:
		name := strings.TrimSuffix(strings.TrimSuffix(strings.Trim(strings.TrimSuffix(p, "*"), "<>"), "?"), ">")
		_, isShape := s[name]
		_, isKind := kinds[name]
		if strings.HasPrefix(p, "<") && !strings.Contains(name, "|") && !isShape && !isKind {
			t.Errorf("%s: %s names no kind and no shape", place, p)
		}
	}
}

func TestAgreement(t *testing.T) {
	for _, c := range []struct{ name, wire, lua, want string }{
		{"the same", `{"id":1,"tags":[{"id":2}]}`, `{"id":1,"tags":[{"id":2}]}`, ""},
		{"null is absent", `{"id":1,"ended_at":null}`, `{"id":1}`, ""},
		{"a name that is null is empty", `{"first_name":null}`, `{"first_name":""}`, ""},
		{"a name that is null is not absent", `{"first_name":null}`, `{}`, "first_name is missing"},
		{"added fields", `{"id":1}`, `{"id":1,"from":"+33"}`, ""},
		{"fields out of nowhere", `{"id":1}`, `{"id":1,"hue":"red"}`, `has the key "hue"`},
		{"a field is lost", `{"id":1,"sid":"x"}`, `{"id":1}`, "sid is missing"},
		{"a value differs", `{"id":1}`, `{"id":2}`, "id differs"},
		{"a text for a number", `{"id":1}`, `{"id":"1"}`, "id differs"},
		{"a link is signed anew", `{"recording":"https://a/b.mp3?sig=1"}`, `{"recording":"https://a/b.mp3?sig=2"}`, ""},
		{"a link leads elsewhere", `{"recording":"https://a/b.mp3?sig=1"}`, `{"recording":"https://a/c.mp3?sig=1"}`, "recording differs"},
		{"another link is signed anew", `{"asset":"https://a/b?sig=1"}`, `{"asset":"https://a/b?sig=2"}`, "asset differs"},
		{"an entry is lost", `{"tags":[1,2]}`, `{"tags":[1]}`, "has 1 entries, not 2"},
		{"an empty list may be an empty table", `{"tags":[]}`, `{"tags":{}}`, ""},
		{"a list became an object", `{"tags":[1]}`, `{"tags":{"1":1}}`, "is not a list"},
	} {
		wire, err := orderedjson.Decode([]byte(c.wire))
		if err != nil {
			t.Fatal(err)
		}
		lua, err := orderedjson.Decode([]byte(c.lua))
		if err != nil {
			t.Fatal(err)
		}
		err = agree(orderedjson.Plain(wire), orderedjson.Plain(lua), "it")
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
