package fakeaircall

import (
	"cmp"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"
)

// Contacts: https://developer.aircall.io/api-references/#contacts
//
// A separate Node and Express service answers these routes. Lists begin with meta, errors have no success member, and an
// update is a POST.

// Operations that other files name.
const (
	searchContactsOp = "search-contacts"
	createContactOp  = "create-a-contact"
)

func contactRoutes() []route {
	return []route{
		{"list-all-contacts", "GET", "/v1/contacts", expressTier, listContacts},
		{searchContactsOp, "GET", "/v1/contacts/search", expressTier, searchContacts},
		{"retrieve-a-contact", "GET", "/v1/contacts/{id}", expressTier, contacts.retrieve},
		{createContactOp, "POST", "/v1/contacts", expressTier, withBody(createContact)},
		{"update-a-contact", "POST", "/v1/contacts/{id}", expressTier, withBody(updateContact)},
		{"delete-a-contact", "DELETE", "/v1/contacts/{id}", expressTier, deleteContact},
		{"add-phone-number-to-a-contact", "POST", "/v1/contacts/{id}/phone_details", expressTier, addDetail(phoneDetails)},
		{"update-phone-number-to-a-contact", "PUT", "/v1/contacts/{id}/phone_details/{detail_id}", expressTier, updateDetail(phoneDetails)},
		{"delete-phone-number-from-a-contact", "DELETE", "/v1/contacts/{id}/phone_details/{detail_id}", expressTier, deleteDetail(phoneDetails)},
		{"add-email-to-a-contact", "POST", "/v1/contacts/{id}/email_details", expressTier, addDetail(emailDetails)},
		{"update-email-to-a-contact", "PUT", "/v1/contacts/{id}/email_details/{detail_id}", expressTier, updateDetail(emailDetails)},
		{"delete-email-from-a-contact", "DELETE", "/v1/contacts/{id}/email_details/{detail_id}", expressTier, deleteDetail(emailDetails)},
	}
}

// A contact is stored with its phone numbers and e-mail addresses.
type contact struct {
	ID          int64    `json:"id,omitzero"`
	Created     int64    `json:"created,omitzero"` // UNIX seconds, as Updated
	Updated     int64    `json:"updated,omitzero"`
	FirstName   *string  `json:"first_name,omitzero"`
	LastName    *string  `json:"last_name,omitzero"`
	Information *string  `json:"information,omitzero"`
	CompanyName *string  `json:"company_name,omitzero"`
	Phones      []detail `json:"phones,omitzero"`
	Emails      []detail `json:"emails,omitzero"`
	UserID      int64    `json:"user_id,omitzero"` // the user this contact was created for; 0 for all others

	encoded cachedJSON // its view
}

// A detail is one phone number or e-mail address of a contact. Both draw their ids from one sequence (recorded 2026-06-19).
type detail struct {
	ID    int64  `json:"id,omitzero"`
	Label string `json:"label,omitzero"`
	Value string `json:"value,omitzero"`
}

func (c *contact) identity() (id, created int64) { return c.ID, c.Created }

func (c *contact) clone() *contact {
	v := *c
	v.Phones, v.Emails, v.encoded = slices.Clone(c.Phones), slices.Clone(c.Emails), cachedJSON{}
	return &v
}

func (c *contact) hasEmail(address string) bool {
	return slices.ContainsFunc(c.Emails, func(d detail) bool { return strings.EqualFold(d.Value, address) })
}

// A contactView is a contact in replies and events. Its times are UNIX seconds in replies.
type contactView struct {
	ID           int64        `json:"id"`
	CreatedAt    any          `json:"created_at"`
	UpdatedAt    any          `json:"updated_at"`
	FirstName    *string      `json:"first_name"`
	LastName     *string      `json:"last_name"`
	Information  *string      `json:"information"`
	CompanyName  *string      `json:"company_name"`
	IsShared     bool         `json:"is_shared"`
	DirectLink   string       `json:"direct_link"`
	PhoneNumbers []detailView `json:"phone_numbers"`
	Emails       []detailView `json:"emails"`
}

