package pull

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// header explains the file to its readers.
const header = `# The twin of an account: the fake that "aircallkit serve --config" makes of this file has its structure and settings.
# aircallkit pull made it. Every name, address, phone number, text, URL and id is made up; instants moved by whole weeks.
`

// encode returns the file as YAML. The same twin gives the same bytes.
func encode(f *twinFile) ([]byte, error) {
	w := &writer{}
	w.WriteString(header)
	w.fields(reflect.ValueOf(*f), "", false)
	return w.Bytes(), w.err
}

// writer writes YAML of a struct with json tags. It leaves out what is not given.
type writer struct {
	bytes.Buffer
	err error
}

// fields writes the fields of a struct each in a line. The first is not indented if the line has begun, as after a dash.
func (w *writer) fields(v reflect.Value, indent string, begun bool) bool {
	for i := range v.NumField() {
		f := v.Field(i)
		if v.Type().Field(i).Anonymous {
			begun = w.fields(f, indent, begun)
			continue
		}
		if f.IsZero() || (f.Kind() == reflect.Slice && f.Type().Elem().Kind() != reflect.Struct || f.Kind() == reflect.Map) && f.Len() == 0 {
			continue
		}
		if !begun {
			w.WriteString(indent)
		}
		begun = false
		w.WriteString(v.Type().Field(i).Tag.Get("json") + ":")
		w.value(f, indent)
	}
	return begun
}

// value writes the value of a field, and ends the line.
func (w *writer) value(v reflect.Value, indent string) {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Slice && v.Len() == 0:
		w.WriteString(" []\n")
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct && isShort(v):
		w.WriteByte('\n')
		for i := range v.Len() {
			w.WriteString(indent + "  - " + w.flow(v.Index(i)) + "\n")
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		w.WriteByte('\n')
		for i := range v.Len() {
			w.WriteString(indent + "  - ")
			w.fields(v.Index(i), indent+"    ", true)
		}
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		w.WriteByte('\n')
		w.fields(v, indent+"  ", false)
	default:
		w.WriteString(" " + w.flow(v) + "\n")
	}
}

// isShort reports whether the entries of a list fit into a line each: they have few fields, none of which is a list.
func isShort(list reflect.Value) bool {
	t := list.Type().Elem()
	for i := range t.NumField() {
		if k := t.Field(i).Type.Kind(); k == reflect.Slice || k == reflect.Map || k == reflect.Struct {
			return false
		}
	}
	return t.NumField() <= 3
}

// flow returns a value in a line.
func (w *writer) flow(v reflect.Value) string {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return x.UTC().Format(time.RFC3339)
	case map[string]string:
		return flowMap(x, func(s string) string { return scalar(s, s == "true" || s == "false") })
	case map[string]int64:
		return flowMap(x, func(n int64) string { return strconv.FormatInt(n, 10) })
	}
	switch v.Kind() {
	case reflect.String:
		return scalar(v.String(), false)
	case reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = w.flow(v.Index(i))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if f := v.Field(i); !f.IsZero() {
				parts = append(parts, v.Type().Field(i).Tag.Get("json")+": "+w.flow(f))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	w.err = fmt.Errorf("write the twin: a value of type %s has no form", v.Type())
	return ""
}

func flowMap[T any](m map[string]T, text func(T) string) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, key+": "+text(m[key]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

var plainScalar = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./@-]*( [A-Za-z][A-Za-z0-9_./@-]*)*$`)

// yamlWords are words that YAML reads as another value than a text.
var yamlWords = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

// scalar returns a text as YAML. "" is null, which clears a field.
func scalar(s string, isValue bool) string {
	switch {
	case s == "":
		return "null"
	case isValue, plainScalar.MatchString(s) && !slices.Contains(yamlWords, strings.ToLower(s)):
		return s
	}
	quoted, _ := json.Marshal(s) // of a string it cannot fail
	return string(quoted)
}
