package conformance

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// shapes are the patterns of features/shapes by name.
//
// A pattern is JSON. A string in angle brackets is a kind ("<int>", "<unix>"), another shape ("<user>") or
// one of several words ("<inbound|outbound>"); a "?" before the closing bracket allows null as well. A list of one
// such string with a "*" after it ("<tag>*") has any number of entries. A key with a "?" at its end may be missing.
// Anything else must be equal.
type shapes map[string]any

func loadShapes(fsys fs.FS) (shapes, error) {
	files, err := fs.Glob(fsys, "shapes/*.json")
	if err != nil {
		return nil, err
	}
	all := maps.Clone(promised)
	for _, f := range files {
		data, err := fs.ReadFile(fsys, f)
		if err != nil {
			return nil, err
		}
		if all[strings.TrimSuffix(path.Base(f), ".json")], err = orderedjson.Decode(data); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
	}
	return all, nil
}

// strictness is how strictly a value must match a pattern.
type strictness struct {
	order bool // keys must be in the order of the pattern
	extra bool // other keys are allowed: a live account may have undocumented ones
}

// match compares a value with a pattern. The place begins the text of a finding.
func (s shapes) match(pattern, value any, how strictness, place string) error {
	return inside(place, s.compare(pattern, value, how))
}

// inside puts a place, such as a key, before the text of a finding. Places are not built in advance: most comparisons find
// nothing.
func inside(place string, err error) error {
	if f, ok := err.(*finding); ok {
		f.what = place + f.what
	}
	return err
}

func (s shapes) compare(pattern, value any, how strictness) error {
	switch p := pattern.(type) {
	case orderedjson.Object:
		return s.compareObject(p, value, how)
	case []any:
		return s.compareList(p, value, how)
	case string:
		if kind, ok := strings.CutPrefix(p, "<"); ok && strings.HasSuffix(kind, ">") {
			return s.compareKind(strings.TrimSuffix(kind, ">"), value, how)
		}
	}
	if pattern != value {
		return &finding{" differs", show(pattern), show(orderedjson.Plain(value))}
	}
	return nil
}

func (s shapes) compareObject(p orderedjson.Object, value any, how strictness) error {
	v, ok := value.(orderedjson.Object)
	if !ok {
		return notOfKind("an object", value)
	}
	last, found := -1, 0
	for _, m := range p {
		key, optional := strings.CutSuffix(m.Key, "?")
		i := slices.IndexFunc(v, func(have orderedjson.Member) bool { return have.Key == key })
		switch {
		case i < 0 && optional:
			continue
		case i < 0:
			return &finding{fmt.Sprintf(" lacks the key %q", key), fmt.Sprintf("the key %q", key), "no such key"}
		case how.order && i < last:
			return &finding{what: fmt.Sprintf(" has the key %q too early, the order is %s", key, strings.Join(patternKeys(p), ", "))}
		}
		last, found = i, found+1
		if err := s.compare(m.Value, v[i].Value, how); err != nil {
			return inside("."+key, err)
		}
	}
	if found == len(v) {
		return nil
	}
	for i, m := range v {
		if slices.ContainsFunc(v[:i], func(have orderedjson.Member) bool { return have.Key == m.Key }) {
			return &finding{what: fmt.Sprintf(" has the key %q twice", m.Key)}
		}
		if !how.extra && !slices.Contains(patternKeys(p), m.Key) {
			return &finding{what: fmt.Sprintf(" has the key %q, which is not documented", m.Key)}
		}
	}
	return nil
}

// patternKeys returns the keys of a pattern, without the mark of optional keys.
func patternKeys(o orderedjson.Object) (out []string) {
	for _, m := range o {
		out = append(out, strings.TrimSuffix(m.Key, "?"))
	}
	return out
}

