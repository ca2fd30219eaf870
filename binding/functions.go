package binding

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"sync"
)

// A Function is one function that scripts can call. It defines dispatch, argument checks and documentation.
type Function struct {
	Name        string   // as documented: list_calls
	Aliases     []string // other names, which can be called and are not listed
	Effect      Effect
	Params      []Param // in documented order, which is the order of positional arguments
	Description string  // the first sentence of its chapter
	Objects     []Object
	Returns     string   // the content of the returned table
	Key         string   // the member of the result with the object or list: call, calls; "": the result itself
	Errors      []string // reasons to fail beside arguments, credentials and limits; each begins with a type
	Note        string   // remarks for users; may be ""
	Example     string   // Lua; may be ""
	Prints      string   // the output of Example on a fresh fake; "" if the features check it, or if there is no Example
	Ops         []string // operations of Aircall's API that it uses, the main one first; none for an Integration and for Config.RawAPI
	Iterates    string   // the name of an item if the function returns an iterator: call; "": it does not

	// Do implements a function of an [Integration]; it is nil in Aircall's functions. encoding/json must be able to write
	// the result, as an object. ctx ends with the run. An error that is a [*ScriptError] is raised as it is.
	Do func(ctx context.Context, c Call) (any, error)

	check  func(arguments) []string     // returns mistakes in the combination of valid arguments; nil: there are none
	handle func(*call) (value, error)   // nil: one request of the first operation with the arguments
	list   func(*call) (listing, error) // the request of the list; nil: with the arguments
	extra  []Param                      // parameters that are accepted by name, and not listed
	each   iteration                    // the iterator over the list; without a name there is none
	plain  bool                         // the result has no derived fields: what it names users or contacts is something else
}

// An iteration names the iterator over a list and its items.
type iteration struct {
	name, item string
}

// An Effect says what a call can do to the account.
type Effect string

// The effects.
const (
	EffectRead  Effect = "read"  // it changes nothing
	EffectWrite Effect = "write" // it may change something
)

// A Param is one named parameter of a function.
type Param struct {
	Name        string
	Kind        Kind
	Required    bool
	Nullable    bool     // KindText: json.null clears the field
	Enum        []string // KindEnum: the accepted values
	Min, Max    int64    // KindInteger: the bounds; Max 0: none. KindList: Max is the most entries
	Default     any      // the value if it is not given: int64 or string; nil: none
	Sample      string   // KindTime: an example for the documentation; may be ""
	Description string   // for the documentation, which adds Enum, Default, Max and Sample
	Items       *Param   // KindList: what each entry must be
	Fields      []Param  // KindObject: the fields it may hold

	in   part   // of the request; "": the query of a function that reads, the body of one that writes
	wire string // its name there, with a dot for each object around it; "": Name

	label string // KindPhones, KindEmails: of an entry without one; "": it stays without
}

// A part is a part of a request.
type part string

const (
	inPath  part = "path"
	inQuery part = "query"
	inBody  part = "body"
)

// A Kind says which values a parameter accepts and how they are sent.
type Kind string

// The kinds of a Param. Numbers may also be written as strings of digits.
const (
	KindID      Kind = "id"      // an integer from 1 to 2^53-1
	KindInteger Kind = "integer" // an integer within Min and Max
	KindEnum    Kind = "enum"    // one of Enum
	KindTime    Kind = "time"    // ISO 8601 or UNIX seconds; without zone it is UTC, without time midnight; fractions are dropped
	KindQuery   Kind = "query"   // a string, or a number; trimmed, and absent when empty
	KindText    Kind = "text"    // a UTF-8 string; sent unchanged, even empty
	KindTags    Kind = "tags"    // a list of at most 50 tag names and ids
	KindPhones  Kind = "phones"  // a list of at most 20 {label, value}
	KindEmails  Kind = "emails"  // a list of at most 20 {label, value}
	KindBool    Kind = "boolean" // true or false
	KindKey     Kind = "key"     // an id that may have letters, or an integer
	KindPhone   Kind = "phone"   // a telephone number, best in E.164
	KindList    Kind = "list"    // a list of at most Max Items
	KindObject  Kind = "object"  // a table with Fields
	KindMap     Kind = "map"     // a table of at most 50 strings by name
	KindTable   Kind = "table"   // a table of named values, each of which JSON can hold
	KindPath    Kind = "path"    // a path that aircall.CleanPath accepts; without a version it begins with /v1
)

