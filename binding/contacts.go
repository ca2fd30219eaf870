package binding

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/internal/luabox"
)

func listContacts() Function {
	return Function{
		Name: "list_contacts", Effect: EffectRead,
		Note:        "Aircall cannot search names: for a `q` that is neither an e-mail nor a telephone number the function reads page after page, at most 40 pages of 50 contacts, and `meta.scanned` and `meta.truncated` say how many it read. It looks for `q` in `first_name last_name`, ignoring case, and not in the company name.",
		Description: "List contacts from Aircall with optional search and pagination.",
		Params: append(pageParams(),
			Param{Name: "q", Kind: KindQuery, Description: "Search query — search by name, phone number, or email"},
		),
		Ops:  []string{"list-all-contacts", "search-contacts"},
		Key:  "contacts",
		list: contactListing, each: iteration{name: "each_contact", item: "contact"},
	}
}

// contactParams returns the fields of a contact, with the descriptions for a new or an existing one.
func contactParams(first, last, company, information, phones, emails string, nullable bool) []Param {
	label := defaultLabel
	if nullable {
		label = "" // an existing entry keeps its own
	}
	return []Param{
		{Name: "first_name", Kind: KindText, Nullable: nullable, Description: first},
		{Name: "last_name", Kind: KindText, Nullable: nullable, Description: last},
		{Name: "company_name", Kind: KindText, Nullable: nullable, Description: company},
		{Name: "information", Kind: KindText, Nullable: nullable, Description: information},
		{Name: "phone_numbers", Kind: KindPhones, Description: phones, label: label},
		{Name: "emails", Kind: KindEmails, Description: emails, label: label},
	}
}

func createContact() Function {
	return Function{
		Name: "create_contact", Effect: EffectWrite,
		Description: "Create a new contact in Aircall.",
		Params: contactParams("First name of the contact", "Last name of the contact", "Company name", "Additional notes or information",
			"Array of phone number objects with `label` and `value`", "Array of email objects with `label` and `value`", false),
		Objects: []Object{
			{"Phone Number Object", `{"label": "Work", "value": "+33612345678"}`},
			{"Email Object", `{"label": "Work", "value": "john@example.com"}`},
		},
		Key:   "contact",
		Ops:   []string{"create-a-contact"},
		check: atLeastOne("create"),
	}
}

func updateContact() Function {
	return Function{
		Name: "update_contact", Effect: EffectWrite,
		Note:        "`phone_numbers` and `emails` replace the existing lists, entry by entry, compared by value: an existing entry without a new label keeps its label, and a new entry gets the label `Work`. After a partial failure `effect_status` is `partial`, and `details.done`, `details.not_done` and `details.contact` tell what was changed.",
		Description: "Update an existing contact in Aircall.",
		Params: append([]Param{
			{Name: "contact_id", Kind: KindID, Required: true, Description: "The unique identifier of the contact to update"},
		}, contactParams("Updated first name", "Updated last name", "Updated company name", "Updated notes",
			"Updated phone numbers (replaces all existing)", "Updated emails (replaces all existing)", true)...),
		Key: "contact",
		Ops: []string{"update-a-contact", "retrieve-a-contact",
			"add-phone-number-to-a-contact", "update-phone-number-to-a-contact", "delete-phone-number-from-a-contact",
			"add-email-to-a-contact", "update-email-to-a-contact", "delete-email-from-a-contact"},
		check: func(a arguments) []string {
			if phones, ok := a["phone_numbers"].([]entry); ok && len(phones) == 0 {
				return []string{"phone_numbers must keep at least one entry, a contact cannot be left without"}
			}
			return atLeastOne("update", "contact_id")(a)
		},
		handle: handleUpdateContact,
	}
}

