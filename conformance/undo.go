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

// undo puts an account back as a scenario found it: contacts it made are deleted, contacts it changed get their former
// text, phone numbers and e-mails. Contacts are all that a script can change.
//
// It learns of changes from the requests themselves, so that a script that raises half-way leaves nothing behind.
type undo struct{ w *world }

// conflict is a contact that somebody else changed since: it is left as it is.
type conflict struct{ account, id, field string }

func (c *conflict) Error() string {
	return fmt.Sprintf("CONFLICT: contact %s of account %q: somebody else changed its %s, so it is left as it is", c.id, c.account, c.field)
}

// beforeWrite is called ahead of every write of a scenario, and records it in the undo log. It gives 0 for what need not be
// undone: on a fake that goes away whole, and with credentials that open nothing.
func (u *undo) beforeWrite(ctx context.Context, x exchange, body []byte) (seq int, err error) {
	w := u.w
	if len(w.own) > 0 || x.account == "" {
		return 0, nil
	}
	if x.purpose == forCheck && w.t.kind == kindFake && !slices.Contains(undoable, x.op) {
		return 0, nil // a request that the feature spells out, such as one to no route
	}
	no := func(why string) error { return &refusal{x.method + " " + x.route, why} }
	if !slices.Contains(undoable, x.op) {
		err := no("it could not be undone")
		w.exchanges.refuse(err)
		return 0, err
	}
	n := undoLine{
		At: w.t.pacer.targetNow(), Scenario: w.plan.ID, Account: x.account,
		Op: x.op, Method: x.method, Route: x.route, Contact: segmentAfter(x.path, "contacts"), Sent: sentLook(x.route, body),
	}
	if n.Contact != "" && w.run.undoLog.find(x.account, n.Contact) == nil {
		n.Before, err = w.t.readLook(w.checks(ctx), x.account, n.Contact)
		switch {
		case err != nil && !errors.Is(err, errGone):
			w.exchanges.refuse(err)
			return 0, err
		case n.Before == nil: // proved to be absent: nothing can be changed
			return 0, nil
		case x.op == "delete-a-contact":
			err = no("the run did not make that contact, and a deleted one does not come back")
		case !w.t.local():
			err = no("the run did not make that contact")
		}
		if err != nil {
			w.exchanges.refuse(err)
			return 0, err
		}
	}
	return w.run.undoLog.plan(n)
}

// afterWrite notes what became of it.
func (u *undo) afterWrite(seq int, x exchange) error {
	id, after := "", (*look)(nil)
	if x.status/100 == 2 {
		id, after = answeredLook(x.reply)
	}
	return u.w.run.undoLog.done(seq, x.status, id, after)
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

// all undoes, within its own time: it also runs when the run was interrupted.
func (u *undo) all(ctx context.Context) (err error) {
	if len(u.w.own) > 0 || u.w.plan == nil {
		return nil // the scenario's own fake goes away whole
	}
	defer protect(&err)
	u.w.exchanges.endWrites()
	ctx, cancel := context.WithTimeout(withExchanges(ctx, u.w.exchanges, forUndo), 3*time.Minute)
	defer cancel()
	for _, c := range u.w.run.undoLog.open(u.w.plan.ID) {
		u.w.t.forget(c.account, "contacts")
		failed := u.w.t.putBack(ctx, u.w.run.undoLog, c)
		if _, open := errors.AsType[*unknown](failed); !open { // the end of the run looks again, see undoAgain
			err = errors.Join(err, failed)
		}
	}
	return err
}

// undoAgain undoes what could not be undone right after its scenario. A target that shows its writes late shows them once
// they have settled.
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

// unknown is an error: a contact that the run made is not found, and may appear yet.
type unknown struct{ account, id string }

func (u *unknown) Error() string {
	if u.id == "" {
		return fmt.Sprintf("account %q: a contact whose making was not answered is not found, and may appear yet", u.account)
	}
	return fmt.Sprintf("contact %s of account %q is not found, though it was made a moment ago: it may appear yet", u.id, u.account)
}

// settling is how long after a write a reply may be as if it had not been made: one that says so later is believed.
func (t *target) settling() time.Duration {
	if t.local() {
		return 5 * time.Second
	}
	return time.Minute
}

// age is how long ago the contact was first written to, by the clock of the target.
func (t *target) age(c *contactChange) time.Duration { return t.pacer.targetNow().Sub(c.at) }

// mayAppear says whether a contact that is not found may appear yet. A target whose clock stands never gets older, so
// that having waited counts as well.
func (t *target) mayAppear(c *contactChange) bool {
	return t.kind != kindFake && !c.waited && t.age(c) < t.settling()
}

// backoff waits between looks at something that settles, and gives false when there is no use in another look.
func (t *target) backoff(ctx context.Context, look int) bool {
	const looks = 5
	unit := time.Second
	if t.local() {
		unit = 50 * time.Millisecond
	}
	return look < looks && t.kind != kindFake && t.pause(ctx, unit<<min(look, 3)) == nil
}

// putBack undoes one change and notes that it did. It compares before it restores and reads again afterwards.
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
	return l.settle(c)
}

