package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
)

const (
	maxRows  = 50 // of a table; a page of Aircall has no more
	maxCell  = 32 // columns of the terminal
	maxDepth = 4  // levels of objects in objects
)

// A valuePrinter prints values for people: lists of objects as tables, objects as lines.
type valuePrinter struct {
	*process
	width int // of the terminal
}

func (p *valuePrinter) print(v any) {
	switch v := v.(type) {
	case []any:
		p.list("", v)
	case map[string]any:
		p.object("", v, 0)
	case binding.Opaque:
		for line := range strings.SplitSeq(string(v), "\n") {
			p.line(line)
		}
	case string:
		if !strings.Contains(v, "\n") {
			p.line(strconv.Quote(v))
			return
		}
		var text strings.Builder // such as a page of docs
		for line := range strings.Lines(v) {
			text.WriteString(printable(strings.TrimSuffix(line, "\n")) + "\n")
		}
		fmt.Fprint(p.stdout, wrapMarkdown(text.String(), p.width))
	default:
		p.line(cell(v))
	}
}

// line prints a line, cut off at the width.
func (p *valuePrinter) line(text string) {
	fmt.Fprintln(p.stdout, runewidth.Truncate(printable(text), max(p.width, 20), "…"))
}

// object prints single values first, then lists and objects under their names.
func (p *valuePrinter) object(indent string, o map[string]any, depth int) {
	if len(o) == 0 {
		p.line(indent + "{}")
		return
	}
	width := 0
	names, nested := fieldNames(o)
	if depth == maxDepth {
		names, nested = append(names, nested...), nil
	}
	for _, name := range names {
		width = max(width, min(runewidth.StringWidth(name), maxCell))
	}
	for _, name := range names {
		p.line(indent + runewidth.FillRight(printable(name), width) + "  " + cell(o[name]))
	}
	for _, name := range nested {
		switch v := o[name].(type) {
		case []any:
			fmt.Fprintf(p.stdout, "%s%s (%d)\n", indent, p.paint(p.stdout, bold, printable(name)), len(v))
			p.list(indent+"  ", v)
		case map[string]any:
			fmt.Fprintln(p.stdout, indent+p.paint(p.stdout, bold, printable(name)))
			p.object(indent+"  ", v, depth+1)
		}
	}
}

// list prints objects as a table, and anything else as lines.
func (p *valuePrinter) list(indent string, all []any) {
	if len(all) == 0 {
		p.line(indent + "[]")
		return
	}
	shown := all[:min(len(all), maxRows)]
	var objects []map[string]any
	for _, v := range shown {
		if o, ok := v.(map[string]any); ok && len(o) > 0 {
			objects = append(objects, o)
		}
	}
	if len(objects) == len(shown) {
		p.table(indent, objects)
	} else {
		for _, v := range shown {
			p.line(indent + cell(v))
		}
	}
	if n := len(all) - len(shown); n > 0 {
		p.line(fmt.Sprintf("%s… and %d more", indent, n))
	}
}

// table prints as many columns as fit into the terminal, and names the others below.
func (p *valuePrinter) table(indent string, objects []map[string]any) {
	union := map[string]any{}
	for _, o := range objects {
		maps.Copy(union, o)
	}
	names, nested := fieldNames(union)
	names = append(names, nested...)
	lines := make([]string, len(objects)+1) // the first is the header
	left := p.width - len(indent)
	shown := 0
	for _, name := range names {
		column := []string{printable(name)}
		for _, o := range objects {
			column = append(column, cell(o[name]))
		}
		width := 0
		for _, text := range column {
			width = max(width, min(runewidth.StringWidth(text), maxCell))
		}
		if left -= width + 2; left < -2 && shown > 0 {
			break
		}
		for i, text := range column {
			lines[i] += runewidth.FillRight(runewidth.Truncate(text, width, "…"), width) + "  "
		}
		shown++
	}
	for i, line := range lines {
		line = runewidth.Truncate(strings.TrimRight(line, " "), max(p.width-len(indent), 10), "…")
		if i == 0 {
			line = p.paint(p.stdout, bold, line)
		}
		fmt.Fprintln(p.stdout, indent+line)
	}
	if shown < len(names) {
		fmt.Fprintln(p.stdout, wrapText(printable(indent+"also: "+strings.Join(names[shown:], ", ")), indent+"  ", p.width))
	}
}

// importantFields are the fields that are printed first.
var importantFields = []string{
	"id", "webhook_id", "name", "first_name", "last_name", "email", "label", "value", "number", "digits", "direction", "status",
	"from", "to", "duration", "started_at", "availability", "availability_status", "color", "url",
}

// fieldNames returns the names of the fields with single values, and of those with lists and objects: first the
// important ones, then the others in alphabetical order, last the meta of a page.
func fieldNames(o map[string]any) (single, nested []string) {
	rank := func(name string) int {
		if i := slices.Index(importantFields, name); i >= 0 {
			return i - len(importantFields)
		} else if name == "meta" {
			return 1
		}
		return 0
	}
	for _, name := range slices.SortedFunc(maps.Keys(o), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	}) {
		if isSingle(o[name]) {
			single = append(single, name)
		} else {
			nested = append(nested, name)
		}
	}
	return single, nested
}

// isSingle reports whether a value fits into a cell: it is neither a list nor an object with entries.
func isSingle(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return true
}

// cell returns a value on one line.
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
		return "{" + report.Plural(len(v), "value") + "}"
	case map[string]any:
		if len(v) == 0 {
			return "{}"
		}
		for _, name := range []string{"name", "id"} {
			if v[name] != nil && isSingle(v[name]) {
				return "{" + name + " = " + cell(v[name]) + more(v) + "}"
			}
		}
		return "{" + report.Plural(len(v), "field") + "}"
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}

// more marks an object with further fields.
func more(v map[string]any) string {
	if len(v) > 1 {
		return ", …"
	}
	return ""
}

// printable removes what could control the terminal from the text of a reply or a script.
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
