package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// undo puts an account back as a scenario found it: contacts it made are deleted, contacts it changed get their former
// text, phone numbers and e-mails. Contacts are all that a script can change.
//
// It learns of changes from the requests themselves, so that a script that raises half-way leaves nothing behind.
type undo struct {
	w      *world
	images []image // written by a script's requests, read when those are over
}

type contactKey struct{ account, id string }

// image is a contact as it was before the first change to it.
type image struct {
	contactKey
	was map[string]any
}

// errNoWrite stops a write that nobody allowed; no scenario should get here.
var errNoWrite = errors.New("the kit stops a request that would change the account")

// beforeWrite is called ahead of every write of a script.
func (u *undo) beforeWrite(ctx context.Context, account string, r *http.Request) error {
	if !u.w.run.mayWrite() {
		return errNoWrite
	}
	if len(u.w.own) > 0 || account == "" {
		return nil // a fake that goes away whole, or credentials that open nothing
	}
	_, route := routeOf(r.Method, r.URL.EscapedPath())
	if !strings.HasPrefix(route, "/v1/contacts") {
		return errNoWrite
	}
	if !strings.Contains(route, "{id}") {
		return nil
	}
	key := contactKey{account, segmentAfter(r.URL.EscapedPath(), "contacts")}
	for _, i := range u.images {
		if i.contactKey == key {
			return nil
		}
	}
	if slices.Contains(u.made(), key) {
		return nil
	}
	v, err := u.w.t.read(u.w.checks(ctx), account, "/v1/contacts/"+key.id)
	var missing *finding
	if errors.As(err, &missing) {
		return nil // there is nothing to put back
	}
	if err != nil {
		return err
	}
	was, _ := at(plain(v), "contact")
	if m, ok := was.(map[string]any); ok {
		u.images = append(u.images, image{key, m})
	}
	return nil
}

func segmentAfter(path, word string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts[:len(parts)-1] {
		if p == word {
			return parts[i+1]
		}
	}
	return ""
}

// made lists the contacts that scripts and checks created.
func (u *undo) made() (made []contactKey) {
	for _, x := range u.w.journal.all() {
		if x.op != "create-a-contact" || x.status/100 != 2 {
			continue
		}
		v, err := decode(x.reply)
		if err != nil {
			continue
		}
		if c, ok := at(plain(v), "contact"); ok {
			made = append(made, contactKey{x.account, idOf(c)})
		}
	}
	return made
}

// all undoes, within its own time: it also runs when the run was interrupted.
func (u *undo) all(ctx context.Context) (err error) {
	if len(u.w.own) > 0 {
		return nil // the scenario's own fake goes away whole
	}
	defer protect(&err)
	u.w.journal.endWrites()
	ctx, cancel := context.WithTimeout(withJournal(ctx, u.w.journal, forUndo), 3*time.Minute)
	defer cancel()
	for _, m := range u.made() {
		err = errors.Join(err, u.remove(ctx, m))
	}
	for _, i := range u.images {
		err = errors.Join(err, u.restore(ctx, i))
	}
	return err
}

func (u *undo) remove(ctx context.Context, k contactKey) error {
	u.w.t.forget(k.account, "contacts")
	return u.expect(ctx, k, http.MethodDelete, "", nil, http.StatusNoContent, http.StatusNotFound)
}

func (u *undo) expect(ctx context.Context, k contactKey, method, under string, body any, statuses ...int) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := u.w.t.ask(ctx, k.account, method, "/v1/contacts/"+k.id+under, data)
	if err != nil {
		return err
	}
	if slices.Contains(statuses, r.status) {
		return nil
	}
	return fmt.Errorf("contact %s: %s answers %d", k.id, method, r.status)
}

// restore compares, then changes only what differs.
func (u *undo) restore(ctx context.Context, i image) error {
	u.w.t.forget(i.account, "contacts")
	v, err := u.w.t.read(ctx, i.account, "/v1/contacts/"+i.id)
	if err != nil {
		return err
	}
	is, _ := at(plain(v), "contact")
	now, ok := is.(map[string]any)
	if !ok {
		return fmt.Errorf("contact %s: the API answers without it", i.id)
	}
	text := map[string]any{}
	for _, key := range []string{"first_name", "last_name", "company_name", "information"} {
		if now[key] != i.was[key] {
			text[key] = i.was[key]
		}
	}
	if len(text) > 0 {
		if err := u.expect(ctx, i.contactKey, http.MethodPost, "", text, http.StatusOK); err != nil {
			return err
		}
	}
	for _, d := range []struct{ key, under string }{{"phone_numbers", "/phone_details"}, {"emails", "/email_details"}} {
		if err := u.restoreDetails(ctx, i, now[d.key], d.key, d.under); err != nil {
			return err
		}
	}
	return nil
}

// restoreDetails adds what is gone before it takes away what is new: a contact may not be without a phone number.
// The entries get new ids; nothing can give them their former ones.
func (u *undo) restoreDetails(ctx context.Context, i image, now any, key, under string) error {
	was, is := entries(i.was[key]), entries(now)
	for _, e := range without(was, is) {
		body := map[string]any{"label": e["label"], "value": e["value"]}
		if err := u.expect(ctx, i.contactKey, http.MethodPost, under, body, http.StatusCreated); err != nil {
			return err
		}
	}
	for _, e := range without(is, was) {
		if err := u.expect(ctx, i.contactKey, http.MethodDelete, under+"/"+idOf(e), nil, http.StatusNoContent); err != nil {
			return err
		}
	}
	return nil
}

func entries(v any) (out []map[string]any) {
	list, _ := v.([]any)
	for _, e := range list {
		if m, ok := e.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// without gives the entries of a that have no equal in b; each of b stands for one.
func without(a, b []map[string]any) (out []map[string]any) {
	left := append([]map[string]any(nil), b...)
next:
	for _, e := range a {
		for i, o := range left {
			if e["label"] == o["label"] && e["value"] == o["value"] {
				left = append(left[:i], left[i+1:]...)
				continue next
			}
		}
		out = append(out, e)
	}
	return out
}