// Type returns the type in the documentation: integer, string, array, boolean or object.
func (k Kind) Type() string {
	switch k {
	case KindID, KindInteger:
		return "integer"
	case KindTags, KindPhones, KindEmails, KindList:
		return "array"
	case KindBool:
		return "boolean"
	case KindObject, KindMap, KindTable:
		return "object"
	case KindEnum, KindTime, KindQuery, KindText, KindKey, KindPhone, KindPath:
		return "string"
	}
	return ""
}

// An Object is an example of an element of an array parameter: a heading and JSON.
type Object struct{ Title, JSON string }

// Functions returns the documented functions, in documented order. The caller may change the slices.
func Functions() []Function {
	fns := []Function{
		listCalls(), getCall(),
		listContacts(), createContact(), updateContact(),
		listUsers(), listNumbers(), getCurrentUser(),
	}
	for i := range fns {
		fns[i].complete()
	}
	return fns
}

// All returns every function of app.integrations.aircall: the documented ones, one for each other operation of Aircall's
// API, and an iterator for each function that lists. The caller may change the slices.
func All() []Function {
	all := Functions()
	for _, of := range []func() []Function{
		companyFunctions, userFunctions, userV1Functions, teamFunctions,
		callFunctions, callActionFunctions, intelligenceFunctions,
		numberFunctions, messageFunctions, whatsappFunctions, dialerFunctions, campaignFunctions, contactFunctions, tagFunctions,
		a2pFunctions, aiAgentFunctions, analyticsFunctions, webhookFunctions, oauthFunctions,
	} {
		all = append(all, of()...)
	}
	var iterators []Function
	for i := range all {
		all[i].complete()
		if all[i].each.name != "" {
			iterators = append(iterators, all[i].iterator())
		}
	}
	return append(all, iterators...)
}

// everyFunction returns one copy of All; callers must not change it.
var everyFunction = sync.OnceValue(All)

// complete sets the fields that follow from the others.
func (f *Function) complete() {
	if f.Aliases == nil {
		f.Aliases = aliasesOf(f.Name)
	}
	f.addID()
	example := examples()[f.Name]
	f.Example, f.Prints = example.source, example.prints
	if f.Returns == "" {
		f.Returns = f.usualResult()
	}
	if f.handle == nil && f.each.name != "" {
		f.handle = listPage
	}
}

// addID makes the first id in the path of the operation the first parameter, unless the function declares it itself:
// /v1/calls/{id}/tags takes a call_id.
func (f *Function) addID() {
	if len(f.Ops) == 0 {
		return
	}
	path := operation(f.Ops[0]).Path
	resources, _, _ := strings.Cut(path, "/{")
	resource := strings.TrimSuffix(resources[strings.LastIndex(resources, "/")+1:], "s")
	open := strings.Count(path, "{")
	for _, p := range f.Params {
		if p.in == inPath || p.Name == resource+"_id" {
			open--
		}
	}
	if open > 0 {
		f.Params = append([]Param{pathParam(resource+"_id", "The unique identifier of the "+resource)}, f.Params...)
	}
}

// usualResult describes the result of an operation that returns an object, a page of a list, or nothing.
func (f *Function) usualResult() string {
	key := "`" + f.Key + "`"
	switch {
	case f.Key == "":
		return "an empty table: Aircall's reply has no content."
	case f.each.name != "":
		return key + ", a list of " + f.Key + ", and `meta`."
	case strings.HasPrefix(f.Ops[0], "create-"):
		return key + ", as created."
	case strings.HasPrefix(f.Ops[0], "update-"):
		return key + ", as it is after the update."
	}
	return key + "."
}

