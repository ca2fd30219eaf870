package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// undo restores an account after a scenario: it deletes contacts that the scenario created, and restores the text, phone numbers
// and e-mails of contacts that it changed. A script can change nothing but contacts.
//
// It learns of changes from the requests themselves, so that a script that raises half-way leaves nothing behind.
type undo struct{ w *world }

// conflict is a contact that somebody else changed since: it stays as it is.
type conflict struct{ account, id, field string }

func (c *conflict) Error() string {
	return fmt.Sprintf("CONFLICT: contact %s of account %q: somebody else changed its %s, so it is left as it is", c.id, c.account, c.field)
}

// beforeWrite records a write of a scenario in the undo log before it is sent. It returns 0 for a write that needs no undoing:
// on a fake that the scenario owns, and with credentials of no account.
func (u *undo) beforeWrite(ctx context.Context, x exchange, body []byte) (seq int, err error) {
	w := u.w
	if len(w.own) > 0 || x.account == "" {
		return 0, nil
	}
	defer func() {
		if err != nil {
			w.exchanges.refuse(err)
		}
	}()
	no := func(why string) error { return &refusal{x.method + " " + x.route, why} }
	if !slices.Contains(undoable, x.op) {
		if x.purpose == forCheck && w.t.kind == kindFake {
			return 0, nil // a request that the feature spells out, such as one to no route
		}
		return 0, no("it could not be undone")
	}
	n := undoLine{
		At: w.t.pacer.targetNow(), Scenario: w.plan.ID, Account: x.account,
		Op: x.op, Method: x.method, Route: x.route, Contact: segmentAfter(x.path, "contacts"), Sent: sentLook(x.route, body),
	}
	if n.Contact != "" && w.run.undoLog.find(x.account, n.Contact) == nil {
		n.Before, err = w.t.readLook(w.checks(ctx), x.account, n.Contact)
		switch {
		case errors.Is(err, errGone): // nothing can be changed
			return 0, nil
		case err != nil:
			return 0, err
		case x.op == "delete-a-contact":
			return 0, no("the run did not make that contact, and a deleted one does not come back")
		case !w.t.local():
			return 0, no("the run did not make that contact")
		}
	}
	return w.run.undoLog.plan(n)
}

// afterWrite records how the write ended.
func (u *undo) afterWrite(seq int, x exchange) error {
	n := undoLine{Done: seq, Status: x.status}
	if x.status/100 == 2 {
		n.Contact, n.After = answeredLook(x.reply)
	}
	return u.w.run.undoLog.record(n)
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

// all undoes the scenario. It has its own timeout, because it also runs when the run is interrupted.
func (u *undo) all(ctx context.Context) (err error) {
	if len(u.w.own) > 0 || u.w.plan == nil {
		return nil // the scenario's own fake is gone
	}
	defer protect(&err)
	u.w.exchanges.endWrites()
	ctx, cancel := context.WithTimeout(withExchanges(ctx, u.w.exchanges, forUndo), 3*time.Minute)
	defer cancel()
	for _, c := range u.w.run.undoLog.open(u.w.plan.ID) {
		u.w.t.forget(c.account, "contacts")
		failed := u.w.t.putBack(ctx, u.w.run.undoLog, c)
		if _, open := errors.AsType[*unknown](failed); !open { // undoAgain looks again at the end of the run
			err = errors.Join(err, failed)
		}
	}
	return err
}

// undoAgain undoes what could not be undone right after its scenario, because the target shows its writes late.
func (r *run) undoAgain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(withExchanges(context.WithoutCancel(ctx), &exchangeList{}, forUndo), 3*time.Minute)
	defer cancel()
	for _, c := range r.undoLog.open("") {
		_ = r.target.putBackLater(ctx, r.undoLog, c) // what it leaves, leftovers reports
	}
}

// putBackLater is putBack once the writes to the contact have settled.
func (t *target) putBackLater(ctx context.Context, l *undoLog, c *contactChange) error {
	err := t.putBack(ctx, l, c)
	if _, open := errors.AsType[*unknown](err); !open {
		return err
	}
	if err := t.pause(ctx, max(0, t.settling()-t.age(c))); err != nil {
		return err
	}
	c.waited = true
	return t.putBack(ctx, l, c)
}

// unknown is an error: a contact that the run created is not found, and may still appear.
type unknown struct{ account, id string }

