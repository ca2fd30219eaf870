package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/yamllimit"
)

// A configFile is the content of the YAML file of --config and of --accounts. A fake and the scripts that use it can share
// a file; only serve reads more than the accounts.
type configFile struct {
	Accounts []configAccount   `json:"accounts"`
	Apps     []configApp       `json:"apps"`
	Assume   map[string]string `json:"assume"`

	data     []byte
	settings map[string]any // the other fields, as text
	*configReader
}

type configAccount struct {
	Name        string `json:"name"`
	APIID       string `json:"api_id"`
	APIToken    string `json:"api_token"`
	AccessToken string `json:"access_token"`
	Bearer      string `json:"bearer"`
	URL         string `json:"url"`
	User        string `json:"user"`
	Purpose     string `json:"purpose"`

	Assume map[string]string `json:"assume"`

	fakeaircall.Fixtures
}

// configApp is a fakeaircall.App.
type configApp struct {
	Name         string   `json:"name"`
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret"`
	RedirectURIs []string `json:"redirect_uris"`
}

func (a configAccount) token() string { return cmp.Or(a.Bearer, a.AccessToken) }

// purposes are the values of an account's purpose. The conformance suite never changes one for production.
var purposes = []string{"sandbox", "shared", production}

const production = "production"

// A configField is a field of the file. The types of a single value begin with "scalar": it is taken as the text in the
// file, since YAML would read the API id 0123 as 83. All other types are those of fixtures.
type configField = fakeaircall.FixtureField

// configFields is the table of the file. It decides how the file is read, and its JSON Schema.
func configFields() []configField {
	scalar := func(name string, always bool, doc string) configField {
		return configField{Name: name, Type: "scalar", Null: true, Always: always, Doc: doc}
	}
	account := []configField{
		scalar("name", true, "What the account is called."),
		scalar("api_id", false, "API id, with api_token."),
		scalar("api_token", false, "API token, with api_id."),
		scalar("access_token", false, "An OAuth access token."),
		scalar("bearer", false, "The same as access_token."),
		scalar("url", false, "Where clients find Aircall; serve ignores it."),
		scalar("user", false, "E-mail of the company's first user."),
		{Name: "purpose", Type: "scalar", Null: true, Enum: purposes, Doc: "What the account is for; serve ignores it."},
		{Name: "assume", Type: "scalar map", Null: true, Doc: "Answers to assumptions of this account, by id, such as those about its plan."},
	}
	return []configField{
		{Name: "accounts", Type: "objects", Null: true, Doc: "The accounts. Default: default, sales and support.", Fields: append(account, fakeaircall.FixtureKinds()...)},
		{Name: "apps", Type: "objects", Null: true, Doc: "The OAuth apps. Default: the standard app.", Fields: []configField{
			scalar("name", true, "The name that people see."),
			scalar("client_id", true, "Its client id."),
			scalar("client_secret", true, "Its client secret."),
			{Name: "redirect_uris", Type: "scalars", Null: true, Always: true, Doc: "Where people are sent back to."},
		}},
		{Name: "seed", Type: "scalar integer", Doc: "Seed of the made-up data."},
		{Name: "scale", Type: "scalar", Enum: texts(fakeaircall.Scales()), Doc: "Amount of data."},
		{Name: "rate_limit", Type: "scalar integer", Doc: "Requests per minute and company; 0: no limit."},
		{Name: "clock", Type: "scalar time", Doc: "Freezes the clock at this instant."},
		{Name: "speed", Type: "scalar number", Doc: "Clock speed as a multiple of real time."},
		{Name: "assume", Type: "scalar map", Null: true, Doc: "Answers to assumptions, by id."},
	}
}

// isList reports whether a field is a list; only outside of fixtures can a list be null, and has it a limit.
func isList(f configField) bool {
	return slices.Contains([]string{"objects", "integers", "strings", "references", "scalars"}, f.Type)
}

type schema = map[string]any

// configSchema returns the JSON Schema, draft 2020-12, of the file. A schema cannot say how entries must agree with each
// other; serve checks that.
func configSchema() schema {
	whole := objectSchema(configFields())
	whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	whole["title"] = "The file of aircallkit serve --config"
	return whole
}

