package binding

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// docsLibrary makes the global docs: list([namespace]), search(query [, limit]), read(page), schema(path).
func (s *session) docsLibrary(L *lua.LState) *lua.LTable {
	t := L.NewTable()
	for _, f := range []struct {
		name string
		call func(*lua.LState) (lua.LValue, *ScriptError)
	}{{"list", s.docsList}, {"search", s.docsSearch}, {"read", s.docsRead}, {"schema", s.docsSchema}} {
		t.RawSetString(f.name, L.NewFunction(s.guard("docs."+f.name, f.call)))
	}
	return t
}

// place is what a path in the documentation leads to: an integration, one of its accounts, or a page.
type place struct {
	account string // "" is the flat namespace
	page    *Page  // nil: the namespace itself
}

// lookUp follows a path with or without "app.", "integrations." and the integration's name in front.
func (s *session) lookUp(path string) (place, *ScriptError) {
	rest := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(path), "app."), "integrations.")
	var p place
	if rest == integration || rest == "app" || rest == "integrations" || rest == "" {
		return p, nil
	}
	rest = strings.TrimPrefix(rest, integration+".")
	first, more, dotted := strings.Cut(rest, ".")
	if slices.Contains(s.runner.accountNames(), first) {
		p.account, rest = first, more
		if !dotted {
			return p, nil
		}
	}
	if strings.Contains(rest, ".") {
		return p, s.unknownPage(path, nil)
	}
	page, near := FindPage(s.runner.pages(), rest)
	if page == nil {
		return p, s.unknownPage(path, near)
	}
	p.page = page
	return p, nil
}

func (s *session) unknownPage(path string, near []string) *ScriptError {
	e := &ScriptError{
		Type: TypeInvalidArguments, Message: "Unknown doc page: " + clip(path) + ". ",
		Details: map[string]any{"suggestions": near},
	}
	if len(near) > 0 {
		e.Message += "Did you mean: " + strings.Join(near[:min(len(near), 5)], ", ")
	} else {
		e.Message += "docs.list() names the pages."
	}
	return e
}

func (s *session) docsList(L *lua.LState) (lua.LValue, *ScriptError) {
	p, failed := s.lookUp(L.OptString(1, integration))
	if failed != nil {
		return nil, failed
	}
	var b strings.Builder
	at := "app." + root
	if p.account != "" {
		at += "." + p.account
	}
	fmt.Fprintf(&b, "%s\n", at)
	var topics []string
	for _, page := range s.runner.pages() {
		switch {
		case p.page != nil && p.page.Name != page.Name:
		case page.function == nil:
			topics = append(topics, page.Name)
		default:
			fmt.Fprintf(&b, "  %s: %s\n", page.function.signature(), page.Summary)
		}
	}
	fmt.Fprintf(&b, "accounts: %s\n", strings.Join(s.runner.namedAccounts(), ", "))
	if len(topics) > 0 {
		fmt.Fprintf(&b, "topics: %s\n", strings.Join(topics, ", "))
	}
	return lua.LString(b.String()), nil
}

// namedAccounts are the configured accounts; .default, which always exists, is not among them unless it is one.
func (r *Runner) namedAccounts() []string {
	if len(r.names) == 0 {
		return []string{"none"}
	}
	return r.names
}

func (s *session) docsSearch(L *lua.LState) (lua.LValue, *ScriptError) {
	query, limit := L.CheckString(1), L.OptInt(2, 10)
	if strings.TrimSpace(query) == "" || limit < 1 {
		return nil, jsonError("docs.search: give words to look for, and a limit of at least 1")
	}
	hits := SearchPages(s.runner.pages(), query)
	if len(hits) == 0 {
		return lua.LString("Nothing has " + quote(query) + ". docs.list() names all pages.\n"), nil
	}
	var b strings.Builder
	for _, page := range hits[:min(len(hits), limit)] {
		name := page.Name
		if page.function != nil {
			name = root + "." + page.function.signature()
		}
		fmt.Fprintf(&b, "%s: %s\n", name, page.Summary)
	}
	return lua.LString(b.String()), nil
}

var flatPath = regexp.MustCompile(`app\.integrations\.aircall\b`)

func (s *session) docsRead(L *lua.LState) (lua.LValue, *ScriptError) {
	path := L.CheckString(1)
	p, failed := s.lookUp(path)
	switch {
	case failed != nil:
		return nil, failed
	case p.page == nil:
		return s.docsList(L)
	}
	text := p.page.Text
	if p.account != "" && p.page.function != nil {
		text = flatPath.ReplaceAllString(text, "app."+root+"."+p.account)
	}
	if p.page.function != nil {
		text += "### Accounts\n" + strings.Join(s.runner.namedAccounts(), ", ") + "\n"
	}
	return lua.LString(text), nil
}

func (s *session) docsSchema(L *lua.LState) (lua.LValue, *ScriptError) {
	path := L.CheckString(1)
	p, failed := s.lookUp(path)
	if failed == nil && (p.page == nil || p.page.function == nil) {
		failed = &ScriptError{Type: TypeInvalidArguments, Message: "docs.schema: " + clip(path) + " is no function."}
	}
	if failed != nil {
		return nil, failed
	}
	at := root + "."
	if p.account != "" {
		at += p.account + "."
	}
	v := p.page.function.describe(at + p.page.Name)
	return s.toLua(L, &v), nil
}
