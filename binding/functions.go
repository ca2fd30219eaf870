package binding

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	Example     string   // Lua
	Ops         []string // operations of Aircall's API it may use, the usual one first

	check  func(arguments) []string // what is wrong with arguments that are each right; nil: nothing can be
	handle func(*call) (value, error)
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
}

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
)

func (k Kind) documented() string {
	switch k {
	case KindID, KindInteger:
		return "integer"
	case KindTags, KindPhones, KindEmails:
		return "array"
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
		f := &fns[i]
		f.Aliases = append(f.Aliases, "aircall_"+f.Name)
		for j := range f.Params {
			f.Params[j].Type = f.Params[j].Kind.documented()
		}
	}
	return fns
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
		text += ": " + strings.Join(quoted, " or ")
	}
	var notes []string
	switch d := p.Default.(type) {
	case nil:
	case string:
		notes = append(notes, "default: "+quote(d))
	default:
		notes = append(notes, fmt.Sprintf("default: %v", d))
	}
	if p.Max > 0 {
		notes = append(notes, fmt.Sprintf("max: %d", p.Max))
	}
	if p.Sample != "" {
		notes = append(notes, "e.g., "+quote(p.Sample))
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, ", ") + ")"
	}
	return text
}