// objectSchema describes an object. Fields that only a new entry needs may be missing if there is an id, which may be
// the id of an entry to change.
func objectSchema(fields []configField) schema {
	properties, always, anew := schema{}, []string{}, []string{}
	for _, f := range fields {
		properties[f.Name] = fieldSchema(f)
		if f.Always {
			always = append(always, f.Name)
		}
		if f.New {
			anew = append(anew, f.Name)
		}
	}
	out := schema{"type": "object", "additionalProperties": false, "properties": properties, "required": always}
	if len(anew) > 0 {
		out["anyOf"] = []any{schema{"required": []string{"id"}}, schema{"required": anew}}
	}
	return out
}

const timePattern = `^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$`

// valueSchemas describe the types.
var valueSchemas = map[string]schema{
	"id":             {"type": []string{"integer"}},
	"integer":        {"type": []string{"integer"}},
	"sound":          {"type": []string{"boolean", "string"}},
	"boolean":        {"type": []string{"boolean"}},
	"time":           {"type": []string{"string", "integer"}, "pattern": timePattern, "minimum": 1},
	"string":         {"type": []string{"string"}},
	"reference":      {"type": []string{"string", "integer"}},
	"scalar":         {"type": []string{"string", "number", "boolean"}},
	"scalar integer": {"type": []string{"integer", "string"}, "pattern": `^[+-]?[0-9]+$`},
	"scalar number":  {"type": []string{"number", "string"}, "minimum": 0, "maximum": fakeaircall.MaxSpeed},
	"scalar time":    {"type": []string{"string"}, "pattern": timePattern},
	"scalar map":     {"type": []string{"object"}, "additionalProperties": schema{"type": []string{"string", "number", "boolean", "null"}}},
}

func fieldSchema(f configField) schema {
	out := maps.Clone(valueSchemas[f.Type])
	switch {
	case f.Type == "object":
		out = objectSchema(f.Fields)
		out["type"] = []string{"object"}
	case f.Type == "objects":
		out = schema{"type": []string{"array"}, "items": objectSchema(f.Fields)}
	case isList(f):
		item := configField{Type: strings.TrimSuffix(f.Type, "s"), Pattern: f.Pattern, Enum: f.Enum, Least: f.Least, Most: f.Most}
		out = schema{"type": []string{"array"}, "items": fieldSchema(item)}
		f.Pattern, f.Enum, f.Most = "", nil, 0
	}
	if f.Length > 0 {
		out["minItems"], out["maxItems"], out["contains"] = f.Length, f.Length, schema{"minimum": 1}
	}
	if f.Most > 0 {
		out["minimum"], out["maximum"] = f.Least, f.Most
	}
	if f.Doc != "" {
		out["description"] = f.Doc
	}
	if f.Pattern != "" {
		out["pattern"] = f.Pattern
	}
	if f.Null {
		out["type"] = append(slices.Clone(out["type"].([]string)), "null")
	}
	if f.Null && isList(f) {
		out["maxItems"] = maxEntries
	}
	if f.Enum != nil {
		values := []any{}
		for _, v := range f.Enum {
			values = append(values, v)
		}
		if f.Null {
			values = append(values, nil)
		}
		out["enum"] = values
	}
	if f.Example != "" && !f.Null && f.Type == "string" {
		out["examples"] = []string{f.Example}
	}
	return out
}

// A configReader reads a file by the table of its fields, and collects all mistakes. A mistake never quotes a value of an
// account, since that may be a credential.
type configReader struct {
	file     string
	mistakes []configMistake
	anchors  map[string]ast.Node
	lines    map[string]int  // by place, such as accounts[2].users[0].email; an object begins at its first key
	flawed   map[string]bool // the places of objects that contain a mistake
}

type configMistake struct {
	line int
	text string
}

const (
	maxConfig   = 4 << 20 // bytes of a file
	maxEntries  = 100     // of accounts, of apps and of redirect URIs
	maxMistakes = 100     // that are listed
	maxAliases  = 10      // of aliases that are followed
)

// readConfig reads a file and notes its mistakes. It fails if the file cannot be read at all.
func readConfig(name string) (*configFile, error) {
	data, err := readBounded(name, maxConfig)
	if err != nil {
		return nil, err
	}
	if line, err := yamllimit.Check(data, true); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, line, err)
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey()) // reported with the other mistakes
	if err != nil {
		return nil, notYAML(name, string(data), err)
	}
	bodies := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil || d.Body.Type() == ast.CommentType })
	switch {
	case len(bodies) == 0:
		return nil, fmt.Errorf("%s: the file is empty", name)
	case len(bodies) > 1:
		return nil, fmt.Errorf("%s: more than one YAML document; only one is read", name)
	}
	r := &configReader{file: name, anchors: map[string]ast.Node{}, lines: map[string]int{}, flawed: map[string]bool{}}
	ast.Walk(r, bodies[0].Body)
	c := &configFile{configReader: r, data: data, settings: r.object(bodies[0].Body, configFields(), "")}
	fields, err := json.Marshal(c.settings)
	if err == nil {
		err = json.Unmarshal(fields, c)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c.checkAccounts()
	return c, nil
}