// A detailView is a detail in a contact. The reply to a change has its members in the order of singleDetailView.
type detailView struct {
	Value string  `json:"value"`
	ID    int64   `json:"id"`
	Label *string `json:"label"`
}

type singleDetailView struct {
	ID    int64   `json:"id"`
	Label *string `json:"label"`
	Value string  `json:"value"`
}

func viewContact(c *contact) contactView {
	return contactView{
		ID:           c.ID,
		CreatedAt:    c.Created,
		UpdatedAt:    c.Updated,
		FirstName:    c.FirstName,
		LastName:     c.LastName,
		Information:  c.Information,
		CompanyName:  c.CompanyName,
		IsShared:     true, // the API does not show private contacts
		DirectLink:   link("/v1/contacts/", c.ID),
		PhoneNumbers: viewDetails(c.Phones),
		Emails:       viewDetails(c.Emails),
	}
}

func viewDetails(ds []detail) []detailView {
	views := make([]detailView, len(ds))
	for i, d := range ds {
		views[i] = detailView{Value: d.Value, ID: d.ID, Label: orNull(d.Label)}
	}
	return views
}

// contactJSON returns the encoded view of c.
func (t *tx) contactJSON(c *contact) raw {
	return t.encoding(&c.encoded, cacheKey{}, func() any { return viewContact(c) })
}

var contacts = resource[*contact, raw]{
	"contact", "contacts",
	func(t *tx) *table[*contact] { return &t.contacts },
	(*tx).contactJSON,
}

// listContacts returns 50 contacts a page by default, and a search returns 20: both in one recording of 2026-06-19. The
// reference says 20.
func listContacts(r *request) (reply, error) {
	return contactsPage(r, listSpec{perPage: r.assume.contactsPerPage}, func(t *tx) inOrder[*contact] { return t.contacts.order })
}

func searchContacts(r *request) (reply, error) {
	phone := digits(r.query.Get("phone_number"))
	email := r.query.Get("email")
	return contactsPage(r, listSpec{filters: []string{"phone_number", "email"}}, func(t *tx) inOrder[*contact] {
		found := t.contacts.order
		if phone != "" {
			found = t.contactsWithPhone(phone)
		}
		if r.searchLag > 0 {
			found = found.between(0, t.now.Add(-r.searchLag).Unix())
		}
		if email != "" {
			found = slices.DeleteFunc(slices.Clone(found), func(c *contact) bool { return !c.hasEmail(email) })
		}
		return found
	})
}

// contactsPage answers with a page of the contacts that find returns.
func contactsPage(r *request, spec listSpec, find func(*tx) inOrder[*contact]) (reply, error) {
	spec.windowed, spec.ordered, spec.byUpdate = true, true, true
	l, err := r.listing(spec)
	if err != nil {
		return reply{}, err
	}
	var views []raw
	err = r.do(func(t *tx) error {
		found := find(t).between(l.from, l.to)
		if l.byUpdate {
			found = slices.Clone(found)
			slices.SortStableFunc(found, func(a, b *contact) int { return cmp.Compare(a.Updated, b.Updated) })
		}
		views = collect(&l, found, nil, t.contactJSON)
		return nil
	})
	return r.list("contacts", views, l), err
}

func createContact(r *request, in object) (reply, error) {
	return contacts.answer(r, 201, func(t *tx) (*contact, error) {
		c := new(contact)
		if err := c.set(in); err != nil {
			return nil, err
		}
		var err error
		if c.Phones, err = readDetails(in, phoneDetails, r.assume); err != nil {
			return nil, err
		}
		if c.Emails, err = readDetails(in, emailDetails, r.assume); err != nil {
			return nil, err
		}
		t.addContact(c)
		t.emitContact("contact.created", c)
		return c, nil
	})
}

// updateContact changes the four text fields. It ignores phones and e-mails in the body without an error (recorded, and
// reported by a production client in 2026-06).
func updateContact(r *request, in object) (reply, error) {
	return contacts.change(r, 200, func(t *tx, c *contact) error {
		changed := *c
		if err := changed.set(in); err != nil {
			return err
		}
		t.changeContact(c, func() { *c = changed })
		return nil
	})
}

