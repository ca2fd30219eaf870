package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/cucumber/godog"
)

// ownSteps create contacts, and read them before and after a script changes them. The contacts are deleted when the scenario
// ends.
var ownSteps = map[string]func(*world) any{
	`\$(\w+) is a contact of my own:`:                func(w *world) any { return w.makeOwn },
	`\$(\w+) is the contact it made`:                 func(w *world) any { return w.theMade },
	`\$(\w+) is \$(\w+) as it is now`:                func(w *world) any { return w.now },
	`\$(\w+) has:`:                                   func(w *world) any { return w.namedHas },
	`\$(\w+) differs from \$(\w+) only in "([^"]*)"`: func(w *world) any { return w.differsOnly },
	`the "([^"]*)" of \$(\w+) are, in any order:`:    func(w *world) any { return w.detailsAre },
}

func (w *world) makeOwn(ctx context.Context, name string, doc *godog.DocString) error {
	text, err := w.expand(doc.Content, asJSON)
	if err != nil {
		return err
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return fmt.Errorf("the contact is not a JSON object: %w", err)
	}
	w.vars[name], err = w.makeContact(w.checks(ctx), fields)
	return err
}

// makeContact marks the contact that it creates, so that a person who finds it knows where it comes from. The undo log, which
// reads the exchanges, sees to it that the contact is deleted.
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
		return nil, &finding{what: "POST /v1/contacts answers something that is not JSON"}
	}
	return w.promised("contact", v, "the contact made")
}

// theMade reads the contact that the last script created. It takes the id from the wire, not from the script.
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
	w.vars[name], err = w.promised("contact", v, "contact "+id)
	return err
}

func (w *world) namedHas(name string, table *godog.Table) error {
	v, err := w.lookup(name, "")
	if err != nil {
		return err
	}
	return w.meets(v, name, table)
}

// differsOnly allows changes of the named fields and of updated_at.
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
	if key := differing(a, b, append(commaWords(fields), "updated_at")); key != "" {
		return &finding{fmt.Sprintf("%s.%s changed as well", name, key), show(a[key]), show(b[key])}
	}
	return nil
}

// detailsAre compares the labels and values of phone numbers or e-mails, in any order.
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
