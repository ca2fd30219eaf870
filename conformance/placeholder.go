package conformance

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// The examples of the reference name things that need not exist: call 12345, contact 5678, people called John. A fresh fake
// holds them, so the examples run unchanged there. On other targets, something that exists takes their place.

// placeholder is one argument of an example. Its text appears there once, and in no other example.
type placeholder struct {
	example  string
	argument string
	printed  string // the value, as Lua
	find     func(*world, context.Context) (any, error)
}

var placeholders = []placeholder{
	{"get_call", "call_id", `12345`, (*world).findCall},
	{"update_contact", "contact_id", `5678`, (*world).findContact},
	{"list_contacts", "q", `"John"`, (*world).findName},
}

func (p placeholder) text() string { return p.argument + " = " + p.printed }

// bind returns the source as it can run on the target, and the same as it may be reported: a name is personal. Each value is
// a $name of the scenario afterwards.
func (w *world) bind(ctx context.Context, example, source string) (run, shown string, err error) {
	if err := checkPlaceholders(example, source); err != nil {
		return "", "", err
	}
	run, shown = source, source
	for _, p := range placeholders {
		if p.example != example {
			continue
		}
		v, err := p.find(w, w.checks(ctx))
		if err != nil {
			return "", "", err
		}
		w.vars[p.argument] = v
		literal, err := asLua(v)
		if err != nil {
			return "", "", err
		}
		run = strings.Replace(run, p.text(), p.argument+" = "+literal, 1)
		if name, isName := v.(string); isName && literal != p.printed && w.t.private() {
			literal = fmt.Sprintf("--[[ a name of %d bytes ]] \"…\"", len(name))
		}
		shown = strings.Replace(shown, p.text(), p.argument+" = "+literal, 1)
	}
	return run, shown, nil
}

// checkPlaceholders fails unless each placeholder appears once in its example and in no other: a missed one would ask a live
// account for a call or contact that only a fake must have.
func checkPlaceholders(example, source string) error {
	for _, p := range placeholders {
		n, want := strings.Count(source, p.text()), 0
		if p.example == example {
			want = 1
		}
		if n != want {
			return fmt.Errorf("the example %s has %s %d times, and the kit expects %d", example, p.text(), n, want)
		}
	}
	return nil
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

// findContact gives the example a contact that the kit creates, because the example changes it. It does so on a live account
// even if there is a contact 5678, which would be a real person.
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

// findName returns John if one of the newest contacts has that name, or else the first name of one of them.
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

// find returns the first n entries of a collection that meet the conditions, and fails if there is none. A negative n means
// all.
func (w *world) find(ctx context.Context, word string, n int, where ...condition) ([]any, error) {
	of, err := collectionOf(word)
	if err != nil {
		return nil, err
	}
	found, err := w.holding(of).find(ctx, w.run.shapes, n, where)
	if err == nil && len(found) == 0 {
		err = &notRun{report.Unsupported, "the account holds no " + of.one + " of the kind the scenario needs"}
	}
	return found, err
}

// findOr returns the documented value if the target has it, or else the other. Our own fake must have it.
func (w *world) findOr(ctx context.Context, path string, documented int64, other func() (any, error)) (any, error) {
	if w.t.kind == kindFake {
		return documented, nil
	}
	has, err := w.once(ctx, path, func() (any, error) {
		_, err := w.t.read(ctx, w.account, path)
		if _, missing := errors.AsType[*finding](err); missing {
			return false, nil
		}
		return true, err
	})
	if err != nil || has == true {
		return documented, err
	}
	return other()
}

// once asks the target a question once per run.
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

// rename replaces an identifier that follows a dot in the source.
func rename(source, ident, with string) (string, error) {
	of := regexp.MustCompile(`\.` + ident + `\b`)
	if !of.MatchString(source) {
		return "", fmt.Errorf("the example does not contain %s", ident)
	}
	return of.ReplaceAllLiteralString(source, "."+with), nil
}