var errGone = errors.New("there is no such contact")

// readLook reads a contact. It gives errGone on a 404.
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

// removeMade deletes a contact that the run made. That it is not found proves nothing as long as it may appear yet, unless
// the target said that it deleted it.
func (t *target) removeMade(ctx context.Context, c *contactChange) error {
	found, err := t.remove(ctx, c.account, c.id, c.known())
	if err != nil || found || c.deleted || !t.mayAppear(c) {
		return err
	}
	r, err := t.ask(ctx, c.account, http.MethodDelete, contactPath(c.id), nil)
	switch {
	case err != nil:
		return err
	case r.status/100 == 2:
		c.deleted = true
		_, err := t.remove(ctx, c.account, c.id, c.known())
		return err
	}
	return &unknown{c.account, c.id}
}

// remove deletes a contact that the run made, unless somebody else has changed it, and sees that it is gone. known is
// nil for one that need not be compared. One that is not found is not deleted.
func (t *target) remove(ctx context.Context, account, id string, known []*look) (found bool, err error) {
	now, err := t.readLook(ctx, account, id)
	if errors.Is(err, errGone) {
		return false, nil
	}
	// What cannot be read is deleted all the same: its id was the answer to our own request.
	if err == nil && known != nil {
		if field := now.foreign(known); field != "" {
			return true, &conflict{account, id, field}
		}
	}
	if err := t.expect(ctx, account, id, http.MethodDelete, "", nil, http.StatusNoContent, http.StatusNotFound); err != nil {
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

// mostUnseen is how many pages are read for a contact whose making was not answered: it is among the newest.
const mostUnseen = 4

// removeUnseen looks for what a request made whose reply never came: a contact made at that time, of exactly what was
// sent, that is not known to be another's. That there is none is believed once it would have appeared.
func (t *target) removeUnseen(ctx context.Context, l *undoLog, c *contactChange) error {
	mayAppear := t.mayAppear(c) // as of now: the search takes its time
	found, err := t.removeFitting(ctx, l, c)
	if err == nil && !found && mayAppear {
		err = &unknown{account: c.account}
	}
	return err
}

func (t *target) removeFitting(ctx context.Context, l *undoLog, c *contactChange) (found bool, err error) {
	const early, late = 5 * time.Second, 2 * time.Minute
	for page := 1; page <= mostUnseen; page++ {
		list, err := t.readPage(ctx, c.account, "/v1/contacts?order=desc", "contacts", page)
		if err != nil {
			return found, err
		}
		for _, m := range list {
			made, _ := integer(m["created_at"])
			at, id := time.Unix(made, 0), idOf(m)
			if at.Before(c.at.Add(-early)) {
				return found, nil
			}
			if at.After(c.at.Add(late)) || !lookAt(m).fits(c.wrote[0]) || l.find(c.account, id) != nil {
				continue
			}
			if _, err := t.remove(ctx, c.account, id, nil); err != nil {
				return found, err
			}
			found = true
		}
		if len(list) < perPage {
			return found, nil
		}
	}
	return found, nil
}

// readPage reads a page of a list with as few demands as it can be read with.
func (t *target) readPage(ctx context.Context, account, path, key string, page int) (out []map[string]any, err error) {
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	v, err := t.read(ctx, account, fmt.Sprintf("%s%sper_page=%d&page=%d", path, sep, perPage, page))
	if err != nil {
		return nil, err
	}
	list, ok := at(orderedjson.Plain(v), key)
	if _, isList := list.([]any); !ok || !isList {
		return nil, fmt.Errorf("account %q: %s answers without %s", account, strings.SplitN(path, "?", 2)[0], key)
	}
	return entries(list), nil
}

func (t *target) expect(ctx context.Context, account, id, method, under string, body any, statuses ...int) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	r, err := t.ask(ctx, account, method, contactPath(id)+under, data)
	if err != nil {
		return err
	}
	if r.status/100 == 2 || slices.Contains(statuses, r.status) {
		return nil // which success it is, the contract judges; what came of it is read again
	}
	return &finding{what: fmt.Sprintf("contact %s: %s answers %d", id, method, r.status)}
}

// restore changes only what differs, until nothing does.
func (t *target) restore(ctx context.Context, c *contactChange) error {
	if c.before == nil {
		return nil
	}
	const rounds = 3 // the last one only looks
	for round := 1; ; round++ {
		now, err := t.readContact(ctx, c.account, c.id)
		if err != nil {
			return err
		}
		is := lookAt(now)
		if is.same(c.before) {
			return nil
		}
		if field := is.foreign(c.known()); field != "" {
			return &conflict{c.account, c.id, field}
		}
		if round == rounds {
			return &finding{what: fmt.Sprintf("contact %s of account %q: it was put back and is not as it was", c.id, c.account)}
		}
		if err := t.restoreOnce(ctx, c, now); err != nil {
			return err
		}
		for look := 0; ; look++ { // what shows its writes late must not be written to twice
			if now, err := t.readContact(ctx, c.account, c.id); err == nil && lookAt(now).same(c.before) {
				return nil
			}
			if !t.backoff(ctx, look) {
				break
			}
		}
	}
}

func (t *target) readContact(ctx context.Context, account, id string) (map[string]any, error) {
	v, err := t.read(ctx, account, contactPath(id))
	if err != nil {
		return nil, err
	}
	is, _ := at(orderedjson.Plain(v), "contact")
	now, ok := is.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("contact %s: the API answers without it", id)
	}
	return now, nil
}

