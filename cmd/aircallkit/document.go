package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// mistakes are all that is wrong with a file. They never quote a value of an account: it may be a credential.
type mistakes struct {
	file  string
	wrong []lineMistake
}

type lineMistake struct {
	line int
	text string
}

func (m *mistakes) say(line int, format string, args ...any) {
	m.wrong = append(m.wrong, lineMistake{line, fmt.Sprintf(format, args...)})
}

// mostMistakes is how many mistakes of a file are listed.
const mostMistakes = 100

// problem is all that is wrong, by line; nil: nothing.
func (m *mistakes) problem() error {
	if len(m.wrong) == 0 {
		return nil
	}
	slices.SortStableFunc(m.wrong, func(a, b lineMistake) int { return cmp.Compare(a.line, b.line) })
	var lines []string
	for _, w := range m.wrong[:min(len(m.wrong), mostMistakes)] {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", m.file, w.line, w.text))
	}
	if more := len(m.wrong) - mostMistakes; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more", m.file, more))
	}
	return errors.New(strings.Join(lines, "\n"))
}

const (
	mostDocument = 4 << 20 // bytes
	mostAccounts = 100
)

// readDocument reads a YAML file strictly, and says all that is wrong with it.
func readDocument(name string) (*document, error) {
	doc, r, err := scanDocument(name)
	if err == nil {
		err = r.problem()
	}
	return doc, err
}

// scanDocument reads a YAML file and notes what is wrong with it. Its error is that it cannot be read.
func scanDocument(name string) (*document, *documentReader, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostDocument+1))
	if err != nil {
		return nil, nil, err
	}
	if len(data) > mostDocument {
		return nil, nil, fmt.Errorf("%s: more than %d bytes; give a smaller file", name, mostDocument)
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey()) // reported with the other mistakes
	if err != nil {
		return nil, nil, located(name, err)
	}
	bodies := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil || d.Body.Type() == ast.CommentType })
	switch {
	case len(bodies) == 0:
		return nil, nil, fmt.Errorf("%s: the file is empty", name)
	case len(bodies) > 1:
		return nil, nil, fmt.Errorf("%s: more than one YAML document; only one is read", name)
	}
	doc := new(document)
	r := &documentReader{
		mistakes: mistakes{file: name}, doc: doc, anchors: map[string]ast.Node{}, lines: map[string]int{}, flawed: map[string]bool{},
	}
	for _, kind := range fakeaircall.FixtureKinds() {
		r.kinds = append(r.kinds, kind.Name)
	}
	ast.Walk(r, bodies[0].Body)
	r.read(bodies[0].Body, reflect.ValueOf(doc).Elem(), "", "")
	doc.check(r)
	return doc, r, nil
}

// located leaves the quoted lines out of the parser's message.
func located(name string, err error) error {
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		return fmt.Errorf("%s: not the YAML that was expected", name)
	}
	return fmt.Errorf("%s:%d: %s", name, y.GetToken().Position.Line, y.GetMessage())
}

// documentReader fills a document from the nodes of a file. The types of the document and of fakeaircall.Fixtures, and the
// tags of their fields, say what belongs where.
type documentReader struct {
	mistakes
	doc     *document
	kinds   []string // of records
	anchors map[string]ast.Node
	lines   map[string]int  // by place, such as accounts[2].users[0].email; an object begins at its first key
	flawed  map[string]bool // the places of objects in which something is wrong
}

// Visit notes anchors.
func (r *documentReader) Visit(node ast.Node) ast.Visitor {
	if a, ok := node.(*ast.AnchorNode); ok {
		r.anchors[a.Name.GetToken().Value] = a.Value
	}
	return r
}

// mostAliases is how many aliases of aliases are followed.
const mostAliases = 10

// resolve returns the node behind an anchor or alias; another node is returned as it is.
func (r *documentReader) resolve(node ast.Node) ast.Node {
	for range mostAliases {
		switch n := node.(type) {
		case *ast.AnchorNode:
			node = n.Value
		case *ast.AliasNode:
			there := r.anchors[n.Value.GetToken().Value]
			if there == nil {
				return node
			}
			node = there
		default:
			return node
		}
	}
	return node
}

func line(node ast.Node) int { return node.GetToken().Position.Line }

// inRecords reports whether a place is in the fixtures of an account, and returns its path there, such as users[0].email.
// Aliases are not resolved there: a small file could ask for millions of records.
func (r *documentReader) inRecords(place string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(place, "accounts[")
	_, path, inside := strings.Cut(rest, "].")
	kind, _, _ := strings.Cut(path, "[")
	return path, ok && inside && slices.Contains(r.kinds, kind)
}

