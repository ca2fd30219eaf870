package binding

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/internal/luabox"
)

// maxEntries is how many telephone numbers, and how many e-mails, Aircall lets a contact have.
const maxEntries = 20

// An entry is a telephone number or e-mail of a contact. The id is Aircall's; a script's entries have none, and perhaps
// no label: that keeps the label there is, or becomes labelUnsaid.
type entry struct {
	id           int64
	label, value string
}

const labelUnsaid = "Work"

func (e entry) said() string {
	if e.label == "" {
		return labelUnsaid
	}
	return e.label
}

// A detailList is one of the two lists of a contact that are changed entry by entry, each with its own operation: an
// update of the contact itself ignores them without a word.
type detailList struct{ field, noun, add, update, remove string }

var detailLists = [...]detailList{
	{"phone_numbers", "phone number", "add-phone-number-to-a-contact", "update-phone-number-to-a-contact", "delete-phone-number-from-a-contact"},
	{"emails", "e-mail", "add-email-to-a-contact", "update-email-to-a-contact", "delete-email-from-a-contact"},
}

// A step is one write of an update.
type step struct {
	text string // for people: add phone number "+33612345678" (Work)
	op   string
	req  aircall.Request
}

// handleUpdateContact changes what differs from what is wanted, and nothing else: fields first, then telephone numbers,
// then e-mails.
func handleUpdateContact(c *call) (value, error) {
	id := c.args.id("contact_id")
	var steps []step
	var reply value
	if fields := c.textFields(); len(fields.members) > 0 {
		steps = append(steps, step{"set " + strings.Join(fields.names(), ", "), "update-a-contact",
			aircall.Request{Path: []string{id}, Body: body(fields)}})
	}
	lists := c.args.has("phone_numbers") || c.args.has("emails")
	if lists {
		var err error
		if reply, err = c.do("retrieve-a-contact", aircall.Request{Path: []string{id}}); err != nil {
			return value{}, err
		}
		more, err := c.planDetails(id, reply.get("contact"))
		if err != nil {
			return value{}, err
		}
		steps = append(steps, more...)
	}
	for i, s := range steps {
		var err error
		if reply, err = c.do(s.op, s.req); err != nil {
			return value{}, c.partly(err, id, steps, i)
		}
	}
	if !lists || len(steps) == 0 {
		return reply, nil
	}
	reply, err := c.do("retrieve-a-contact", aircall.Request{Path: []string{id}})
	if err != nil {
		failed := c.failure(err)
		failed.EffectStatus = EffectSucceeded
		failed.Message = "Contact " + id + " was updated, but could not be read again. " + failed.Message
		return value{}, failed
	}
	return reply, nil
}

// planDetails compares the lists the script gave with those of the contact.
func (c *call) planDetails(id string, contact *value) ([]step, error) {
	var steps []step
	for _, list := range detailLists {
		want, given := c.args[list.field].([]entry)
		if !given {
			continue
		}
		have, err := entriesOf(contact.get(list.field))
		if err != nil {
			return nil, invalidReply("retrieve-a-contact", list.field+": "+err.Error())
		}
		for _, ch := range planEntries(have, want) {
			steps = append(steps, list.step(id, ch))
		}
	}
	return steps, nil
}

func (l detailList) step(contact string, ch change) step {
	fields := objectValue(member{"label", stringValue(ch.label)})
	detail := strconv.FormatInt(ch.id, 10)
	s := step{text: fmt.Sprintf("%s %s %s", ch.verb, l.noun, luabox.Quote(ch.value))}
	switch ch.verb {
	case verbAdd:
		s.text += " (" + ch.label + ")"
		s.op, s.req.Path = l.add, []string{contact}
		fields.set("value", stringValue(ch.value))
	case verbRelabel:
		s.text += " as " + luabox.Quote(ch.label)
		s.op, s.req.Path = l.update, []string{contact, detail}
	case verbDelete:
		s.op, s.req.Path = l.remove, []string{contact, detail}
		return s
	}
	s.req.Body = body(fields)
	return s
}

// The verbs of a change.
const (
	verbAdd     = "add"
	verbRelabel = "relabel"
	verbDelete  = "delete"
)

type change struct {
	verb string
	entry
}

// planEntries gives the writes that turn have into want, in an order that never leaves the list empty in between and
// never longer than maxEntries: what is new is added first, and only where the list is full something goes before.
// Entries are the same if their values are; one value may stand several times.
func planEntries(have, want []entry) []change {
	taken, met := make([]bool, len(have)), make([]bool, len(want))
	var relabels []change
	for _, labelToo := range []bool{true, false} {
		for i, w := range want {
			for j, h := range have {
				if met[i] || taken[j] || h.value != w.value || labelToo && h.label != w.label {
					continue
				}
				met[i], taken[j] = true, true
				if w.label != "" && w.label != h.label {
					relabels = append(relabels, change{verbRelabel, entry{h.id, w.label, w.value}})
				}
			}
		}
	}
	var deletes, plan []change
	for j, h := range have {
		if !taken[j] {
			deletes = append(deletes, change{verbDelete, h})
		}
	}
	size := len(have)
	for i, w := range want {
		if met[i] {
			continue
		}
		for size >= maxEntries && len(deletes) > 0 {
			plan, deletes = append(plan, deletes[0]), deletes[1:]
			size--
		}
		plan = append(plan, change{verbAdd, entry{label: w.said(), value: w.value}})
		size++
	}
	return append(append(plan, relabels...), deletes...)
}

// partly makes of the error of step i one that says how far the update came.
func (c *call) partly(err error, id string, steps []step, i int) error {
	failed := c.failure(err)
	if i == 0 {
		return failed
	}
	done, open := texts(steps[:i]), texts(steps[i:])
	if failed.EffectStatus == EffectUnknown {
		open[0] += " (may have happened)"
	}
	failed.EffectStatus, failed.Retryable = EffectPartial, false
	failed.Details = map[string]any{"done": done, "not_done": open}
	failed.Message = fmt.Sprintf("%s. Contact %s was changed in part. Done: %s. Not done: %s.",
		strings.TrimSuffix(failed.Message, "."), id, strings.Join(done, "; "), strings.Join(open, "; "))
	if now, err := c.do("retrieve-a-contact", aircall.Request{Path: []string{id}}); err == nil {
		c.derive(&now)
		failed.Details["contact"] = now.get("contact").toGo()
	} else {
		failed.Message += " What it holds now could not be read."
	}
	return failed
}

func texts(steps []step) []string {
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = s.text
	}
	return out
}

func entriesOf(list *value) ([]entry, error) {
	var entries []entry
	for i := range list.items() {
		item := &list.list[i]
		id, ok := item.get("id").int()
		if !ok {
			return nil, errors.New("an entry has no id")
		}
		entries = append(entries, entry{id, item.get("label").str(), item.get("value").str()})
	}
	return entries, nil
}

func entriesValue(entries []entry) value {
	list := value{kind: kindArray}
	for _, e := range entries {
		list.list = append(list.list, objectValue(
			member{"label", stringValue(e.said())}, member{"value", stringValue(e.value)}))
	}
	return list
}
