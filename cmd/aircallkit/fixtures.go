package main

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// records are the fixtures of one kind as they stand in the file. What they may say is the table
// fakeaircall.FixtureKinds; it is asked, not written again.
type records struct{ node ast.Node }

// UnmarshalYAML is called by the decoder.
func (r *records) UnmarshalYAML(node ast.Node) error {
	r.node = node
	return nil
}

// kinds are an account's records by the name of their kind.
func (e entry) kinds() map[string]records {
	return map[string]records{
		"users": e.Users, "numbers": e.Numbers, "contacts": e.Contacts, "calls": e.Calls, "tags": e.Tags, "webhooks": e.Webhooks,
	}
}

// fixtureReader turns records into fixtures and notes all that is wrong, and where everything stands.
type fixtureReader struct {
	file  string
	lines map[string]int // by account and path
	wrong []lineMistake
}

type lineMistake struct {
	line int
	text string
}

// fixtures reads those of all accounts. They have a meaning for the fake alone.
func (d *document) fixtures(file string) (map[string]fakeaircall.Fixtures, *fixtureReader, error) {
	r := &fixtureReader{file: file, lines: map[string]int{}}
	all := map[string]fakeaircall.Fixtures{}
	for _, e := range d.Accounts {
		var fx fakeaircall.Fixtures
		into, given := reflect.ValueOf(&fx).Elem(), false
		r.lines[place(e.Name.text, "")] = e.line()
		for i, kind := range fakeaircall.FixtureKinds() {
			if node := e.kinds()[kind.Name].node; node != nil {
				given = true
				r.read(node, kind, into.Field(i), e.Name.text, kind.Name)
			}
		}
		if given {
			all[e.Name.text] = fx
		}
	}
	return all, r, r.problem()
}

func place(account, path string) string { return account + "\n" + path }

// explain gives what the fake finds wrong the lines it stands in.
func (r *fixtureReader) explain(err error) error {
	var found fakeaircall.FixtureMistakes
	if r == nil || !errors.As(err, &found) {
		return err
	}
	for _, m := range found {
		path := m.Path
		for r.lines[place(m.Account, path)] == 0 && path != "" {
			path = path[:max(strings.LastIndexAny(path, ".["), 0)]
		}
		r.wrong = append(r.wrong, lineMistake{r.lines[place(m.Account, path)], m.Path + ": " + m.Problem})
	}
	return r.problem()
}

// mostMistakes is how many are said of one file.
const mostMistakes = 100

// problem is all that is wrong, by line; nil: nothing.
func (r *fixtureReader) problem() error {
	if len(r.wrong) == 0 {
		return nil
	}
	slices.SortStableFunc(r.wrong, func(a, b lineMistake) int { return cmp.Compare(a.line, b.line) })
	var lines []string
	for _, m := range r.wrong[:min(len(r.wrong), mostMistakes)] {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", r.file, m.line, m.text))
	}
	if more := len(r.wrong) - mostMistakes; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more", r.file, more))
	}
	return errors.New(strings.Join(lines, "\n"))
}

func (r *fixtureReader) say(node ast.Node, path, format string, args ...any) {
	r.wrong = append(r.wrong, lineMistake{node.GetToken().Position.Line, path + ": " + fmt.Sprintf(format, args...)})
}

// read sets a field to what a node says. Values are quoted nowhere: a webhook's URL may have a secret.
func (r *fixtureReader) read(node ast.Node, f fakeaircall.FixtureField, into reflect.Value, account, path string) {
	r.lines[place(account, path)] = node.GetToken().Position.Line
	if _, null := node.(*ast.NullNode); null {
		switch {
		case f.Null && f.Type == "time":
			into.Set(reflect.ValueOf(new(time.Time)))
		case f.Null:
			into.Set(reflect.ValueOf(new("")))
		default:
			r.say(node, path, "null does not belong here: give %s, or leave it out", article(f.Type))
		}
		return
	}
	switch f.Type {
	case "objects", "strings", "references":
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			r.say(node, path, "give a list")
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
		for i, item := range list.Values {
			at := fmt.Sprintf("%s[%d]", path, i)
			if f.Type == "objects" {
				r.object(item, f, into.Index(i), account, at)
			} else if text, ok := r.scalar(item, f.Type, account, at); ok {
				into.Index(i).SetString(text)
			}
		}
	default:
		r.value(node, f, into, account, path)
	}
}