func (t *target) restoreOnce(ctx context.Context, c *contactChange, now map[string]any) error {
	text := map[string]any{}
	for key, was := range c.before.Text {
		if !sameText(now[key], was) {
			text[key] = was
		}
	}
	if len(text) > 0 {
		if err := t.expect(ctx, c.account, c.id, http.MethodPost, "", text, http.StatusOK); err != nil {
			return err
		}
	}
	if err := t.restoreDetails(ctx, c, c.before.Phones, entries(now["phone_numbers"]), "/phone_details"); err != nil {
		return err
	}
	return t.restoreDetails(ctx, c, c.before.Emails, entries(now["emails"]), "/email_details")
}

// restoreDetails adds what is gone before it takes away what is new: a contact may not be without a phone number.
// The entries get new ids; nothing can give them their former ones.
func (t *target) restoreDetails(ctx context.Context, c *contactChange, before []detail, is []map[string]any, under string) error {
	var was []map[string]any
	for _, d := range before {
		was = append(was, map[string]any{"label": d.Label, "value": d.Value})
	}
	for _, e := range without(was, is) {
		if err := t.expect(ctx, c.account, c.id, http.MethodPost, under, e, http.StatusCreated); err != nil {
			return err
		}
	}
	for _, e := range without(is, was) {
		if err := t.expect(ctx, c.account, c.id, http.MethodDelete, under+"/"+idOf(e), nil, http.StatusNoContent, http.StatusNotFound); err != nil {
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
			if equal(e["label"], o["label"]) && equal(e["value"], o["value"]) {
				left = append(left[:i], left[i+1:]...)
				continue next
			}
		}
		out = append(out, e)
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
}

// lookAt takes what it knows from a contact, or from the body of a request for one.
func lookAt(contact map[string]any) *look {
	l := &look{Text: map[string]any{}}
	for _, key := range textFields {
		if v, ok := contact[key]; ok {
			l.Text[key] = v
		}
	}
	l.Phones, l.Emails = detailsOf(contact["phone_numbers"]), detailsOf(contact["emails"])
	return l
}

func detailsOf(v any) (out []detail) {
	for _, e := range entries(v) {
		out = append(out, detail{e["label"], e["value"]})
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
	switch one := []detail{{m["label"], m["value"]}}; {
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
	if _, isID := integer(m["id"]); !ok || !isID {
		return "", nil
	}
	return idOf(c), lookAt(m)
}

// norm makes equal what an API may write in more than one way: spaces in a phone number, case in an e-mail.
func norm(v any) string {
	s, ok := v.(string)
	if !ok {
		return show(v)
	}
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" -.()/", r) }), ""))
}