func (u *unknown) Error() string {
	if u.id == "" {
		return fmt.Sprintf("account %q: a contact whose creation was not answered is not found, and may still appear", u.account)
	}
	return fmt.Sprintf("contact %s of account %q is not found, although it was created a moment ago: it may still appear", u.id, u.account)
}

// settling is how long after a write a reply may still show the state before it.
func (t *target) settling() time.Duration {
	if t.local() {
		return 5 * time.Second
	}
	return time.Minute
}

// age returns how long ago the contact was first written to, by the target's clock.
func (t *target) age(c *contactChange) time.Duration { return t.pacer.targetNow().Sub(c.at) }

// mayAppear reports whether a contact that is not found may still appear. A target's clock may stand still, so that having waited
// counts as well.
func (t *target) mayAppear(c *contactChange) bool {
	return t.kind != kindFake && !c.waited && t.age(c) < t.settling()
}

// backoff waits before another look at something that settles. It returns false if another look is useless.
func (t *target) backoff(ctx context.Context, look int) bool {
	const looks = 5
	unit := time.Second
	if t.local() {
		unit = 50 * time.Millisecond
	}
	return look < looks && t.kind != kindFake && t.pause(ctx, unit<<min(look, 3)) == nil
}

// putBack undoes one change and records that. It compares before it restores, and reads again afterwards.
func (t *target) putBack(ctx context.Context, l *undoLog, c *contactChange) (err error) {
	switch {
	case c.made && c.id == "":
		err = t.removeUnseen(ctx, l, c)
	case c.made:
		err = t.removeMade(ctx, c)
	default:
		err = t.restore(ctx, c)
	}
	if err != nil {
		return err
	}
	return l.record(undoLine{Undone: slices.Sorted(maps.Keys(c.ops))})
}

var errGone = errors.New("there is no such contact")

// readLook reads a contact. It fails with errGone on a 404.
func (t *target) readLook(ctx context.Context, account, id string) (*look, error) {
	r, err := t.ask(ctx, account, http.MethodGet, contactPath(id), nil)
	switch {
	case err != nil:
		return nil, err
	case r.status == http.StatusNotFound:
		return nil, errGone
	}
	_, l := answeredLook(r.body)
	if r.status/100 != 2 || l == nil {
		return nil, &finding{what: fmt.Sprintf("GET /v1/contacts/{id} answers %d without a contact, so that it could not be put back", r.status)}
	}
	return l, nil
}

// removeMade deletes a contact that the run created. A 404 proves nothing as long as the contact may still appear, unless the
// target confirmed its deletion.
func (t *target) removeMade(ctx context.Context, c *contactChange) error {
	found, err := t.remove(ctx, c.account, c.id, c.known())
	if err != nil || found || c.deleted || !t.mayAppear(c) {
		return err
	}
	r, err := t.ask(ctx, c.account, http.MethodDelete, contactPath(c.id), nil)
	if err != nil {
		return err
	}
	if r.status/100 != 2 {
		return &unknown{c.account, c.id}
	}
	c.deleted = true
	_, err = t.remove(ctx, c.account, c.id, c.known())
	return err
}

// remove deletes a contact that the run created, unless somebody else has changed it, and waits until it is gone. With known nil
// it does not compare. It returns false if the contact was not found.
func (t *target) remove(ctx context.Context, account, id string, known []*look) (found bool, err error) {
	now, err := t.readLook(ctx, account, id)
	if errors.Is(err, errGone) {
		return false, nil
	}
	// A contact that cannot be read is deleted all the same: its id was the answer to our own request.
	if err == nil && known != nil {
		if field := now.foreign(known); field != "" {
			return true, &conflict{account, id, field}
		}
	}
	if err := t.write(ctx, account, http.MethodDelete, contactPath(id), nil); err != nil {
		return true, err
	}
	for look := 0; ; look++ {
		if _, err := t.readLook(ctx, account, id); errors.Is(err, errGone) {
			return true, nil
		}
		if !t.backoff(ctx, look) {
			return true, &finding{what: fmt.Sprintf("contact %s of account %q: it was deleted and is not seen to be gone", id, account)}
		}
	}
}

// mostUnseen is how many pages are read for a contact whose creation was not answered: it is among the newest.
const mostUnseen = 4