var (
	keys     = regexp.MustCompile(`([\w-]+):(?:\s|$)`)
	openText = regexp.MustCompile(`^[\s-]*([\w-]+):\s+(?:"(?:[^"\\]|\\.)*|'[^']*)$`) // a value that begins with a quote and does not end
)

// notYAML returns the error of the YAML parser with line and key, and without the values that it quotes. Where a quote is not
// closed, the parser may complain about a later line.
func notYAML(name, text string, err error) error {
	y, ok := errors.AsType[yaml.Error](err)
	if !ok || y.GetToken() == nil {
		return fmt.Errorf("%s is not a YAML file", name)
	}
	at, problem := y.GetToken().Position.Line, y.GetMessage()
	lines := strings.Split(text, "\n")
	lines = lines[:min(at, len(lines))]
	if strings.Contains(problem, "-quoted text") {
		problem = "a quote is not closed: end the value with the quote that it begins with"
	} else if strings.Contains(problem, "'\t'") {
		problem = "a tab cannot indent: use spaces"
	}
	key := ""
	if len(lines) > 0 {
		for _, m := range keys.FindAllStringSubmatch(lines[len(lines)-1], -1) {
			if hasField(configFields(), m[1]) { // anything else may be a part of a value
				key = m[1] + ": "
			}
		}
	}
	for i, l := range lines {
		if m := openText.FindStringSubmatch(strings.TrimRight(l, "\r")); m != nil {
			at, key, problem = i+1, m[1]+": ", "a quote is not closed: end the value with the quote that it begins with"
			break
		}
	}
	return fmt.Errorf("%s:%d: %s%s", name, at, key, problem)
}

// hasField reports whether one of the fields, or of the fields in them, has a name.
func hasField(fields []configField, name string) bool {
	return slices.ContainsFunc(fields, func(f configField) bool { return f.Name == name || hasField(f.Fields, name) })
}

// Visit collects the anchors.
func (r *configReader) Visit(node ast.Node) ast.Visitor {
	if a, ok := node.(*ast.AnchorNode); ok {
		r.anchors[a.Name.GetToken().Value] = a.Value
	}
	return r
}

// resolve returns the node of an anchor or alias, and any other node as it is.
func (r *configReader) resolve(node ast.Node) ast.Node {
	for range maxAliases {
		switch n := node.(type) {
		case *ast.AnchorNode:
			node = n.Value
		case *ast.AliasNode:
			if node = r.anchors[n.Value.GetToken().Value]; node == nil {
				return n
			}
		default:
			return node
		}
	}
	return node
}

func line(node ast.Node) int { return node.GetToken().Position.Line }

// note adds a mistake.
func (r *configReader) note(line int, format string, args ...any) {
	r.mistakes = append(r.mistakes, configMistake{line, fmt.Sprintf(format, args...)})
}

// complain adds a mistake at a node, with its place within the account.
func (r *configReader) complain(node ast.Node, place, format string, args ...any) {
	if strings.HasPrefix(place, "accounts[") {
		_, inside, _ := strings.Cut(place, "]")
		place = strings.TrimPrefix(inside, ".")
	}
	if place != "" {
		place += ": "
	}
	r.note(line(node), "%s%s", place, fmt.Sprintf(format, args...))
}

// err returns all mistakes in the order of their lines, or nil.
func (r *configReader) err() error {
	if len(r.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(r.mistakes, func(a, b configMistake) int { return cmp.Compare(a.line, b.line) })
	var lines []string
	for _, m := range r.mistakes[:min(len(r.mistakes), maxMistakes)] {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", r.file, m.line, m.text))
	}
	if more := len(r.mistakes) - maxMistakes; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d more", r.file, more))
	}
	return errors.New(strings.Join(lines, "\n"))
}

// object reads an object. It returns the values of its fields as encoding/json encodes them.
func (r *configReader) object(node ast.Node, fields []configField, place string) map[string]any {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	before := len(r.mistakes)
	if all, ok := mapping(node); ok && len(all) > 0 {
		r.lines[place] = line(all[0].Key)
	}
	out := map[string]any{}
	for _, pair := range r.pairs(node, place, "an object with "+strings.Join(names, ", ")) {
		key := pair.Key.GetToken().Value
		if i := slices.Index(names, key); i < 0 {
			r.complain(pair.Key, place, "unknown field %.60q: give %s", key, strings.Join(names, ", "))
		} else {
			out[key] = r.value(pair.Value, fields[i], strings.TrimPrefix(place+"."+key, "."))
		}
	}
	r.flawed[place] = len(r.mistakes) > before
	return out
}