// contactListing finds e-mails and telephone numbers with Aircall's search, which cannot search anything else, and names by
// reading all contacts. It does not look at the company name.
func contactListing(c *call) (listing, error) {
	l := listing{op: "list-all-contacts", key: "contacts", req: c.request()}
	l.req.Query.Del("q")
	q, _ := c.args["q"].(string)
	phone := phoneOf(q)
	switch {
	case q == "":
	case strings.Contains(q, "@"):
		l.op = "search-contacts"
		l.req.Query.Set("email", q)
	case phone != "":
		l.op = "search-contacts"
		l.req.Query.Set("phone_number", phone)
	default:
		wanted := fold(q)
		l.keep = func(v *value) bool {
			first, last := fold(v.get("first_name").str()), fold(v.get("last_name").str())
			return strings.Contains(strings.TrimSpace(first+" "+last), wanted)
		}
	}
	return l, nil
}

// phoneOf returns a telephone number without the separators between digits, or "" if q is not one.
func phoneOf(q string) string {
	var digits strings.Builder
	for i, r := range q {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			digits.WriteRune(r)
		case strings.ContainsRune("().-/ \u00a0", r):
		default:
			return ""
		}
	}
	if strings.Trim(digits.String(), "+") == "" {
		return ""
	}
	return digits.String()
}

// fold returns a name for comparisons that ignore letter case and repeated spaces.
func fold(s string) string {
	s = strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, s)
	return strings.Join(strings.Fields(s), " ")
}

func contactFunctions() []Function {
	search := append(append(pageParams(), windowParams("contacts created")...),
		Param{Name: "order_by", Kind: KindEnum, Enum: []string{"created_at", "updated_at"}, Description: "Field to sort by; from and to always use created_at"},
		Param{Name: "phone_number", Kind: KindPhone, Description: "The contact's phone number, in E.164"},
		Param{Name: "email", Kind: KindQuery, Description: "The contact's e-mail"})
	return slices.Concat([]Function{{
		Name: "search_contacts", Effect: EffectRead, Ops: []string{"search-contacts"}, Key: "contacts",
		Description: "Search contacts by phone number or e-mail. Aircall cannot search names: list_contacts does.",
		Params:      search,
		check: func(a arguments) []string {
			if !a.has("phone_number") && !a.has("email") {
				return []string{"give phone_number or email"}
			}
			return checkWindow(a)
		},
		each: iteration{name: "each_found_contact", item: "contact"},
	}, {
		Name: "get_contact", Effect: EffectRead, Ops: []string{"retrieve-a-contact"}, Key: "contact",
		Description: "Retrieve a contact.",
	}, {
		Name: "delete_contact", Effect: EffectWrite, Ops: []string{"delete-a-contact"},
		Description: "Delete a contact.",
	}}, detailFunctions(detailLists[0], "phone_number", KindPhone), detailFunctions(detailLists[1], "email", KindText))
}

// detailFunctions returns the functions for the phone numbers, or for the e-mails, of a contact.
func detailFunctions(list detailList, word string, kind Kind) []Function {
	key := strings.TrimSuffix(word, "_number") + "_detail"
	id := word + "_id"
	return []Function{{
		Name: "add_contact_" + word, Effect: EffectWrite, Ops: []string{list.add}, Key: key,
		Description: "Add one " + list.noun + " to a contact.",
		Params: []Param{
			{Name: "label", Kind: KindText, Required: true, Description: "Label, such as Work"},
			{Name: "value", Kind: kind, Required: true, Description: "The " + list.noun},
		},
		Returns: "`" + key + "`, with the id of the entry.",
		Errors:  []string{"api_error if the contact has 20 " + list.field},
	}, {
		Name: "update_contact_" + word, Effect: EffectWrite, Ops: []string{list.update}, Key: key,
		Description: "Change one " + list.noun + " of a contact.",
		Params: []Param{
			pathParam(id, "The id of the entry in the contact's "+list.field),
			{Name: "label", Kind: KindText, Description: "New label"},
			{Name: "value", Kind: kind, Description: "New " + list.noun},
		},
		check: atLeastOne("update", "contact_id", id),
	}, {
		Name: "delete_contact_" + word, Effect: EffectWrite, Ops: []string{list.remove},
		Description: "Delete one " + list.noun + " of a contact.",
		Params:      []Param{pathParam(id, "The id of the entry in the contact's "+list.field)},
	}}
}

// maxEntries is the most telephone numbers, and the most e-mails, of a contact.
const maxEntries = 20