// removeUnseen deletes what a request without a reply created: a contact of that time, with exactly what was sent, that no other
// change is about. If it finds none, the contact may still appear for a while.
func (t *target) removeUnseen(ctx context.Context, l *undoLog, c *contactChange) error {
	const early, late = 5 * time.Second, 2 * time.Minute
	mayAppear := t.mayAppear(c) // as of now: the search takes its time
	found := false
	for page := 1; page <= mostUnseen; page++ {
		list, _, err := t.readPage(ctx, c.account, "/v1/contacts?order=desc", "contacts", page)
		if err != nil {
			return err
		}
		older := false
		for _, m := range list {
			created, _ := orderedjson.Integer(m["created_at"])
			at, id := time.Unix(created, 0), idOf(m)
			if older = at.Before(c.at.Add(-early)); older {
				break
			}
			if at.After(c.at.Add(late)) || !lookAt(m).equal(c.wrote[0], detail.normal) || l.find(c.account, id) != nil {
				continue
			}
			if _, err := t.remove(ctx, c.account, id, nil); err != nil {
				return err
			}
			found = true
		}
		if older || len(list) < perPage {
			break
		}
	}
	if !found && mayAppear {
		return &unknown{account: c.account}
	}
	return nil
}

// readPage reads the entries of a page of a list, and the total that it names, or 0. It makes no other demands on the page.
func (t *target) readPage(ctx context.Context, account, path, key string, page int) (out []map[string]any, total int64, err error) {
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	v, err := t.read(ctx, account, fmt.Sprintf("%s%sper_page=%d&page=%d", path, sep, perPage, page))
	if err != nil {
		return nil, 0, err
	}
	list, _ := at(orderedjson.Plain(v), key)
	if _, isList := list.([]any); !isList {
		return nil, 0, fmt.Errorf("account %q: %s answers without %s", account, strings.SplitN(path, "?", 2)[0], key)
	}
	meta, _ := at(orderedjson.Plain(v), "meta.total")
	total, _ = orderedjson.Integer(meta)
	return entries(list), total, nil
}

// write sends one request that undoes. It accepts any success, because the caller reads the result again.
func (t *target) write(ctx context.Context, account, method, path string, body any) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := t.ask(ctx, account, method, path, data)
	if err != nil || r.status/100 == 2 || method == http.MethodDelete && r.status == http.StatusNotFound {
		return err
	}
	return &finding{what: fmt.Sprintf("contact %s: %s answers %d", segmentAfter(path, "contacts"), method, r.status)}
}

// restore changes only what differs, until nothing does.
func (t *target) restore(ctx context.Context, c *contactChange) error {
	if c.before == nil {
		return nil
	}
	const rounds = 3 // the last one only looks
	for round := 1; ; round++ {
		now, err := t.readLook(ctx, c.account, c.id)
		if err != nil {
			return err
		}
		if now.equal(c.before, detail.exact) {
			return nil
		}
		if field := now.foreign(c.known()); field != "" {
			return &conflict{c.account, c.id, field}
		}
		if round == rounds {
			return &finding{what: fmt.Sprintf("contact %s of account %q: it was put back and is not as it was", c.id, c.account)}
		}
		if err := t.restoreOnce(ctx, c, now); err != nil {
			return err
		}
		for look := 0; ; look++ { // what shows its writes late must not be written to twice
			if now, err := t.readLook(ctx, c.account, c.id); err == nil && now.equal(c.before, detail.exact) {
				return nil
			}
			if !t.backoff(ctx, look) {
				break
			}
		}
	}
}

