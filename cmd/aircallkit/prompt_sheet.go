package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"

	"github.com/aircallkit/aircallkit/binding"
)

const (
	maxRows = 50 // of a table that is shown; a page of Aircall has no more
	maxCell = 32 // columns of the terminal
	maxTree = 4  // levels of objects in objects
)

// A sheet shows values to a person: records as tables, objects as lines.
type sheet struct {
	w     io.Writer
	width int // of the terminal
	bold  func(string) string
}

func (s *sheet) value(v any) {
	switch v := v.(type) {
	case []any:
		s.list("", v)
	case map[string]any:
		s.object("", v, 0)
	case binding.Opaque:
		s.line("", string(v))
	case string:
		s.line("", strconv.Quote(v))
	default:
		s.line("", cell(v))
	}
}

// line writes one line for each of the text's, cut at the width.
func (s *sheet) line(indent, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintln(s.w, runewidth.Truncate(indent+printable(strings.TrimSuffix(line, "\n")), max(s.width, 20), "…"))
	}
}

// object writes what is plain first, then lists and objects under their names.
func (s *sheet) object(indent string, o map[string]any, depth int) {
	if len(o) == 0 {
		s.line(indent, "{}")
		return
	}
	var plain, nested []string
	wide := 0
	for _, name := range fields(o) {
		if isPlain(o[name]) || depth == maxTree {
			plain = append(plain, name)
			wide = max(wide, min(runewidth.StringWidth(name), maxCell))
		} else {
			nested = append(nested, name)
		}
	}
	for _, name := range plain {
		s.line(indent, runewidth.FillRight(printable(name), wide)+"  "+cell(o[name]))
	}
	for _, name := range nested {
		switch v := o[name].(type) {
		case []any:
			fmt.Fprintln(s.w, indent+s.bold(printable(name))+fmt.Sprintf(" (%d)", len(v)))
			s.list(indent+"  ", v)
		case map[string]any:
			fmt.Fprintln(s.w, indent+s.bold(printable(name)))
			s.object(indent+"  ", v, depth+1)
		}
	}
}

// list writes records as a table and anything else as lines.
func (s *sheet) list(indent string, all []any) {
	if len(all) == 0 {
		s.line(indent, "[]")
		return
	}
	shown := all[:min(len(all), maxRows)]
	var records []map[string]any
	for _, v := range shown {
		if r, ok := v.(map[string]any); ok && len(r) > 0 {
			records = append(records, r)
		}
	}
	if len(records) == len(shown) {
		s.table(indent, records)
	} else {
		for _, v := range shown {
			s.line(indent, cell(v))
		}
	}
	if n := len(all) - len(shown); n > 0 {
		s.line(indent, fmt.Sprintf("… and %d more", n))
	}
}

// table writes as many columns as the terminal is wide, and names the others below.
func (s *sheet) table(indent string, records []map[string]any) {
	union := map[string]any{}
	for _, r := range records {
		for name, v := range r {
			if union[name] == nil {
				union[name] = v
			}
		}
	}
	names := fields(union)
	slices.SortStableFunc(names, func(a, b string) int { return nestedLast(union[a]) - nestedLast(union[b]) })
	var widths []int
	left := s.width - len(indent)
	for _, name := range names {
		w := runewidth.StringWidth(printable(name))
		for _, r := range records {
			w = max(w, runewidth.StringWidth(cell(r[name])))
		}
		w = min(w, maxCell)
		if left -= w + 2; left < -2 && len(widths) > 0 {
			break
		}
		widths = append(widths, w)
	}
	row := func(paint func(string) string, text func(name string) string) {
		var cells []string
		for i, w := range widths {
			cells = append(cells, runewidth.FillRight(runewidth.Truncate(text(names[i]), w, "…"), w))
		}
		fmt.Fprintln(s.w, indent+paint(runewidth.Truncate(strings.TrimRight(strings.Join(cells, "  "), " "), max(s.width-len(indent), 10), "…")))
	}
	row(s.bold, printable)
	for _, r := range records {
		row(func(t string) string { return t }, func(name string) string { return cell(r[name]) })
	}
	if hidden := names[len(widths):]; len(hidden) > 0 {
		s.line(indent, "also: "+strings.Join(hidden, ", "))
	}
}

// first are the fields one looks for first.
var first = []string{
	"id", "webhook_id", "name", "first_name", "last_name", "email", "label", "value", "number", "digits", "direction", "status",
	"from", "to", "duration", "started_at", "availability", "availability_status", "color", "url",
}

// fields are the names of an object's fields: those one looks for, then the others by the alphabet, what Aircall says
// about a page last.
func fields(o map[string]any) []string {
	rank := func(name string) int {
		if name == "meta" {
			return len(first) + 1
		}
		if i := slices.Index(first, name); i >= 0 {
			return i
		}
		return len(first)
	}
	return slices.SortedFunc(maps.Keys(o), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

func nestedLast(v any) int {
	if isPlain(v) {
		return 0
	}
	return 1
}

func isPlain(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return true
}

// cell is a value on one line.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return printable(v)
	case []any:
		if len(v) == 0 {
			return "[]"
		}
		return fmt.Sprintf("[%d]", len(v))
	case map[string]any:
		if len(v) == 0 {
			return "{}"
		}
		for _, name := range []string{"name", "id"} {
			if isPlain(v[name]) && v[name] != nil {
				return "{" + cell(v[name]) + "}"
			}
		}
		return fmt.Sprintf("{%d}", len(v))
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}

// printable keeps what a reply or a script says from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		if r == '\t' || r == '\n' {
			return ' '
		}
		return '?'
	}, s)
}