// foreign names the first thing in a contact that is neither as it was nor anything that we wrote: somebody else changed
// it since. It goes by values and not by a digest of the last reply, as that reply may never have come.
func (l *look) foreign(known []*look) string {
	for _, key := range slices.Sorted(maps.Keys(l.Text)) {
		if !slices.ContainsFunc(known, func(k *look) bool { v, ok := k.Text[key]; return ok && sameText(v, l.Text[key]) }) {
			return key
		}
	}
	for _, of := range []struct {
		name string
		get  func(*look) []detail
	}{{"phone_numbers", func(l *look) []detail { return l.Phones }}, {"emails", func(l *look) []detail { return l.Emails }}} {
		values := map[string]bool{}
		for _, k := range known {
			for _, d := range of.get(k) {
				values[norm(d.Value)] = true
			}
		}
		for _, d := range of.get(l) {
			if !values[norm(d.Value)] {
				return of.name
			}
		}
	}
	return ""
}

// fits says whether a contact may be the one that was sent: all that was sent is in it, and nothing else.
func (l *look) fits(sent *look) bool {
	for _, key := range textFields {
		if !sameText(l.Text[key], sent.Text[key]) {
			return false
		}
	}
	return sameValues(l.Phones, sent.Phones) && sameValues(l.Emails, sent.Emails)
}

// sameText takes an empty text for null.
func sameText(a, b any) bool {
	return equal(a, b) || (a == nil || a == "") && (b == nil || b == "")
}

func sameValues(a, b []detail) bool {
	values := func(list []detail) (out []string) {
		for _, d := range list {
			out = append(out, norm(d.Value))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(values(a), values(b))
}

// same compares all of two contacts; the order of phone numbers and e-mails is not promised.
func (l *look) same(o *look) bool {
	lines := func(list []detail) (out []string) {
		for _, d := range list {
			text, _ := json.Marshal(d)
			out = append(out, string(text))
		}
		slices.Sort(out)
		return out
	}
	for _, key := range textFields {
		if !sameText(l.Text[key], o.Text[key]) {
			return false
		}
	}
	return slices.Equal(lines(l.Phones), lines(o.Phones)) && slices.Equal(lines(l.Emails), lines(o.Emails))
}

// blank is a contact of which nothing is known but that it was not there.
func blank() *look {
	l := &look{Text: map[string]any{}}
	for _, key := range textFields {
		l.Text[key] = nil
	}
	return l
}

func contactPath(id string) string { return fmt.Sprintf("/v1/contacts/%s", id) }