// complain notes a mistake at a node. Records are named by their path, which other fields do not need.
func (r *documentReader) complain(node ast.Node, place, format string, args ...any) {
	if path, ok := r.inRecords(place); ok {
		format, args = "%s: "+format, append([]any{path}, args...)
	}
	r.say(line(node), format, args...)
}

// read sets a value. Its tag is that of the field it is in, or of the list.
func (r *documentReader) read(at ast.Node, into reflect.Value, tag reflect.StructTag, place string) {
	r.lines[place] = line(at)
	node := at
	path, records := r.inRecords(place)
	if !records {
		node = r.resolve(at)
	}
	_, null := node.(*ast.NullNode)
	switch into.Interface().(type) {
	case scalar:
		if s, ok := scalarOf(node); ok {
			s.line = line(at)
			into.Set(reflect.ValueOf(s))
		} else {
			r.say(line(at), "a single value belongs here")
		}
		return
	}
	switch {
	case null && records:
		r.null(node, into, tag, place)
	case into.Kind() == reflect.Struct:
		r.object(node, into, place)
	case null:
	case into.Kind() == reflect.Slice:
		list, ok := node.(*ast.SequenceNode)
		switch {
		case !ok && records:
			r.say(line(at), "%s: give a list", path)
		case !ok:
			r.say(line(at), "a list belongs here")
		case len(list.Values) > mostAccounts && !records:
			r.say(line(list.Values[mostAccounts]), "%s: %d entries, the most is %d", place, len(list.Values), mostAccounts)
		default:
			into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
			for i, item := range list.Values {
				r.read(item, into.Index(i), tag, fmt.Sprintf("%s[%d]", place, i))
			}
		}
	case into.Kind() == reflect.Map:
		into.Set(reflect.MakeMap(into.Type()))
		for _, pair := range r.pairs(node, place, fmt.Sprintf("give %s an object", place)) {
			value := reflect.New(into.Type().Elem()).Elem()
			r.read(pair.Value, value, "", place)
			into.SetMapIndex(reflect.ValueOf(pair.Key.GetToken().Value), value)
		}
	default:
		r.value(node, into, tag, place)
	}
}

// object reads the fields of a struct, by the names in their tags; those of an embedded struct are fields of the same object.
func (r *documentReader) object(node ast.Node, into reflect.Value, place string) {
	var names []string
	fields := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(into.Type()) {
		if name := cmp.Or(f.Tag.Get("yaml"), f.Tag.Get("json")); name != "" {
			names = append(names, name)
			fields[name] = f
		}
	}
	before := len(r.wrong)
	if all, ok := mapping(node); ok && len(all) > 0 {
		r.lines[place] = line(all[0].Key)
	}
	for _, pair := range r.pairs(node, place, "give an object with "+strings.Join(names, ", ")) {
		key := pair.Key.GetToken().Value
		f, ok := fields[key]
		if !ok {
			r.complain(pair.Key, place, "unknown field %.60q: give %s", key, strings.Join(names, ", "))
			continue
		}
		r.read(pair.Value, into.FieldByIndex(f.Index), f.Tag, strings.TrimPrefix(place+"."+key, "."))
	}
	r.flawed[place] = len(r.wrong) > before
}

// pairs are the fields of an object, once each; those of << are behind its own.
func (r *documentReader) pairs(node ast.Node, place, want string) (list []*ast.MappingValueNode) {
	all, ok := mapping(node)
	if !ok {
		r.complain(node, place, "%s", want)
		return nil
	}
	seen := map[string]bool{}
	var merged []ast.Node
	for _, pair := range all {
		key := pair.Key.GetToken().Value
		switch _, merge := pair.Key.(*ast.MergeKeyNode); {
		case merge:
			merged = append(merged, pair.Value)
		case seen[key]:
			r.complain(pair.Key, place, "%.60s stands here twice: leave one out", key)
		default:
			list = append(list, pair)
		}
		seen[key] = true
	}
	for _, value := range merged {
		others, ok := mapping(r.resolve(value))
		if !ok {
			r.complain(value, place, "an alias of an object belongs here")
		}
		for _, pair := range others {
			if key := pair.Key.GetToken().Value; !seen[key] {
				seen[key] = true
				list = append(list, pair)
			}
		}
	}
	return list
}