// An entry is a telephone number or e-mail of a contact. The id is Aircall's; a script's entries have none, and perhaps no
// label: then the label stays as it is, and a new entry gets defaultLabel.
type entry struct {
	id           int64
	label, value string
}

const defaultLabel = "Work"

// A detailList is one of the two lists of a contact whose entries have separate operations: Aircall silently ignores
// the lists in an update of the contact.
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

// handleUpdateContact sends only the changes: fields first, then telephone numbers, then e-mails.
func handleUpdateContact(c *call) (value, error) {
	id := c.args.id("contact_id")
	var steps []step
	var reply value
	fields, names := objectValue(), []string(nil)
	for _, p := range c.fn.Params {
		if text, ok := c.args[p.Name].(*string); ok {
			fields.set(p.Name, text)
			names = append(names, p.Name)
		}
	}
	if len(names) > 0 {
		steps = append(steps, step{"set " + strings.Join(names, ", "), "update-a-contact",
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
		failed.EffectStatus = EffectStatusSucceeded
		failed.Message = "Contact " + id + " was updated, but could not be read again. " + failed.Message
		return value{}, failed
	}
	return reply, nil
}

// planDetails compares the lists in the arguments with those of the contact.
func (c *call) planDetails(id string, contact *value) ([]step, error) {
	var steps []step
	for _, list := range detailLists {
		want, given := c.args[list.field].([]entry)
		if !given {
			continue
		}
		var have []entry
		for _, item := range contact.get(list.field).items() {
			detail, ok := item.get("id").int()
			if !ok {
				return nil, invalidReply("retrieve-a-contact", list.field+": an entry has no id")
			}
			have = append(have, entry{detail, item.get("label").str(), item.get("value").str()})
		}
		steps = append(steps, list.plan(id, have, want)...)
	}
	return steps, nil
}

// plan returns the writes that turn have into want, in an order in which the list is never empty and never longer than
// maxEntries: it adds first, and deletes before that only where the list is full. Entries are the same if their values are;
// a value may be in the list several times.
func (l detailList) plan(contact string, have, want []entry) []step {
	write := func(op string, e entry, fields ...any) step {
		s := step{op: op, req: aircall.Request{Path: []string{contact}}}
		if e.id != 0 {
			s.req.Path = append(s.req.Path, strconv.FormatInt(e.id, 10))
		}
		if len(fields) > 0 {
			s.req.Body = body(objectValue(fields...))
		}
		switch what := l.noun + " " + luabox.Quote(e.value); op {
		case l.add:
			s.text = "add " + what + " (" + e.label + ")"
		case l.update:
			s.text = "relabel " + what + " as " + luabox.Quote(e.label)
		default:
			s.text = "delete " + what
		}
		return s
	}
	taken, met := make([]bool, len(have)), make([]bool, len(want))
	var relabels, deletes, plan []step
	for _, labelToo := range []bool{true, false} {
		for i, w := range want {
			for j, h := range have {
				if met[i] || taken[j] || h.value != w.value || labelToo && h.label != w.label {
					continue
				}
				met[i], taken[j] = true, true
				if w.label != "" && w.label != h.label {
					relabels = append(relabels, write(l.update, entry{h.id, w.label, w.value}, "label", w.label))
				}
			}
		}
	}
	for j, h := range have {
		if !taken[j] {
			deletes = append(deletes, write(l.remove, h))
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
		w.label = cmp.Or(w.label, defaultLabel)
		plan = append(plan, write(l.add, w, "label", w.label, "value", w.value))
		size++
	}
	return append(append(plan, relabels...), deletes...)
}

// partly returns the error of step i with the steps that were done and those that were not.
func (c *call) partly(err error, id string, steps []step, i int) error {
	failed := c.failure(err)
	if i == 0 {
		return failed
	}
	done, open := texts(steps[:i]), texts(steps[i:])
	if failed.EffectStatus == EffectStatusUnknown {
		open[0] += " (may have happened)"
	}
	failed.EffectStatus, failed.Retryable = EffectStatusPartial, false
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