func (r *fixtureReader) object(node ast.Node, kind fakeaircall.FixtureField, into reflect.Value, account, path string) {
	r.lines[place(account, path)] = node.GetToken().Position.Line
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		r.say(node, path, "give an object with %s", fieldNames(kind.Fields))
		return
	}
	if len(pairs) > 0 {
		r.lines[place(account, path)] = pairs[0].Key.GetToken().Position.Line
	}
	seen := map[string]bool{}
	for _, pair := range pairs {
		key := pair.Key.GetToken().Value
		i := slices.IndexFunc(kind.Fields, func(f fakeaircall.FixtureField) bool { return f.Name == key })
		switch {
		case i < 0:
			r.say(pair.Key, path, "unknown field %.60q: give %s", key, fieldNames(kind.Fields))
		case seen[key]:
			r.say(pair.Key, path, "%s stands here twice: leave one out", key)
		default:
			r.read(pair.Value, kind.Fields[i], into.Field(i), account, path+"."+key)
		}
		seen[key] = true
	}
}

func fieldNames(fields []fakeaircall.FixtureField) string {
	var list []string
	for _, f := range fields {
		list = append(list, f.Name)
	}
	return strings.Join(list, ", ")
}

// scalar is a text as it stands in the file: YAML would read the reference 0123 as 83.
func (r *fixtureReader) scalar(node ast.Node, kind, account, path string) (string, bool) {
	r.lines[place(account, path)] = node.GetToken().Position.Line
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode:
		if kind != "string" && kind != "strings" {
			return n.GetToken().Value, true
		}
	}
	r.say(node, path, "give %s", article(kind))
	return "", false
}

func article(kind string) string {
	switch kind {
	case "string", "strings":
		return "a text; quote one that looks like a number"
	case "reference", "references":
		return "an id, or a text"
	case "time":
		return "a time such as 2026-06-15T08:00:00Z, or UNIX seconds"
	case "boolean":
		return "true or false"
	case "objects":
		return "a list"
	}
	return "a whole number"
}

var wholeNumber = regexp.MustCompile(`^[0-9]+$`)

func (r *fixtureReader) value(node ast.Node, f fakeaircall.FixtureField, into reflect.Value, account, path string) {
	switch f.Type {
	case "boolean":
		if b, ok := node.(*ast.BoolNode); ok {
			into.Set(reflect.ValueOf(new(b.Value)))
			return
		}
	case "id", "integer":
		n, err := strconv.ParseInt(node.GetToken().Value, 10, 64)
		if _, ok := node.(*ast.IntegerNode); ok && err == nil && wholeNumber.MatchString(node.GetToken().Value) {
			if f.Type == "id" {
				into.SetInt(n)
			} else {
				into.Set(reflect.ValueOf(new(n)))
			}
			if f.Type == "id" && n == 0 {
				break
			}
			return
		}
	case "time":
		if at, ok := instant(node); ok {
			into.Set(reflect.ValueOf(&at))
			return
		}
	default:
		if text, ok := r.scalar(node, f.Type, account, path); ok {
			if text == "" {
				r.say(node, path, "it is empty: give a text, or leave it out")
				return
			}
			into.Set(reflect.ValueOf(&text))
		}
		return
	}
	r.say(node, path, "give %s", article(f.Type))
}

// instant reads RFC 3339 or UNIX seconds.
func instant(node ast.Node) (time.Time, bool) {
	switch n := node.(type) {
	case *ast.IntegerNode:
		seconds, err := strconv.ParseInt(n.GetToken().Value, 10, 64)
		return time.Unix(seconds, 0).UTC(), err == nil && seconds > 0
	case *ast.StringNode:
		at, err := time.Parse(time.RFC3339, n.Value)
		return at, err == nil
	}
	return time.Time{}, false
}