func mapping(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// scalarOf returns a single value with the text of the file.
func scalarOf(node ast.Node) (s scalar, ok bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return scalar{text: n.Value}, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return scalar{text: node.GetToken().Value}, true
	case *ast.NullNode:
		return scalar{}, true
	}
	return scalar{}, false
}

// null clears a field of a record, if it can be cleared.
func (r *documentReader) null(node ast.Node, into reflect.Value, tag reflect.StructTag, place string) {
	if !slices.Contains(strings.Fields(tag.Get("fix")), "null") {
		r.complain(node, place, "null does not belong here: give %s, or leave it out", wanted(into, tag))
		return
	}
	into.Set(reflect.New(into.Type().Elem()))
}

// value sets a field of a record to a single value. Values are quoted nowhere: the URL of a webhook may hold a secret.
func (r *documentReader) value(node ast.Node, into reflect.Value, tag reflect.StructTag, place string) {
	switch to := into.Addr().Interface().(type) {
	case **bool:
		if b, ok := node.(*ast.BoolNode); ok {
			*to = new(b.Value)
			return
		}
	case *int64:
		if n, ok := wholeNumber(node); ok && n > 0 {
			*to = n
			return
		}
	case **int64:
		if n, ok := wholeNumber(node); ok {
			*to = new(n)
			return
		}
	case **time.Time:
		if at, ok := instant(node); ok {
			*to = &at
			return
		}
	case *string:
		if text, ok := recordText(node, tag); ok {
			*to = text
			return
		}
	case **string:
		if text, ok := recordText(node, tag); ok && text != "" {
			*to = &text
			return
		} else if ok {
			r.complain(node, place, "it is empty: give a text, or leave it out")
			return
		}
	}
	r.complain(node, place, "give %s", wanted(into, tag))
}

// isReference reports whether a field names another record: an id, or a text.
func isReference(tag reflect.StructTag) bool { return strings.HasPrefix(tag.Get("fix"), "reference") }

// recordText returns the text of the file: YAML would read the reference 0123 as 83.
func recordText(node ast.Node, tag reflect.StructTag) (text string, ok bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode:
		return n.GetToken().Value, isReference(tag)
	}
	return "", false
}

// wanted says what belongs into a field of a record.
func wanted(into reflect.Value, tag reflect.StructTag) string {
	switch into.Interface().(type) {
	case *string, string:
		if isReference(tag) {
			return "an id, or a text"
		}
		return "a text; quote one that looks like a number"
	case *time.Time:
		return "a time such as 2026-06-15T08:00:00Z, or UNIX seconds"
	case *bool:
		return "true or false"
	case *int64, int64:
		return "a whole number"
	}
	if into.Kind() == reflect.Slice {
		return "a list"
	}
	return "an object"
}

var digitsOnly = regexp.MustCompile(`^[0-9]+$`)

func wholeNumber(node ast.Node) (n int64, ok bool) {
	text := node.GetToken().Value
	n, err := strconv.ParseInt(text, 10, 64)
	_, ok = node.(*ast.IntegerNode)
	return n, ok && err == nil && digitsOnly.MatchString(text)
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

// checkRecords notes the mistakes of form in the records. It skips an entry that could not be read completely: a field
// that seems to be missing may be in the file.
func (r *documentReader) checkRecords() {
	for i, e := range r.doc.Accounts {
		for _, m := range e.Fixtures.Check(e.Name.text) {
			before, _, _ := strings.Cut(m.Path, "]")
			if !r.flawed[fmt.Sprintf("accounts[%d].%s]", i, before)] {
				r.note(i, m)
			}
		}
	}
}

// note adds a mistake that the fake finds in a record of account i, with its line.
func (r *documentReader) note(i int, m fakeaircall.FixtureMistake) {
	account := fmt.Sprintf("accounts[%d]", i)
	at := account + "." + m.Path
	for r.lines[at] == 0 && at != account {
		at = at[:max(strings.LastIndexAny(at, ".["), len(account))]
	}
	r.say(r.lines[at], "%s: %s", m.Path, m.Problem)
}

// explain adds the lines to the mistakes that the fake finds in records. It returns other errors as they are.
func (r *documentReader) explain(err error) error {
	var found fakeaircall.FixtureMistakes
	if r == nil || !errors.As(err, &found) {
		return err
	}
	for _, m := range found {
		r.note(slices.IndexFunc(r.doc.Accounts, func(e entry) bool { return e.Name.text == m.Account }), m)
	}
	return r.problem()
}