//go:embed examples.lua
var examplesLua string

type example struct{ source, prints string }

// examples returns the examples by function. In examples.lua "--- " and a name begin an example, and "--> " begins a line
// that it prints on a fresh fake.
var examples = sync.OnceValue(func() map[string]example {
	all := make(map[string]example)
	for _, section := range strings.Split("\n"+examplesLua, "\n--- ")[1:] {
		name, code, _ := strings.Cut(section, "\n")
		source, prints, _ := strings.Cut(code, "--> ")
		all[name] = example{source, strings.ReplaceAll(prints, "\n--> ", "\n")}
	}
	return all
})

// pageParams returns the first parameters of every paged list.
func pageParams() []Param {
	return []Param{
		{Name: "per_page", Kind: KindInteger, Min: 1, Max: pageSize, Default: int64(20), Description: "Number of results per page"},
		{Name: "page", Kind: KindInteger, Min: 1, Default: int64(1), Description: "Page number for pagination"},
		{Name: "order", Kind: KindEnum, Enum: []string{"asc", "desc"}, Default: "desc", Description: "Sort order"},
	}
}

// every returns all parameters, those that are not listed last.
func (f *Function) every() iter.Seq[*Param] {
	return func(yield func(*Param) bool) {
		for _, params := range [][]Param{f.Params, f.extra} {
			for i := range params {
				if !yield(&params[i]) {
					return
				}
			}
		}
	}
}

// param returns the listed parameter with a name, or nil.
func (f *Function) param(name string) *Param {
	return find(f.Params, func(p *Param) bool { return p.Name == name })
}

// find returns the first accepted item, or nil.
func find[T any](items []T, accept func(*T) bool) *T {
	for i := range items {
		if accept(&items[i]) {
			return &items[i]
		}
	}
	return nil
}

func (f *Function) paramNames() []string {
	names := make([]string, len(f.Params))
	for i, p := range f.Params {
		names[i] = p.Name
	}
	return names
}

// accepted returns the parameters for messages, with a question mark after optional ones.
func (f *Function) accepted() string {
	if len(f.Params) == 0 {
		return "none"
	}
	names := f.paramNames()
	for i, p := range f.Params {
		if !p.Required {
			names[i] += "?"
		}
	}
	return strings.Join(names, ", ")
}

// document returns the parameter's description on the page.
func (p *Param) document() string {
	quote := func(s string) string { return "`" + strconv.Quote(s) + "`" }
	text := p.Description
	if len(p.Enum) > 0 {
		text += ": " + orList(p.Enum, quote)
	}
	var notes []string
	switch d := p.Default.(type) {
	case nil:
	case string:
		notes = append(notes, "default: "+quote(d))
	default:
		notes = append(notes, fmt.Sprintf("default: %v", d))
	}
	if p.Max > 0 && p.Kind != KindList {
		notes = append(notes, fmt.Sprintf("max: %d", p.Max))
	}
	if names := p.fieldNames(); names != "" {
		notes = append(notes, "fields: "+names)
	}
	if p.Sample != "" {
		notes = append(notes, "e.g., "+quote(p.Sample))
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}

// orList returns "a", "b" or "c", each word as quote writes it.
func orList(words []string, quote func(string) string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quote(word)
	}
	text := strings.Join(quoted, ", ")
	if i := strings.LastIndex(text, ", "); i > 0 {
		text = text[:i] + " or " + text[i+2:]
	}
	return text
}

// fieldNames returns the fields of an object, or of the objects in a list, with a question mark after optional ones.
func (p *Param) fieldNames() string {
	fields := p.Fields
	if p.Items != nil {
		fields = p.Items.Fields
	}
	var names []string
	for _, f := range fields {
		name := "`" + f.Name + "`"
		if !f.Required {
			name += "?"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}
