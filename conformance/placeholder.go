package conformance

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// The examples of the reference name things that need not exist: call 12345, contact 5678, people called John. A fresh
// fake holds them, so the examples run unchanged there. Elsewhere what is missing gives way to something that exists.

// placeholder is the value of one argument in an example, where it stands once.
type placeholder struct {
	example  string
	argument string
	printed  string // the token's text, without quotes
	find     func(*world, context.Context) (any, error)
}

var placeholders = []placeholder{
	{"get_call", "call_id", "12345", (*world).findCall},
	{"update_contact", "contact_id", "5678", (*world).findContact},
	{"list_contacts", "q", "John", (*world).findName},
}

// bind gives the source as it can run on the target, and the same as it may be reported: a name is personal.
// Each value is a $name of the scenario afterwards.
func (w *world) bind(ctx context.Context, example, source string) (run, shown string, err error) {
	tokens, err := scan(source)
	if err != nil {
		return "", "", err
	}
	if err := hits(example, tokens); err != nil {
		return "", "", err
	}
	var edits, masked []edit
	for _, p := range placeholders {
		for i := 2; i < len(tokens); i++ {
			if !p.fills(tokens[i-2 : i+1]) {
				continue
			}
			v, err := p.find(w, w.checks(ctx))
			if err != nil {
				return "", "", err
			}
			w.vars[p.argument] = v
			text, err := asText(v)
			if err != nil {
				return "", "", err
			}
			if text == p.printed {
				continue
			}
			literal, err := asLua(v)
			if err != nil {
				return "", "", err
			}
			edits = append(edits, edit{tokens[i], literal})
			if _, isName := v.(string); isName && w.t.private() {
				literal = fmt.Sprintf("--[[ a name of %d bytes ]] \"…\"", len(text))
			}
			masked = append(masked, edit{tokens[i], literal})
		}
	}
	return apply(source, edits), apply(source, masked), nil
}

// hits sees that each placeholder stands once in its example and in no other: one that was missed would look up on a
// live account what exists on a fake only.
func hits(example string, tokens []token) error {
	for _, p := range placeholders {
		n, want := 0, 0
		if p.example == example {
			want = 1
		}
		for i := 2; i < len(tokens); i++ {
			if p.fills(tokens[i-2 : i+1]) {
				n++
			}
		}
		if n != want {
			return fmt.Errorf("the example %s has %s = %s %d times, and the kit expects %d", example, p.argument, p.printed, n, want)
		}
	}
	return nil
}

// fills looks for the three tokens `call_id = 12345`.
func (p placeholder) fills(t []token) bool {
	return t[0].Type == parse.TIdent && t[0].Str == p.argument && t[1].Str == "=" &&
		(t[2].Type == parse.TNumber || t[2].Type == parse.TString) && t[2].Str == p.printed
}

func (w *world) findCall(ctx context.Context) (any, error) {
	return w.findOr(ctx, "/v1/calls/12345", 12345, func() (any, error) {
		calls, err := w.find(ctx, "call", 1, condition{"status", is, "done"})
		if err != nil {
			return nil, err
		}
		return field(calls[0], "id"), nil
	})
}

// findContact lends the example a contact of the kit's own, because the example changes it. On a live account it does so
// even if there is a contact 5678, who would be a person.
func (w *world) findContact(ctx context.Context) (any, error) {
	own := func() (any, error) {
		c, err := w.makeContact(ctx, map[string]any{
			"first_name":    "Kit",
			"last_name":     "Contact",
			"phone_numbers": []any{map[string]any{"label": "Work", "value": "+33612345678"}},
		})
		return field(c, "id"), err
	}
	if w.t.kind == kindLive {
		return own()
	}
	return w.findOr(ctx, "/v1/contacts/5678", 5678, own)
}

// findName takes the first name of one of the newest contacts if none of those is called John.
func (w *world) findName(ctx context.Context) (any, error) {
	if w.t.kind == kindFake {
		return "John", nil
	}
	return w.once(ctx, "q", func() (any, error) {
		const among = 200
		named, err := w.find(ctx, "contact", among)
		if err != nil {
			return nil, err
		}
		other := ""
		for _, c := range named {
			first, _ := field(c, "first_name").(string)
			if strings.Contains(strings.ToLower(first), "john") {
				return "John", nil
			}
			if other == "" && len(first) > 2 {
				other = first
			}
		}
		if other == "" {
			return nil, &notRun{report.Unsupported, "none of the newest contacts of the account has a first name"}
		}
		return other, nil
	})
}

// find gives the first n of a collection that meet the conditions, at least one.
func (w *world) find(ctx context.Context, word string, n int, where ...condition) ([]any, error) {
	of, err := collectionOf(word)
	if err != nil {
		return nil, err
	}
	found, err := w.holding(of).find(ctx, w.run.shapes, n, where)
	if err == nil && len(found) == 0 {
		err = &notRun{report.Unsupported, "the account holds no " + of.one + " to put in the example's place"}
	}
	return found, err
}

// findOr keeps the documented value if the target has it. Our own fake must have it: that is what it promises.
func (w *world) findOr(ctx context.Context, path string, documented int64, other func() (any, error)) (any, error) {
	if w.t.kind == kindFake {
		return documented, nil
	}
	has, err := w.once(ctx, path, func() (any, error) {
		_, err := w.t.read(ctx, w.account, path)
		var missing *finding
		if errors.As(err, &missing) {
			return false, nil
		}
		return true, err
	})
	if err != nil || has == true {
		return documented, err
	}
	return other()
}

// once asks the target a question once a run.
func (w *world) once(ctx context.Context, key string, ask func() (any, error)) (any, error) {
	key = w.account + " " + key
	if v, ok := w.t.answers[key]; ok {
		return v, nil
	}
	v, err := ask()
	if err == nil {
		w.t.answers[key] = v
	}
	return v, err
}

// token is a token of Lua with its place in the source.
type token struct {
	ast.Token
	from, to int
}

// scan uses the scanner of the language itself, so that comments and long strings are what they are.
func scan(source string) ([]token, error) {
	var lines []int // where each begins
	for i := 0; i <= len(source); {
		lines = append(lines, i)
		n := strings.IndexByte(source[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
	}
	sc := parse.NewScanner(strings.NewReader(source), "example")
	var tokens []token
	lexer := &parse.Lexer{}
	for {
		t, err := sc.Scan(lexer)
		if err != nil {
			return nil, fmt.Errorf("the example is no Lua: %w", err)
		}
		if t.Type == parse.EOF {
			return tokens, nil
		}
		// Columns count bytes from 1; the scanner stands on the last byte of the token.
		tokens = append(tokens, token{t, lines[t.Pos.Line-1] + t.Pos.Column - 1, lines[sc.Pos.Line-1] + sc.Pos.Column})
	}
}

type edit struct {
	token
	with string
}

func apply(source string, edits []edit) string {
	sort.Slice(edits, func(i, j int) bool { return edits[i].from > edits[j].from })
	for _, e := range edits {
		source = source[:e.from] + e.with + source[e.to:]
	}
	return source
}

// rename puts another name in the place of an identifier.
func rename(source, ident, with string) (string, error) {
	tokens, err := scan(source)
	if err != nil {
		return "", err
	}
	var edits []edit
	for _, t := range tokens {
		if t.Type == parse.TIdent && t.Str == ident {
			edits = append(edits, edit{t, with})
		}
	}
	if len(edits) == 0 {
		return "", fmt.Errorf("the example has no %s in it", ident)
	}
	return apply(source, edits), nil
}