// pairs returns the keys and values of an object, each key once; those of << come last.
func (r *configReader) pairs(node ast.Node, place, want string) (list []*ast.MappingValueNode) {
	all, ok := mapping(node)
	if !ok {
		r.complain(node, place, "give %s", want)
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
			r.complain(pair.Key, place, "%.60s is given twice: leave one out", key)
		default:
			list = append(list, pair)
		}
		seen[key] = true
	}
	for _, value := range merged {
		others, ok := mapping(r.resolve(value))
		if !ok {
			r.complain(value, place, "give an alias of an object")
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

// value reads the value of a field, nil after a mistake. It resolves no aliases in fixtures: a small file could ask for
// millions of records.
func (r *configReader) value(at ast.Node, f configField, place string) any {
	r.lines[place] = line(at)
	node := at
	if strings.HasPrefix(f.Type, "scalar") || f.Type == "objects" && f.Null {
		node = r.resolve(at)
	}
	_, null := node.(*ast.NullNode)
	list, sequence := node.(*ast.SequenceNode)
	switch {
	case null && f.Null:
		return map[string]any{"time": time.Time{}, "string": "", "reference": "", "scalar": ""}[f.Type] // nil for lists
	case null && !strings.HasPrefix(f.Type, "scalar"):
		r.complain(at, place, "null does not belong here: give %s, or leave it out", wantedValue[f.Type])
		return nil
	case f.Type == "scalar map":
		out := map[string]any{}
		for _, pair := range r.pairs(node, place, wantedValue[f.Type]) {
			key := pair.Key.GetToken().Value
			out[key] = r.value(pair.Value, configField{Type: "scalar", Null: true}, place+"."+key)
		}
		return out
	case f.Type == "object":
		return r.object(node, f.Fields, place)
	case isList(f) && sequence && f.Null && len(list.Values) > maxEntries:
		r.complain(list.Values[maxEntries], place, "%d entries, the most is %d", len(list.Values), maxEntries)
		return nil
	case isList(f) && sequence:
		out := []any{}
		for i, item := range list.Values {
			at := fmt.Sprintf("%s[%d]", place, i)
			if f.Type != "objects" {
				out = append(out, r.value(item, configField{Type: strings.TrimSuffix(f.Type, "s"), Null: f.Null}, at))
				continue
			}
			r.lines[at] = line(item)
			if f.Null {
				item = r.resolve(item)
			}
			out = append(out, r.object(item, f.Fields, at))
		}
		return out
	}
	v, ok := singleValue(node, f.Type)
	if isList(f) || !ok {
		r.complain(at, place, "give %s", wantedValue[f.Type])
		return nil
	}
	if v == "" && f.Type == "string" {
		r.complain(at, place, "it is empty: give a text, or leave it out")
	}
	return v
}

// wantedValue says what belongs into a field. Values are quoted nowhere: the URL of a webhook may contain a secret.
var wantedValue = map[string]string{
	"string": "a text; quote one that looks like a number", "reference": "an id, or a text", "boolean": "true or false",
	"time": "a time such as 2026-06-15T08:00:00Z, or UNIX seconds", "id": "a whole number from 1", "integer": "a whole number",
	"object": "an object", "sound": "true, false or a URL",
	"objects": "a list", "integers": "a list of whole numbers", "strings": "a list", "references": "a list", "scalars": "a list", "scalar map": "an object",
	"scalar": "a single value", "scalar integer": "a single value", "scalar number": "a single value", "scalar time": "a single value",
}

var digitsOnly = regexp.MustCompile(`^[0-9]+$`)

// singleValue returns the value of a node, if it has one of this type.
func singleValue(node ast.Node, kind string) (any, bool) {
	token := node.GetToken().Value
	text, isText := "", false
	switch n := node.(type) {
	case *ast.StringNode:
		text, isText = n.Value, true
	case *ast.LiteralNode:
		text, isText = n.Value.Value, !strings.HasPrefix(kind, "scalar")
	}
	_, isInteger := node.(*ast.IntegerNode)
	whole, err := strconv.ParseInt(token, 10, 64)
	isWhole := isInteger && err == nil && digitsOnly.MatchString(strings.TrimPrefix(token, "-"))
	switch kind {
	case "boolean":
		b, ok := node.(*ast.BoolNode)
		return ok && b.Value, ok
	case "sound":
		if b, ok := node.(*ast.BoolNode); ok {
			return strconv.FormatBool(b.Value), true
		}
	case "id":
		return whole, isWhole && whole > 0
	case "integer":
		return whole, isWhole
	case "time":
		if isWhole {
			at := time.Unix(min(whole, 1<<40), 0).UTC() // JSON has no years above 9999
			return at, whole > 0 && at.Year() <= 9999
		}
		at, err := time.Parse(time.RFC3339, text)
		return at, err == nil
	case "reference":
		if isInteger {
			return token, true // YAML would read 0123 as 83
		}
	case "string":
	default:
		switch node.(type) {
		case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
			return token, true
		case *ast.NullNode:
			return "", true
		}
	}
	return text, isText
}

// checkAccounts notes the mistakes of accounts and apps that could be read.
func (c *configFile) checkAccounts() {
	for i, a := range c.Accounts {
		at := fmt.Sprintf("accounts[%d]", i)
		first := slices.IndexFunc(c.Accounts, func(o configAccount) bool { return o.Name == a.Name })
		switch {
		case a.Name == "" && !c.flawed[at]:
			c.note(c.lines[at], "accounts[%d]: name is missing", i)
		case strings.ContainsFunc(a.Name, unicode.IsSpace):
			c.note(c.lines[at], "account %.60q: a name has no spaces; use lower-case letters, digits and _", a.Name)
			c.flawed[at] = true
		case a.Name != "" && first < i:
			c.note(c.lines[at], "account %.60q is already defined on line %d", a.Name, c.lines[fmt.Sprintf("accounts[%d]", first)])
			c.flawed[at] = true
		}
		if a.Purpose != "" && !slices.Contains(purposes, a.Purpose) {
			c.note(c.lines[at+".purpose"], "purpose: account %.60q: give one of %s", a.Name, strings.Join(purposes, ", "))
		}
		if a.AccessToken != "" && a.Bearer != "" {
			c.note(c.lines[at], "account %.60q: bearer is another word for access_token; give one", a.Name)
		}
	}
	for i, a := range c.Apps {
		at := fmt.Sprintf("apps[%d]", i)
		first := slices.IndexFunc(c.Apps, func(o configApp) bool { return o.ClientID == a.ClientID })
		if err := fakeaircall.App(a).Check(); c.flawed[at] {
			continue
		} else if err != nil {
			c.note(c.lines[at], "%s: %v", at, err)
		} else if first < i {
			c.note(c.lines[at+".client_id"], "client_id: app %.60q has the client_id of the app on line %d", a.Name, c.lines[fmt.Sprintf("apps[%d]", first)])
		}
	}
}

// checkAssumed notes answers that their assumptions do not have. They are at a place in the file.
func (c *configFile) checkAssumed(place string, given map[string]string) {
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if problem := assumeProblem(id, given[id]); problem != "" {
			c.note(c.lines[place+"."+id], "assume: %s", problem)
		}
	}
}

// checkFixtures notes the mistakes of form in the fixtures. It skips an entry that could not be read completely: a field
// that seems to be missing may be in the file.
func (c *configFile) checkFixtures() {
	for i, a := range c.Accounts {
		for _, m := range a.Fixtures.Check(a.Name) {
			entry, _, _ := strings.Cut(m.Path, ".")
			if !c.flawed[fmt.Sprintf("accounts[%d].%s", i, entry)] {
				c.noteFixture(i, m)
			}
		}
	}
}

// noteFixture adds a mistake that the fake found in a fixture of account i, with its line.
func (c *configFile) noteFixture(i int, m fakeaircall.FixtureMistake) {
	account := fmt.Sprintf("accounts[%d]", i)
	at := account + "." + m.Path
	for c.lines[at] == 0 && at != account {
		at = at[:max(strings.LastIndexAny(at, ".["), len(account))]
	}
	c.note(c.lines[at], "%s: %s", m.Path, m.Problem)
}

// explain adds the lines to the mistakes that the fake found in fixtures. It returns other errors as they are.
func (c *configFile) explain(err error) error {
	found, ok := errors.AsType[fakeaircall.FixtureMistakes](err)
	if !ok {
		return err
	}
	for _, m := range found {
		c.noteFixture(slices.IndexFunc(c.Accounts, func(a configAccount) bool { return a.Name == m.Account }), m)
	}
	return c.err()
}
