package main

import (
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

// kinds are an account's records by the name of their kind.
func (e entry) kinds() map[string]records {
	return map[string]records{
		"users": e.Users, "numbers": e.Numbers, "contacts": e.Contacts, "calls": e.Calls, "tags": e.Tags, "webhooks": e.Webhooks,
	}
}

// fixtureReader turns records into fixtures and notes all that is wrong, and where everything stands.
type fixtureReader struct {
	*mistakes
	account string          // that is read
	lines   map[string]int  // by account and path
	wrong   map[string]bool // the entries, by account and path, in which something was found to be wrong
	all     map[string]fakeaircall.Fixtures
}

// fixtures reads those of all accounts. They have a meaning for the fake alone.
func (d *document) fixtures(r *documentReader) *fixtureReader {
	f := &fixtureReader{mistakes: &r.mistakes, lines: map[string]int{}, wrong: map[string]bool{}, all: map[string]fakeaircall.Fixtures{}}
	for i, e := range d.Accounts {
		var fx fakeaircall.Fixtures
		into, given := reflect.ValueOf(&fx).Elem(), false
		at := fmt.Sprintf("accounts[%d]", i)
		f.account = d.accountName(i)
		f.lines[place(f.account, "")] = r.begins[at]
		for i, kind := range fakeaircall.FixtureKinds() {
			if node := e.kinds()[kind.Name].node; node != nil {
				given = true
				f.read(node, kind, into.Field(i), kind.Name)
			}
		}
		if given {
			f.all[f.account] = fx
		}
	}
	return f
}

// accountName is what the account of a place is called; one without a name of its own gets one
// that no other has, as long as the file has that mistake.
func (d *document) accountName(i int) string {
	name := d.Accounts[i].Name.text
	if name == "" || slices.ContainsFunc(d.Accounts[:i], func(o entry) bool { return o.Name.text == name }) {
		return fmt.Sprintf("\x00%d", i)
	}
	return name
}

// entryOf is the place of the entry that a path such as calls[3].comments[0].content leads into.
func entryOf(account, path string) string {
	entry, _, _ := strings.Cut(path, "]")
	return place(account, entry)
}

func place(account, path string) string { return account + "\n" + path }

// explain gives what the fake finds wrong the lines it stands in.
func (f *fixtureReader) explain(err error) error {
	var found fakeaircall.FixtureMistakes
	if f == nil || !errors.As(err, &found) {
		return err
	}
	f.note(found)
	return f.problem()
}

func (f *fixtureReader) note(found fakeaircall.FixtureMistakes) {
	for _, m := range found {
		path := m.Path
		if f.wrong[entryOf(m.Account, path)] { // what is missing in it may be what could not be read
			continue
		}
		for f.lines[place(m.Account, path)] == 0 && path != "" {
			path = path[:max(strings.LastIndexAny(path, ".["), 0)]
		}
		f.mistakes.say(f.lines[place(m.Account, path)], "%s: %s", m.Path, m.Problem)
	}
}

func (f *fixtureReader) say(node ast.Node, path, format string, args ...any) {
	f.mistakes.say(line(node), "%s: %s", path, fmt.Sprintf(format, args...))
	f.wrong[entryOf(f.account, path)] = true
}

// read sets a field to what a node says. Values are quoted nowhere: a webhook's URL may have a secret.
func (f *fixtureReader) read(node ast.Node, of fakeaircall.FixtureField, into reflect.Value, path string) {
	f.lines[place(f.account, path)] = line(node)
	if _, null := node.(*ast.NullNode); null {
		switch {
		case of.Null && of.Type == "time":
			into.Set(reflect.ValueOf(new(time.Time)))
		case of.Null:
			into.Set(reflect.ValueOf(new("")))
		default:
			f.say(node, path, "null does not belong here: give %s, or leave it out", article(of.Type))
		}
		return
	}
	switch of.Type {
	case "objects", "strings", "references":
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			f.say(node, path, "give a list")
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
		for i, item := range list.Values {
			at := fmt.Sprintf("%s[%d]", path, i)
			if of.Type == "objects" {
				f.object(item, of, into.Index(i), at)
			} else if text, ok := f.scalar(item, of.Type, at); ok {
				into.Index(i).SetString(text)
			}
		}
	default:
		f.value(node, of, into, path)
	}
}

func (f *fixtureReader) object(node ast.Node, kind fakeaircall.FixtureField, into reflect.Value, path string) {
	f.lines[place(f.account, path)] = line(node)
	pairs, ok := mapping(node)
	if !ok {
		f.say(node, path, "give an object with %s", fieldNames(kind.Fields))
		return
	}
	if len(pairs) > 0 {
		f.lines[place(f.account, path)] = line(pairs[0].Key)
	}
	seen := map[string]bool{}
	for _, pair := range pairs {
		key := pair.Key.GetToken().Value
		i := slices.IndexFunc(kind.Fields, func(of fakeaircall.FixtureField) bool { return of.Name == key })
		switch {
		case i < 0:
			f.say(pair.Key, path, "unknown field %.60q: give %s", key, fieldNames(kind.Fields))
		case seen[key]:
			f.say(pair.Key, path, "%s stands here twice: leave one out", key)
		default:
			f.read(pair.Value, kind.Fields[i], into.Field(i), path+"."+key)
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
func (f *fixtureReader) scalar(node ast.Node, kind, path string) (string, bool) {
	f.lines[place(f.account, path)] = line(node)
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
	f.say(node, path, "give %s", article(kind))
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

func (f *fixtureReader) value(node ast.Node, of fakeaircall.FixtureField, into reflect.Value, path string) {
	switch of.Type {
	case "boolean":
		if b, ok := node.(*ast.BoolNode); ok {
			into.Set(reflect.ValueOf(new(b.Value)))
			return
		}
	case "id", "integer":
		n, err := strconv.ParseInt(node.GetToken().Value, 10, 64)
		if _, ok := node.(*ast.IntegerNode); ok && err == nil && wholeNumber.MatchString(node.GetToken().Value) {
			if of.Type == "id" {
				into.SetInt(n)
			} else {
				into.Set(reflect.ValueOf(new(n)))
			}
			if of.Type == "id" && n == 0 {
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
		if text, ok := f.scalar(node, of.Type, path); ok {
			if text == "" {
				f.say(node, path, "it is empty: give a text, or leave it out")
				return
			}
			into.Set(reflect.ValueOf(&text))
		}
		return
	}
	f.say(node, path, "give %s", article(of.Type))
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
