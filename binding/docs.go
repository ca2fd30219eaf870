package binding

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

// A place is the target of a path in the documentation: an integration, one of its accounts, or a page.
type place struct {
	in      *integrated
	account string // "" is the flat namespace
	page    *Page  // nil: the namespace itself
}

// root is the namespace of the place.
func (p place) root() string {
	if p.account == "" {
		return p.in.root
	}
	return p.in.root + "." + p.account
}

// documentation returns the pages of an integration. Only aircall has topics.
func (r *Runner) documentation(in *integrated) []Page {
	if in.name == integration {
		return r.pages()
	}
	return functionPages(in.functions)
}

// lookUp finds the place of a path, with or without the prefixes "app." and "integrations.". It searches all integrations if
// the path names none.
func (s *session) lookUp(path string) (place, error) {
	if len(path) > maxQuery {
		return place{}, unknownPage(path, nil)
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(path), "app."), "integrations.")
	first, more, dotted := strings.Cut(rest, ".")
	candidates := s.runner.integrations
	if in := s.runner.integrated(first); in != nil {
		if !dotted {
			return place{in: in}, nil
		}
		candidates, rest = []*integrated{in}, more
	}
	var near []string
	for _, in := range candidates {
		p, name := place{in: in}, rest
		if first, more, dotted := strings.Cut(rest, "."); slices.Contains(in.names, first) {
			p.account, name = first, more
			if !dotted {
				return p, nil
			}
		}
		if strings.Contains(name, ".") {
			continue
		}
		pages := s.runner.documentation(in)
		page, like := FindPage(pages, name)
		if page != nil {
			p.page = page
			return p, nil
		}
		near = append(near, like...)
	}
	return place{}, unknownPage(path, near)
}

func unknownPage(path string, near []string) error {
	hint := "docs.list() lists the pages."
	if len(near) > 0 {
		hint = "Did you mean: " + strings.Join(near[:min(len(near), 5)], ", ")
	}
	return &ScriptError{
		Type: TypeInvalidArguments, Message: "Unknown doc page: " + luabox.Clip(path) + ". " + hint,
		Details: map[string]any{"suggestions": near},
	}
}

// docsList implements docs.list([namespace]).
func (s *session) docsList(L *lua.LState) (lua.LValue, error) {
	var b strings.Builder
	switch path := L.OptString(1, ""); path {
	case "", "app", "integrations", "app.integrations":
		for _, in := range s.runner.integrations {
			s.list(&b, place{in: in})
		}
	default:
		p, failed := s.lookUp(path)
		if failed != nil {
			return nil, failed
		}
		s.list(&b, p)
	}
	return s.text(L, b.String()), nil
}

// list writes the functions and topics of a namespace, or the one function of the place.
func (s *session) list(b *strings.Builder, p place) {
	fmt.Fprintf(b, "app.%s\n", p.root())
	var topics []string
	for _, page := range s.runner.documentation(p.in) {
		switch {
		case p.page != nil && p.page.Name != page.Name:
		case page.function == nil:
			topics = append(topics, page.Name)
		default:
			fmt.Fprintf(b, "  %s: %s\n", page.function.signature(), page.Summary)
		}
	}
	fmt.Fprintf(b, "accounts: %s\n", listed(p.in.accounts))
	if len(topics) > 0 {
		fmt.Fprintf(b, "topics: %s\n", strings.Join(topics, ", "))
	}
}

// docsSearch implements docs.search(query [, limit]).
func (s *session) docsSearch(L *lua.LState) (lua.LValue, error) {
	query, limit := L.CheckString(1), L.OptInt(2, 10)
	if len(query) <= maxQuery && strings.TrimSpace(query) == "" || limit < 1 {
		return nil, jsonError("docs.search: give words to look for, and a limit of at least 1")
	} else if len(query) > maxQuery {
		return nil, jsonError("docs.search: the query has %d bytes, the most is %d", len(query), maxQuery)
	}
	var b strings.Builder
	for _, in := range s.runner.integrations {
		hits := SearchPages(s.runner.documentation(in), query)
		for _, page := range hits[:min(len(hits), limit)] {
			name := page.Name
			if page.function != nil {
				name = in.root + "." + page.function.signature()
			}
			fmt.Fprintf(&b, "%s: %s\n", name, page.Summary)
			limit--
		}
	}
	if b.Len() == 0 {
		b.WriteString("No page contains " + luabox.Quote(query) + ". docs.list() lists all pages.\n")
	}
	return s.text(L, b.String()), nil
}

// docsRead implements docs.read(page).
func (s *session) docsRead(L *lua.LState) (lua.LValue, error) {
	p, failed := s.lookUp(L.CheckString(1))
	if failed != nil {
		return nil, failed
	} else if p.page == nil {
		return s.docsList(L)
	}
	text := p.page.Text
	if p.page.function == nil {
		return lua.LString(text), nil
	}
	if p.account != "" {
		flat := regexp.MustCompile(regexp.QuoteMeta("app."+p.in.root) + `\b`)
		text = flat.ReplaceAllLiteralString(text, "app."+p.root())
	}
	return s.text(L, text+"### Accounts\n"+listed(p.in.accounts)+"\n"), nil
}

// docsSchema implements docs.schema(path).
func (s *session) docsSchema(L *lua.LState) (lua.LValue, error) {
	path := L.CheckString(1)
	p, failed := s.lookUp(path)
	if failed == nil && (p.page == nil || p.page.function == nil) {
		failed = &ScriptError{Type: TypeInvalidArguments, Message: "docs.schema: " + luabox.Clip(path) + " is not a function."}
	}
	if failed != nil {
		return nil, failed
	}
	v := p.page.function.describe(p.root() + "." + p.page.Name)
	return s.toLua(L, &v), nil
}
