package conformance

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// A $name is a value that a scenario named; a path after it selects a part: $call.user.id. "|iso" writes
// UNIX seconds as a date, "|local" as a date without a zone, and "|unix" a date as UNIX seconds.
var reference = regexp.MustCompile(`\$([a-z_]\w*(?:\.\w+)*)(\|\w+)?`)

// lookup returns the value of a reference without its "$".
func (w *world) lookup(path, filter string) (any, error) {
	name, rest, _ := strings.Cut(path, ".")
	v, ok := w.vars[name]
	if s, isSelection := v.(*selection); isSelection {
		v = s.items
	}
	if !ok {
		return nil, fmt.Errorf("the scenario has nothing called $%s", name)
	}
	if v, ok = at(v, rest); !ok {
		return nil, &finding{what: fmt.Sprintf("the value that the target sent as $%s has no %s", name, rest)}
	}
	if filter == "" {
		return v, nil
	}
	if text, isText := v.(string); isText && filter == "|unix" {
		t, err := time.Parse(time.RFC3339, text)
		return t.Unix(), err
	}
	n, ok := orderedjson.Integer(v)
	if !ok {
		return nil, fmt.Errorf("$%s%s: %s is not a time", path, filter, orderedjson.KindOf(v))
	}
	switch t := time.Unix(n, 0).UTC(); filter {
	case "|iso":
		return t.Format(time.RFC3339), nil
	case "|local":
		return t.Format("2006-01-02T15:04:05"), nil
	}
	return nil, fmt.Errorf("there is no filter %q", filter)
}

// expand replaces references by their values, in the notation of the text around them.
func (w *world) expand(text string, write func(any) (string, error)) (string, error) {
	var failed error
	out := reference.ReplaceAllStringFunc(text, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		v, err := w.lookup(m[1], m[2])
		var s string
		if err == nil {
			s, err = write(v)
		}
		if err != nil && failed == nil {
			failed = err
		}
		return s
	})
	return out, failed
}

// value returns the value of a cell: of a reference, of JSON, or else the text itself.
func (w *world) value(cell string) (any, error) {
	if m := reference.FindStringSubmatch(cell); m != nil && m[0] == cell {
		return w.lookup(m[1], m[2])
	}
	cell, err := w.expand(cell, asText)
	if err != nil {
		return nil, err
	}
	if v, err := orderedjson.Decode([]byte(cell)); err == nil {
		return orderedjson.Plain(v), nil
	}
	return cell, nil
}

func (w *world) expandPath(path string) (string, error) {
	path, query, has := strings.Cut(path, "?")
	path, err := w.expand(path, func(v any) (string, error) { s, err := asText(v); return url.PathEscape(s), err })
	if err != nil || !has {
		return path, err
	}
	query, err = w.expand(query, func(v any) (string, error) { s, err := asText(v); return url.QueryEscape(s), err })
	return path + "?" + query, err
}

func asText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	if n, ok := orderedjson.Integer(v); ok {
		return strconv.FormatInt(n, 10), nil
	}
	return "", fmt.Errorf("%s cannot be part of a text", orderedjson.KindOf(v))
}

func asJSON(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

// asLua writes a value as a Lua literal.
func asLua(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return luaQuote(v), nil
	case []any:
		var parts []string
		for _, e := range v {
			part, err := asLua(e)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		return "{ " + strings.Join(parts, ", ") + " }", nil
	}
	return asText(v)
}

// luaQuote writes a Lua string, whose only numeric escape is decimal.
func luaQuote(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == 0x7f {
			fmt.Fprintf(&b, `\%03d`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return `"` + b.String() + `"`
}

// words are the functions of the templates in features. They compute from the wire the fields that the Lua reference
// promises and Aircall does not send.
var words = template.FuncMap{
	// caller and callee are the two ends of a call: the wire names the other party and the line, and a direction.
	"caller": func(call map[string]any) any { return party(call, "inbound") },
	"callee": func(call map[string]any) any { return party(call, "outbound") },
	// firstname and lastname split the one name of a user at its first space.
	"firstname": func(user map[string]any) string { s, _, _ := strings.Cut(name(user), " "); return s },
	"lastname":  func(user map[string]any) string { _, s, _ := strings.Cut(name(user), " "); return s },
	"same":      equal,
	"minus":     func(a, b any) int64 { x, _ := orderedjson.Integer(a); y, _ := orderedjson.Integer(b); return x - y },
	"gt0":       func(a any) bool { n, _ := orderedjson.Integer(a); return n > 0 },
	// text turns null on the wire into "", as in Lua.
	"text": func(v any) any {
		if v == nil {
			return ""
		}
		return v
	},
}

func name(user map[string]any) string { s, _ := user["name"].(string); return s }

func party(call map[string]any, outsideIf string) any {
	path := "number.digits"
	if call["direction"] == outsideIf {
		path = "raw_digits"
	}
	if v, ok := at(call, path); ok && v != nil {
		return v
	}
	return "unknown"
}

// fill executes a template of a feature on a raw value.
func fill(text string, v any) (string, error) {
	t, err := template.New("feature").Funcs(words).Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.Execute(&b, v); err != nil {
		// The text of the error names the missing key and holds no value.
		return "", &finding{what: "the API does not send a field that is printed: " + err.Error()}
	}
	return b.String(), nil
}
