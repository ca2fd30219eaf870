package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/cucumber/godog"
)

// ownSteps make contacts, and look at them before and after a script changes them. What they make is deleted when the
// scenario ends.
var ownSteps = map[string]func(*world) any{
	`\$(\w+) is a contact of my own:`:                       func(w *world) any { return w.makeOwn },
	`\$(\w+) is the contact it made`:                        func(w *world) any { return w.theMade },
	`\$(\w+) is \$(\w+) as it is now`:                       func(w *world) any { return w.now },
	`\$(\w+) has:`:                                          func(w *world) any { return w.namedHas },
	`\$(\w+) differs from \$(\w+) in nothing but "([^"]*)"`: func(w *world) any { return w.differsOnly },
	`the "([^"]*)" of \$(\w+) are, in any order:`:           func(w *world) any { return w.detailsAre },
}

func (w *world) makeOwn(ctx context.Context, name string, doc *godog.DocString) error {
	text, err := w.expand(doc.Content, asJSON)
	if err != nil {
		return err
	}
	v, err := orderedjson.Decode([]byte(text))
	if err != nil {
		return fmt.Errorf("the contact is no JSON: %w", err)
	}
	fields, ok := orderedjson.Plain(v).(map[string]any)
	if !ok {
		return fmt.Errorf("the contact is no object")
	}
	w.vars[name], err = w.makeContact(w.checks(ctx), fields)
	return err
}

// makeContact marks what it makes, so that a person who finds it knows whose it is. That it is deleted is seen to by
// undo, which learns of it from the exchanges.
func (w *world) makeContact(ctx context.Context, fields map[string]any) (any, error) {
	if _, ok := fields["information"]; !ok {
		fields["information"] = w.run.id
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	w.t.forget(w.account, "contacts")
	r, err := w.t.ask(ctx, w.account, http.MethodPost, "/v1/contacts", body)
	if err != nil {
		return nil, err
	}
	if r.status/100 != 2 {
		return nil, &finding{fmt.Sprintf("POST /v1/contacts answers %d", r.status), "201", report.Clip(string(r.body), 400)}
	}
	v, err := orderedjson.Decode(r.body)
	if err != nil {
		return nil, &finding{what: "POST /v1/contacts answers what is no JSON"}
	}
	if err := w.run.shapes.match(orderedjson.Object{{Key: "contact", Value: "<promised_contact>"}}, v, asDocumented, "the contact made"); err != nil {
		return nil, err
	}
	c, _ := at(orderedjson.Plain(v), "contact")
	return c, nil
}

// theMade reads the contact that the last script created. Its id is taken from the wire, not from the script.
func (w *world) theMade(ctx context.Context, name string) error {
	if err := w.result(); err != nil {
		return err
	}
	var ids []string
	for _, x := range w.exchanges.by(forScript, w.script.from) {
		if x.op != "create-a-contact" || x.status/100 != 2 {
			continue
		}
		if v, err := orderedjson.Decode(x.reply); err == nil {
			c, _ := at(orderedjson.Plain(v), "contact")
			ids = append(ids, idOf(c))
		}
	}
	if len(ids) != 1 {
		return &finding{what: fmt.Sprintf("the script made %d contacts, not one", len(ids))}
	}
	return w.readContact(ctx, name, ids[0])
}

func (w *world) now(ctx context.Context, name, of string) error {
	c, err := w.lookup(of, "")
	if err != nil {
		return err
	}
	return w.readContact(ctx, name, idOf(c))
}

func (w *world) readContact(ctx context.Context, name, id string) error {
	v, err := w.t.read(w.checks(ctx), w.account, "/v1/contacts/"+id)
	if err != nil {
		return err
	}
	if err := w.run.shapes.match(orderedjson.Object{{Key: "contact", Value: "<promised_contact>"}}, v, asDocumented, "contact "+id); err != nil {
		return err
	}
	w.vars[name], _ = at(orderedjson.Plain(v), "contact")
	return nil
}

func (w *world) namedHas(name string, table *godog.Table) error {
	v, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	return w.meets(v, name, table)
}

// differsOnly allows a change of the fields named, and of the time of the change.
func (w *world) differsOnly(name, from, fields string) error {
	is, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	was, err := w.lookup(from, "")
	if err != nil {
		return err
	}
	a, _ := was.(map[string]any)
	b, _ := is.(map[string]any)
	allowed := append(commaWords(fields), "updated_at")
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if !slices.Contains(allowed, key) && !equal(a[key], b[key]) {
			return &finding{fmt.Sprintf("%s.%s changed as well", name, key), show(a[key]), show(b[key])}
		}
	}
	return nil
}

// detailsAre compares labels and values of phone numbers or e-mails; their order is not promised.
func (w *world) detailsAre(key, name string, table *godog.Table) error {
	v, err := w.lookup(name+"."+key, "")
	if err != nil {
		return err
	}
	var want []detail
	for _, row := range table.Rows {
		want = append(want, detail{Label: row.Cells[0].Value, Value: row.Cells[1].Value})
	}
	is := detailsOf(v)
	if missing, extra := without(want, is), without(is, want); len(missing)+len(extra) > 0 {
		return &finding{fmt.Sprintf("%s of the contact: %d are missing and %d do not belong", key, len(missing), len(extra)), show(want), show(v)}
	}
	return nil
}
