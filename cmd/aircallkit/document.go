package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
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

// mostMistakes is how many are said of one file.
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
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey()) // which are said with the rest
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
	r := newDocumentReader(name)
	ast.Walk(r, bodies[0].Body)
	r.read(bodies[0].Body, reflect.ValueOf(doc).Elem(), "")
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

// documentReader fills a document from the nodes of a file, by the tags of its types.
type documentReader struct {
	mistakes
	anchors map[string]ast.Node
	begins  map[string]int  // the lines of objects, by where they stand, such as accounts[2]
	flawed  map[string]bool // of these, the ones in which something is wrong
}

func newDocumentReader(file string) *documentReader {
	return &documentReader{
		mistakes: mistakes{file: file}, anchors: map[string]ast.Node{}, begins: map[string]int{}, flawed: map[string]bool{},
	}
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

// meant is the node that an anchor or alias stands for; itself, if there is none.
func (r *documentReader) meant(node ast.Node) ast.Node {
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

// read sets a value, which stands at a place such as accounts[2].user.
func (r *documentReader) read(at ast.Node, into reflect.Value, place string) {
	node := r.meant(at)
	_, null := node.(*ast.NullNode)
	switch into.Interface().(type) {
	case records:
		into.Set(reflect.ValueOf(records{at}))
		return
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
	case into.Kind() == reflect.Struct:
		r.object(node, into, place)
	case null:
	case into.Kind() == reflect.Slice:
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			r.say(line(at), "a list belongs here")
			return
		}
		if len(list.Values) > mostAccounts {
			r.say(line(list.Values[mostAccounts]), "%s: %d entries, the most is %d", place, len(list.Values), mostAccounts)
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
		for i, item := range list.Values {
			r.read(item, into.Index(i), fmt.Sprintf("%s[%d]", place, i))
		}
	default:
		into.Set(reflect.MakeMap(into.Type()))
		for _, pair := range r.pairs(node, fmt.Sprintf("give %s an object", place)) {
			value := reflect.New(into.Type().Elem()).Elem()
			r.read(pair.Value, value, place)
			into.SetMapIndex(reflect.ValueOf(pair.Key.GetToken().Value), value)
		}
	}
}

func (r *documentReader) object(node ast.Node, into reflect.Value, place string) {
	fields := reflect.VisibleFields(into.Type())
	var names []string
	for _, f := range fields {
		names = append(names, f.Tag.Get("yaml"))
	}
	before := len(r.wrong)
	pairs := r.pairs(node, "give an object with "+strings.Join(names, ", "))
	r.begins[place] = line(node)
	if all, ok := mapping(node); ok && len(all) > 0 {
		r.begins[place] = line(all[0].Key)
	}
	for _, pair := range pairs {
		key := pair.Key.GetToken().Value
		i := slices.Index(names, key)
		if i < 0 {
			r.say(line(pair.Key), "unknown field %.60q: give %s", key, strings.Join(names, ", "))
			continue
		}
		r.read(pair.Value, into.Field(i), strings.TrimPrefix(place+"."+key, "."))
	}
	r.flawed[place] = len(r.wrong) > before
}

// pairs are the fields of an object, once each; those of << are behind its own.
func (r *documentReader) pairs(node ast.Node, want string) (list []*ast.MappingValueNode) {
	all, ok := mapping(node)
	if !ok {
		r.say(line(node), "%s", want)
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
			r.say(line(pair.Key), "%.60s stands here twice: leave one out", key)
		default:
			list = append(list, pair)
		}
		seen[key] = true
	}
	for _, value := range merged {
		others, ok := mapping(r.meant(value))
		if !ok {
			r.say(line(value), "an alias of an object belongs here")
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

// scalarOf is a value as it stands in the file.
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