// restoreOnce adds the phone numbers and e-mails that are gone before it deletes those that are new: a contact may not be
// without a phone number. They get new ids; nothing can give them their former ones.
func (t *target) restoreOnce(ctx context.Context, c *contactChange, now *look) error {
	text := map[string]any{}
	for key, was := range c.before.Text {
		if !sameText(now.Text[key], was) {
			text[key] = was
		}
	}
	if len(text) > 0 {
		if err := t.write(ctx, c.account, http.MethodPost, contactPath(c.id), text); err != nil {
			return err
		}
	}
	for _, of := range []struct {
		path    string
		was, is []detail
	}{{"/phone_details", c.before.Phones, now.Phones}, {"/email_details", c.before.Emails, now.Emails}} {
		for _, d := range without(of.was, of.is) {
			if err := t.write(ctx, c.account, http.MethodPost, contactPath(c.id)+of.path, d); err != nil {
				return err
			}
		}
		for _, d := range without(of.is, of.was) {
			if err := t.write(ctx, c.account, http.MethodDelete, contactPath(c.id)+of.path+"/"+d.id, nil); err != nil {
				return err
			}
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

// textFields are the fields of a contact that are plain text.
var textFields = []string{"first_name", "last_name", "company_name", "information"}

// look is what a contact holds, as far as a script can change it: as it was, as it was sent, or as the API answered.
type look struct {
	Text   map[string]any `json:"text,omitempty"` // of textFields; null is a value
	Phones []detail       `json:"phone_numbers,omitempty"`
	Emails []detail       `json:"emails,omitempty"`
}

// detail is a phone number or an e-mail.
type detail struct {
	Label any `json:"label"`
	Value any `json:"value"`

	id string
}

// exact is the detail as a text.
func (d detail) exact() string {
	text, _ := json.Marshal(d)
	return string(text)
}

// normal is the value without what an API may write in more than one way: spaces in a phone number, case in an e-mail.
func (d detail) normal() string {
	s, ok := d.Value.(string)
	if !ok {
		return show(d.Value)
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, s))
}

// without returns the details of a that have no equal in b. Each detail of b matches one of a.
func without(a, b []detail) (out []detail) {
	left := slices.Clone(b)
	for _, d := range a {
		i := slices.IndexFunc(left, func(o detail) bool { return equal(d.Label, o.Label) && equal(d.Value, o.Value) })
		if i < 0 {
			out = append(out, d)
		} else {
			left = slices.Delete(left, i, i+1)
		}
	}
	return out
}

// lookAt reads a contact, or the body of a request for one.
func lookAt(contact map[string]any) *look {
	l := &look{Text: map[string]any{}, Phones: detailsOf(contact["phone_numbers"]), Emails: detailsOf(contact["emails"])}
	for _, key := range textFields {
		if v, ok := contact[key]; ok {
			l.Text[key] = v
		}
	}
	return l
}

func detailsOf(v any) (out []detail) {
	for _, e := range entries(v) {
		out = append(out, detail{e["label"], e["value"], idOf(e)})
	}
	return out
}

// sentLook reads the body of a write to a contact; route tells whether it is about one phone number or e-mail.
func sentLook(route string, body []byte) *look {
	v, err := orderedjson.Decode(body)
	if err != nil {
		return &look{}
	}
	m, _ := orderedjson.Plain(v).(map[string]any)
	switch one := []detail{{Label: m["label"], Value: m["value"]}}; {
	case strings.Contains(route, "/phone_details"):
		return &look{Phones: one}
	case strings.Contains(route, "/email_details"):
		return &look{Emails: one}
	}
	return lookAt(m)
}

// answeredLook reads the contact in a reply; nil if there is none.
func answeredLook(reply []byte) (id string, l *look) {
	v, err := orderedjson.Decode(reply)
	if err != nil {
		return "", nil
	}
	c, _ := at(orderedjson.Plain(v), "contact")
	m, ok := c.(map[string]any)
	if _, isID := orderedjson.Integer(m["id"]); !ok || !isID {
		return "", nil
	}
	return idOf(c), lookAt(m)
}

// foreign names the first thing in a contact that is neither as it was nor anything that we wrote: somebody else changed
// it since. It goes by values and not by a digest of the last reply, as that reply may never have come.
func (l *look) foreign(known []*look) string {
	for _, key := range slices.Sorted(maps.Keys(l.Text)) {
		if !slices.ContainsFunc(known, func(k *look) bool { v, ok := k.Text[key]; return ok && sameText(v, l.Text[key]) }) {
			return key
		}
	}
	ours := map[string]bool{}
	for _, k := range known {
		for _, d := range slices.Concat(k.Phones, k.Emails) {
			ours[d.normal()] = true
		}
	}
	theirs := func(d detail) bool { return !ours[d.normal()] }
	switch {
	case slices.ContainsFunc(l.Phones, theirs):
		return "phone_numbers"
	case slices.ContainsFunc(l.Emails, theirs):
		return "emails"
	}
	return ""
}

// sameText takes an empty text for null.
func sameText(a, b any) bool {
	return equal(a, b) || (a == nil || a == "") && (b == nil || b == "")
}

// equal compares two contacts, their phone numbers and e-mails in the given form and in any order: none is promised.
func (l *look) equal(o *look, form func(detail) string) bool {
	forms := func(list []detail) (out []string) {
		for _, d := range list {
			out = append(out, form(d))
		}
		slices.Sort(out)
		return out
	}
	return !slices.ContainsFunc(textFields, func(key string) bool { return !sameText(l.Text[key], o.Text[key]) }) &&
		slices.Equal(forms(l.Phones), forms(o.Phones)) && slices.Equal(forms(l.Emails), forms(o.Emails))
}

func contactPath(id string) string { return "/v1/contacts/" + id }