func (s shapes) compareList(p []any, value any, how strictness) error {
	v, ok := value.([]any)
	if !ok {
		return notOfKind("a list", value)
	}
	if len(p) == 1 {
		if kind, ok := p[0].(string); ok && strings.HasSuffix(kind, ">*") {
			for i, e := range v {
				if err := s.compare(strings.TrimSuffix(kind, "*"), e, how); err != nil {
					return inside(fmt.Sprintf("[%d]", i), err)
				}
			}
			return nil
		}
	}
	if len(p) != len(v) {
		return &finding{fmt.Sprintf(" has %d entries, not %d", len(v), len(p)), "", show(orderedjson.Plain(v))}
	}
	for i := range p {
		if err := s.compare(p[i], v[i], how); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func (s shapes) compareKind(kind string, value any, how strictness) error {
	kind, nullable := strings.CutSuffix(kind, "?")
	if nullable && value == nil {
		return nil
	}
	if shape, ok := s[kind]; ok {
		return s.compare(shape, value, how)
	}
	if strings.Contains(kind, "|") {
		if text, ok := value.(string); ok && slices.Contains(strings.Split(kind, "|"), text) {
			return nil
		}
		return &finding{" is not one of " + kind, kind, show(orderedjson.Plain(value))}
	}
	is, ok := kinds[kind]
	if !ok {
		return fmt.Errorf("neither a kind nor a shape is called %q", kind)
	}
	if !is(value) {
		return notOfKind("<"+kind+">", value)
	}
	return nil
}

func notOfKind(want string, value any) error {
	return &finding{fmt.Sprintf(" is not %s but %s", want, orderedjson.KindOf(value)), want, show(orderedjson.Plain(value))}
}

// wrongKind is the error for a value that is not compared with a pattern.
func wrongKind(place, want string, value any) error { return inside(place, notOfKind(want, value)) }

var (
	isoTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$`)
	instant = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	uuid    = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	secret  = regexp.MustCompile(`^[0-9a-f]{32,64}$`)
	link    = regexp.MustCompile(`^https?://[^/]+/v[12]/`)
	address = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
	color   = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)
	dialled = regexp.MustCompile(`^(\+[0-9 ()./-]{3,}|anonymous)$`)
)

// kinds are the words of patterns for values that are not known in advance.
var kinds = map[string]func(any) bool{
	"any":    func(any) bool { return true },
	"string": func(v any) bool { _, ok := v.(string); return ok },
	"text":   func(v any) bool { s, ok := v.(string); return ok && s != "" },
	"bool":   func(v any) bool { _, ok := v.(bool); return ok },
	"int":    func(v any) bool { _, ok := orderedjson.Integer(v); return ok },
	"id":     func(v any) bool { n, ok := orderedjson.Integer(v); return ok && n > 0 },
	"count":  func(v any) bool { n, ok := orderedjson.Integer(v); return ok && n >= 0 },
	// Seconds into a recording.
	"seconds": func(v any) bool { n, ok := v.(json.Number); f, err := n.Float64(); return ok && err == nil && f >= 0 },
	// Seconds since 1970. Milliseconds, the usual mistake, are eleven digits and more.
	"unix": func(v any) bool { n, ok := orderedjson.Integer(v); return ok && n > 1e8 && n < 1e10 },
	// Milliseconds since 1970, as messages have them: thirteen digits.
	"milliseconds": func(v any) bool { n, ok := orderedjson.Integer(v); return ok && n > 1e12 && n < 1e13 },
	"iso":          func(v any) bool { return textLike(v, isoTime) && isDate(v.(string)) },
	// With milliseconds, which are zero in "iso".
	"instant": func(v any) bool { return textLike(v, instant) && isDate(v.(string)) },
	"uuid":    func(v any) bool { return textLike(v, uuid) },
	"hex":     func(v any) bool { return textLike(v, secret) },
	"url":     func(v any) bool { s, ok := v.(string); return ok && strings.HasPrefix(s, "http") },
	"link":    func(v any) bool { return textLike(v, link) },
	"email":   func(v any) bool { return textLike(v, address) },
	"color":   func(v any) bool { return textLike(v, color) },
	"phone":   func(v any) bool { return textLike(v, dialled) },
}

func isDate(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

func textLike(v any, re *regexp.Regexp) bool {
	s, ok := v.(string)
	return ok && re.MatchString(s)
}
