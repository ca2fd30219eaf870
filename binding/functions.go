package binding

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Function is one entry of the table from which dispatch, argument checking and the reference page are made.
type Function struct {
	Name        string   // as documented: list_calls
	Aliases     []string // callable too, never listed
	Effect      Effect
	Params      []Param // in documented order, which is the order of positional arguments
	Description string
	Objects     []Object // shapes the page shows below the parameters
	Returns     string   // what the returned table holds
	Key         string   // the member of the result that holds what was asked for: call, calls; "": the result itself
	Errors      []string // what else than arguments, credentials and limits makes it fail
	Note        string   // what to know before using it; may be empty
	Example     string   // Lua
	Prints      string   // by Example, on a fresh fake; "" for the documented functions, whose scenarios say it
	Ops         []string // operations of Aircall's API it may use, the usual one first
	Iterates    string   // the name of the items, if the function goes through a list: call

	// Do is what a function of a host's [Integration] does, and nil in Aircall's. Its result is whatever encoding/json
	// writes as an object. The context ends with the run; an error that is a [*ScriptError] is raised as it is.
	Do func(context.Context, Call) (any, error)

	check  func(arguments) []string     // what is wrong with arguments that are each right; nil: nothing can be
	handle func(*call) (value, error)   // nil: one request of the first operation, made of the parameters
	list   func(*call) (listing, error) // how the list is asked for; nil: as the parameters say
	each   iteration                    // the iterator over what the function lists; without a name there is none
}

// An iteration is what makes an iterator of a function that lists.
type iteration struct {
	name, item string
}

// Effect says what a call can do to the account.
type Effect string

// The effects.
const (
	EffectRead  Effect = "read"
	EffectWrite Effect = "write"
)

// A Param is one named argument of a function.
type Param struct {
	Name        string
	Kind        Kind
	Type        string // documented: integer, string or array; follows from Kind
	Required    bool
	Nullable    bool     // json.null clears it
	Enum        []string // KindEnum: what it may be
	Min, Max    int64    // KindInteger: the bounds; Max 0 means none
	Default     any      // sent when the script gives none; nil: nothing is sent
	Sample      string   // KindTime: a good value
	Description string   // without enum, default, maximum and sample: the page adds these

	In     Place   // of the request; "": the query of what reads, the body of what writes
	Wire   string  // its name there, with a dot for each object around it; "": Name
	Items  *Param  // KindList: what each entry must be
	Fields []Param // KindObject: what it may hold
}

// A Place is a part of a request.
type Place string

// The places.
const (
	InPath  Place = "path"
	InQuery Place = "query"
	InBody  Place = "body"
)

// A Kind says what values a parameter takes and what becomes of them.
type Kind string

// The kinds. Numbers may also be written as strings of digits.
const (
	KindID      Kind = "id"      // a whole number from 1 to 2^53-1
	KindInteger Kind = "integer" // a whole number within Min and Max
	KindEnum    Kind = "enum"    // one of Enum
	KindTime    Kind = "time"    // ISO 8601 or UNIX seconds; without zone it is UTC, without time midnight; fractions are dropped
	KindQuery   Kind = "query"   // text, or a telephone number typed as a number; trimmed, and absent when empty
	KindText    Kind = "text"    // UTF-8; sent as it is, even empty
	KindTags    Kind = "tags"    // a list of tag names and ids
	KindPhones  Kind = "phones"  // a list of {label, value}
	KindEmails  Kind = "emails"  // a list of {label, value}

	KindBool   Kind = "boolean"
	KindKey    Kind = "key"    // an id that may have letters; a whole number counts as its digits
	KindPhone  Kind = "phone"  // a telephone number, best in E.164
	KindList   Kind = "list"   // a list of Items, of at most Max
	KindObject Kind = "object" // a table with Fields
	KindMap    Kind = "map"    // a table of texts by name
)

func (k Kind) documented() string {
	switch k {
	case KindID, KindInteger:
		return "integer"
	case KindTags, KindPhones, KindEmails, KindList:
		return "array"
	case KindBool:
		return "boolean"
	case KindObject, KindMap:
		return "object"
	}
	return "string"
}

// An Object is the JSON shape of one element of an array parameter.
type Object struct{ Title, JSON string }

// Functions returns the documented functions, in documented order. The slices are the caller's.
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

// All returns every function: the documented ones, one for each other operation of Aircall's API in the order of its
// documentation, and an iterator for each that lists. The slices are the caller's.
func All() []Function {
	all := Functions()
	for _, of := range []func() []Function{
		companyFunctions, integrationFunctions, userFunctions, userCallFunctions, userV1Functions, teamFunctions,
		callFunctions, callTransferFunctions, callRecordingFunctions, callCardFunctions, intelligenceFunctions,
		numberFunctions, messageFunctions, whatsappFunctions, dialerFunctions, contactFunctions, tagFunctions,
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

// everyFunction is All, made once: nobody changes it.
var everyFunction = sync.OnceValue(All)

// complete fills in what follows from the rest.
func (f *Function) complete() {
	if slug := "aircall_" + f.Name; !slices.Contains(f.Aliases, slug) {
		f.Aliases = append(f.Aliases, slug)
	}
	example := examples()[f.Name]
	f.Example, f.Prints = example.source, example.prints
	setTypes(f.Params)
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

func setTypes(params []Param) {
	for i := range params {
		p := &params[i]
		p.Type = p.Kind.documented()
		setTypes(p.Fields)
		if p.Items != nil {
			p.Items.Type = p.Items.Kind.documented()
			setTypes(p.Items.Fields)
		}
	}
}

// pageParams are the first parameters of every list that pages.
func pageParams() []Param {
	return []Param{
		{Name: "per_page", Kind: KindInteger, Min: 1, Max: pageSize, Default: int64(20), Description: "Number of results per page"},
		{Name: "page", Kind: KindInteger, Min: 1, Default: int64(1), Description: "Page number for pagination"},
		{Name: "order", Kind: KindEnum, Enum: []string{"asc", "desc"}, Default: "desc", Description: "Sort order"},
	}
}

// param returns the parameter of that name, or nil.
func (f *Function) param(name string) *Param {
	i := slices.IndexFunc(f.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &f.Params[i]
}

func (f *Function) paramNames() []string {
	names := make([]string, len(f.Params))
	for i, p := range f.Params {
		names[i] = p.Name
	}
	return names
}

// accepted lists the parameters as messages do: the optional ones with a question mark.
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

// document is the parameter's description on the page.
func (p *Param) document() string {
	quote := func(s string) string { return "`" + strconv.Quote(s) + "`" }
	text := p.Description
	if len(p.Enum) > 0 {
		quoted := make([]string, len(p.Enum))
		for i, e := range p.Enum {
			quoted[i] = quote(e)
		}
		text += ": " + orList(quoted)
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

// orList is "a", "b" or "c".
func orList(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// fieldNames are those of an object, or of the objects in a list; the optional ones with a question mark.
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