func deleteContact(r *request) (reply, error) {
	return contacts.remove(r, func(t *tx, c *contact) { t.emitContact("contact.deleted", c) })
}

// addContact stores c under a new id. Its e-mails get their ids before its phones (recorded).
func (t *tx) addContact(c *contact) *contact {
	c.ID = t.random.newID(&t.last.Contact)
	for _, ds := range [][]detail{c.Emails, c.Phones} {
		for i := range ds {
			ds[i].ID = t.random.newID(&t.last.Detail)
		}
	}
	c.Created, c.Updated = t.unix(), t.unix()
	t.contacts.insert(c)
	return c
}

// changeContact runs change, which changes c, and emits the event of it.
func (t *tx) changeContact(c *contact, change func()) {
	t.contacts.update(c, func() {
		change()
		c.Updated, c.encoded = t.unix(), cachedJSON{}
	})
	t.emitContact("contact.updated", c)
}

// set reads the text fields that are in the body. null clears a field. It fails if a field is blank or too long.
func (c *contact) set(in object) error {
	const most = 255 // characters
	for _, f := range []struct {
		name  string
		field **string
	}{
		{"first_name", &c.FirstName}, {"last_name", &c.LastName},
		{"company_name", &c.CompanyName}, {"information", &c.Information},
	} {
		s, state, err := in.text(f.name)
		switch {
		case err != nil:
			return err
		case state == isAbsent:
		case state == isNull:
			*f.field = nil
		case strings.TrimSpace(s) == "":
			return invalid("%s can't be blank", f.name)
		case utf8.RuneCountInString(s) > most:
			return invalid("%s is too long (maximum is %d characters)", f.name, most)
		default:
			*f.field = new(s) // s itself would be on the heap for absent fields, too
		}
	}
	return nil
}

// A detailKind is what tells phone numbers and e-mail addresses apart. Their routes do the same under different names.
type detailKind struct {
	field    string // of the contact
	envelope string // of a single one
	required bool   // in a new contact
	of       func(*contact) *[]detail
	check    func(value string) error

	checkLabel, checkText func(string) error // that label and value are not blank
}

var phoneDetails = detailKind{
	field: "phone_numbers", envelope: "phone_detail", required: true,
	checkLabel: notBlank("label of phone_detail"), checkText: notBlank("value of phone_detail"),
	of: func(c *contact) *[]detail { return &c.Phones },
	check: func(value string) error {
		if !possiblePhone(value) {
			return invalid("%q is not a valid phone number, use the E.164 format", value)
		}
		return nil
	},
}

var emailDetails = detailKind{
	field: "emails", envelope: "email_detail",
	checkLabel: notBlank("label of email_detail"), checkText: notBlank("value of email_detail"),
	of: func(c *contact) *[]detail { return &c.Emails },
	check: func(value string) error {
		if !validEmail(value) {
			return invalid("%q is not a valid email", value)
		}
		return nil
	},
}

const maxDetails = 20 // of each kind in a contact

// readDetails reads the phones or e-mails of a new contact from the body.
func readDetails(in object, kind detailKind, assume assumptions) ([]detail, error) {
	items, _, err := in.objects(kind.field)
	switch {
	case err != nil:
		return nil, err
	case kind.required && len(items) == 0:
		return nil, invalid("%s is required", kind.field)
	case len(items) == 0:
		return nil, nil
	case len(items) > maxDetails:
		return nil, invalid("%s has %d entries, the maximum is %d", kind.field, len(items), maxDetails)
	}
	ds := make([]detail, len(items))
	for i, item := range items {
		if err := ds[i].set(item, kind, true, assume); err != nil {
			return nil, err
		}
	}
	return ds, nil
}

