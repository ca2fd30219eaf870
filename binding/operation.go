package binding

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// operate is the handler of functions that are one operation: the parameters say what goes where.
func operate(c *call) (value, error) { return c.do(c.fn.Ops[0], c.request()) }

// request makes a request of the arguments. The values of a path stand in the order of their parameters.
func (c *call) request() aircall.Request {
	req := aircall.Request{Query: url.Values{}}
	fields, hasBody := objectValue(), false
	for i := range c.fn.Params {
		p := &c.fn.Params[i]
		place := c.fn.place(p)
		hasBody = hasBody || place == InBody
		arg, given := c.args[p.Name]
		if !given {
			continue
		}
		name := p.wireName(p.Name)
		switch place {
		case InPath:
			req.Path = append(req.Path, plainText(arg))
		case InQuery:
			req.Query.Set(name, plainText(arg))
		case InBody:
			fields.place(strings.Split(name, "."), wire(arg))
		}
	}
	if hasBody {
		req.Body = body(fields)
	}
	return req
}

func (f *Function) place(p *Param) Place {
	switch {
	case p.In != "":
		return p.In
	case f.Effect == EffectRead:
		return InQuery
	}
	return InBody
}

// plainText is an argument in a path or a query.
func plainText(arg any) string {
	switch arg := arg.(type) {
	case int64:
		return strconv.FormatInt(arg, 10)
	case string:
		return arg
	case *string:
		if arg != nil {
			return *arg
		}
	case value:
		return arg.text
	}
	return ""
}

// place puts v at a path of names, making the objects on the way.
func (v *value) place(path []string, to value) {
	if len(path) > 1 {
		if v.get(path[0]) == nil {
			v.set(path[0], objectValue())
		}
		v.get(path[0]).place(path[1:], to)
		return
	}
	v.set(path[0], to)
}

// atLeastOne refuses a call that gives nothing but what names the thing.
func atLeastOne(to string, but ...string) func(arguments) []string {
	return func(a arguments) []string {
		for name := range a {
			if !slices.Contains(but, name) {
				return nil
			}
		}
		text := "nothing to " + to + ", give at least one field"
		if len(but) > 0 {
			text += " besides " + strings.Join(but, " and ")
		}
		return []string{text}
	}
}

// exactlyOne wants one of the arguments and not more.
func exactlyOne(names ...string) func(arguments) []string {
	return func(a arguments) []string {
		n := 0
		for _, name := range names {
			if a.has(name) {
				n++
			}
		}
		if n == 1 {
			return nil
		}
		return []string{"give one of " + strings.Join(names, ", ") + ", and no more than one"}
	}
}

// pathParam is an id in the path.
func pathParam(name, description string) Param {
	return Param{Name: name, Kind: KindID, Required: true, In: InPath, Description: description}
}

// plainPageParams are those of lists that have no order.
func plainPageParams() []Param { return pageParams()[:2] }

func windowParams(of string) []Param {
	return []Param{
		{Name: "from", Kind: KindTime, Sample: "2026-01-01T00:00:00Z", Description: "Only " + of + " from this time on, in ISO 8601 format"},
		{Name: "to", Kind: KindTime, Sample: "2026-01-31T23:59:59Z", Description: "Only " + of + " up to this time, in ISO 8601 format"},
	}
}

// emptyResult is what functions return when Aircall's reply holds nothing.
const emptyResult = "an empty table: Aircall's reply holds nothing."