// set reads label and value. A new detail needs both; a change may have one.
func (d *detail) set(in object, kind detailKind, whole bool, assume assumptions) error {
	err := in.setTexts(textField{"label", &d.Label, whole && !assume.optionalLabels, kind.checkLabel}, textField{"value", &d.Value, whole, kind.checkText})
	if err != nil {
		return err
	}
	return kind.check(d.Value)
}

func addDetail(kind detailKind) handler {
	return withBody(func(r *request, in object) (reply, error) {
		return r.answer(201, kind.envelope, func(t *tx) (any, error) {
			c, ok := t.contacts.get(r.id("id"))
			if !ok {
				return nil, errNotFound
			}
			var d detail
			if err := d.set(in, kind, true, r.assume); err != nil {
				return nil, err
			}
			if len(*kind.of(c)) >= maxDetails {
				return nil, invalid("%s has %d entries already, the maximum is %d", kind.field, maxDetails, maxDetails)
			}
			d.ID = t.random.newID(&t.last.Detail)
			t.changeContact(c, func() { *kind.of(c) = append(*kind.of(c), d) })
			return singleDetailView{d.ID, orNull(d.Label), d.Value}, nil
		})
	})
}

func updateDetail(kind detailKind) handler {
	return withBody(func(r *request, in object) (reply, error) {
		return r.answer(200, kind.envelope, func(t *tx) (any, error) {
			c, i, err := r.detail(t, kind)
			if err != nil {
				return nil, err
			}
			d := (*kind.of(c))[i]
			if err := d.set(in, kind, false, r.assume); err != nil {
				return nil, err
			}
			t.changeContact(c, func() { (*kind.of(c))[i] = d })
			return singleDetailView{d.ID, orNull(d.Label), d.Value}, nil
		})
	})
}

func deleteDetail(kind detailKind) handler {
	return func(r *request) (reply, error) {
		return r.noContent(func(t *tx) error {
			c, i, err := r.detail(t, kind)
			if err == nil {
				t.changeContact(c, func() { *kind.of(c) = slices.Delete(*kind.of(c), i, i+1) })
			}
			return err
		})
	}
}

// detail finds the detail of the path: it returns the contact and the index in the contact's details of the kind.
func (r *request) detail(t *tx, kind detailKind) (c *contact, i int, err error) {
	c, ok := t.contacts.get(r.id("id"))
	if !ok {
		return nil, 0, errNotFound
	}
	i = slices.IndexFunc(*kind.of(c), func(d detail) bool { return d.ID == r.id("detail_id") })
	if i < 0 {
		return nil, 0, errNotFound
	}
	return c, i, nil
}

// validEmail reports whether s is an address with a dotted domain and nothing else. Aircall does not document what it
// accepts.
func validEmail(s string) bool {
	if local, domain, ok := strings.Cut(s, "@"); ok && plainWords(local) && plainWords(domain) && strings.Contains(domain, ".") {
		return true // as nearly all are, without the parser
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return false
	}
	domain := s[strings.LastIndexByte(s, '@')+1:]
	return strings.Contains(domain, ".") && !strings.ContainsAny(domain, "[]")
}

// plainWords reports whether s is words of ASCII letters and digits with a dot or a dash between them.
func plainWords(s string) bool {
	between := true
	for _, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && (between || c != '.' && c != '-') {
			return false
		}
		between = !letter
	}
	return !between
}

// A phoneIndex finds contacts by the digits of their phone numbers.
type phoneIndex struct {
	contacts map[string]inOrder[*contact]
	version  uint64 // of the table it was made from
}

// contactsWithPhone returns the contacts that have a number, given in digits.
func (t *tx) contactsWithPhone(number string) inOrder[*contact] {
	if t.byPhone.contacts == nil || t.byPhone.version != t.contacts.version {
		t.byPhone = phoneIndex{make(map[string]inOrder[*contact], len(t.contacts.order)), t.contacts.version}
		for _, c := range t.contacts.order {
			for _, p := range c.Phones {
				key := digits(p.Value)
				t.byPhone.contacts[key] = t.byPhone.contacts[key].with(c)
			}
		}
	}
	return t.byPhone.contacts[number]
}
