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
// A service of its own (Node and Express) answers these routes: meta stands
// before the list, errors carry no success member, and updating is a POST.
// Operations that are spoken of elsewhere.
const (
	searchContactsOp = "search-contacts"
	createContactOp  = "create-a-contact"
)

func contactRoutes() []route {
	return []route{
		{"list-all-contacts", "GET", "/v1/contacts", expressTier, listContacts},
		{searchContactsOp, "GET", "/v1/contacts/search", expressTier, searchContacts},
		{"retrieve-a-contact", "GET", "/v1/contacts/{id}", expressTier, retrieveContact},
		{createContactOp, "POST", "/v1/contacts", expressTier, createContact},
		{"update-a-contact", "POST", "/v1/contacts/{id}", expressTier, updateContact},
		{"delete-a-contact", "DELETE", "/v1/contacts/{id}", expressTier, deleteContact},
		{"add-phone-number-to-a-contact", "POST", "/v1/contacts/{id}/phone_details", expressTier, addDetail(phoneDetails)},
		{"update-phone-number-to-a-contact", "PUT", "/v1/contacts/{id}/phone_details/{detail_id}", expressTier, updateDetail(phoneDetails)},
		{"delete-phone-number-from-a-contact", "DELETE", "/v1/contacts/{id}/phone_details/{detail_id}", expressTier, deleteDetail(phoneDetails)},
		{"add-email-to-a-contact", "POST", "/v1/contacts/{id}/email_details", expressTier, addDetail(emailDetails)},
		{"update-email-to-a-contact", "PUT", "/v1/contacts/{id}/email_details/{detail_id}", expressTier, updateDetail(emailDetails)},
		{"delete-email-from-a-contact", "DELETE", "/v1/contacts/{id}/email_details/{detail_id}", expressTier, deleteDetail(emailDetails)},
	}
}

type contact struct {
	ID          int64    `json:"id,omitzero"`
	Created     int64    `json:"created,omitzero"`
	Updated     int64    `json:"updated,omitzero"`
	FirstName   *string  `json:"first_name,omitzero"`
	LastName    *string  `json:"last_name,omitzero"`
	Information *string  `json:"information,omitzero"`
	CompanyName *string  `json:"company_name,omitzero"`
	Phones      []detail `json:"phones,omitzero"`
	Emails      []detail `json:"emails,omitzero"`
	UserID      int64    `json:"user_id,omitzero"` // the user this contact was made for; 0 for all others

	encoded cachedJSON
}

func (c *contact) identity() (id, created int64) { return c.ID, c.Created }

// contacts keeps a company's contacts, and those that have a phone number.
type contacts struct {
	table[*contact]
	byPhone map[string][]int64 // ids by digits
}

func (c *contact) clone() *contact {
	v := *c
	v.Phones, v.Emails, v.encoded = slices.Clone(c.Phones), slices.Clone(c.Emails), cachedJSON{}
	return &v
}

// detail is one phone number or e-mail address of a contact. Phones and e-mails
// draw their ids from one sequence (recorded 2026-06-19).
type detail struct {
	ID    int64  `json:"id,omitzero"`
	Label string `json:"label,omitzero"`
	Value string `json:"value,omitzero"`
}

type contactView struct {
	ID           int64        `json:"id"`
	CreatedAt    int64        `json:"created_at"`
	UpdatedAt    int64        `json:"updated_at"`
	FirstName    *string      `json:"first_name"`
	LastName     *string      `json:"last_name"`
	Information  *string      `json:"information"`
	CompanyName  *string      `json:"company_name"`
	IsShared     bool         `json:"is_shared"`
	DirectLink   string       `json:"direct_link"`
	PhoneNumbers []detailView `json:"phone_numbers"`
	Emails       []detailView `json:"emails"`
}

// detailView in a contact begins with the value; alone, in the reply to a
// change, with the id.
type detailView struct {
	Value string `json:"value"`
	ID    int64  `json:"id"`
	Label string `json:"label"`
}

type singleDetailView struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
	Value string `json:"value"`
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
		IsShared:     true, // private contacts are invisible here
		DirectLink:   link("/v1/contacts/", c.ID),
		PhoneNumbers: viewDetails(c.Phones),
		Emails:       viewDetails(c.Emails),
	}
}

// contactJSON is the view of c, ready to be sent.
func (t *tx) contactJSON(c *contact) raw {
	return t.encoding(&c.encoded, cacheKey{}, func() any { return viewContact(c) })
}

func viewDetails(ds []detail) []detailView {
	views := make([]detailView, len(ds))
	for i, d := range ds {
		views[i] = detailView{Value: d.Value, ID: d.ID, Label: d.Label}
	}
	return views
}

func listContacts(r *request) (reply, error) {
	// Without parameters the list comes by 50, the search by 20: one
	// recording of 2026-06-19, against a documented 20.
	return pageOfContacts(r, listSpec{
		windowed: true, ordered: true, byUpdate: true,
		perPage: r.assume.contactsPerPage,
	}, nil)
}

func searchContacts(r *request) (reply, error) {
	phone := digits(r.query.Get("phone_number"))
	email := r.query.Get("email")
	return pageOfContacts(r, listSpec{
		windowed: true, ordered: true, byUpdate: true,
		filters: []string{"phone_number", "email"},
	}, func(t *tx) (inOrder[*contact], func(*contact) bool) {
		found := t.contacts.order
		if phone != "" {
			found = t.contactsWithPhone(phone)
		}
		if r.searchLag > 0 {
			found = found.between(0, t.now.Add(-r.searchLag).Unix())
		}
		if email == "" {
			return found, nil
		}
		return found, func(c *contact) bool { return c.hasEmail(email) }
	})
}

// pageOfContacts lists those that find finds; nil finds all.
func pageOfContacts(r *request, spec listSpec, find func(*tx) (inOrder[*contact], func(*contact) bool)) (reply, error) {
	l, err := r.listing(spec)
	if err != nil {
		return reply{}, err
	}
	var views []raw
	err = r.do(func(t *tx) error {
		found := t.contacts.order
		var match func(*contact) bool
		if find != nil {
			found, match = find(t)
		}
		found = found.between(l.from, l.to)
		if l.byUpdate {
			found = slices.Clone(found)
			slices.SortStableFunc(found, func(a, b *contact) int { return cmp.Compare(a.Updated, b.Updated) })
		}
		views = collect(&l, found, match, t.contactJSON)
		return nil
	})
	return r.list("contacts", views, l), err
}

func retrieveContact(r *request) (reply, error) {
	return r.withContact(func(*tx, *contact) error { return nil })
}

func createContact(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	var c contact
	if err := c.set(in); err != nil {
		return reply{}, err
	}
	phones, err := readDetails(in, phoneDetails)
	if err != nil {
		return reply{}, err
	}
	emails, err := readDetails(in, emailDetails)
	if err != nil {
		return reply{}, err
	}
	var view raw
	err = r.do(func(t *tx) error {
		c.Emails, c.Phones = emails, phones
		view = t.contactJSON(t.addContact(&c))
		t.emitContact("contact.created", &c)
		return nil
	})
	return one(201, "contact", view), err
}

// updateContact changes the four text fields. Phones and e-mails in the body are
// ignored without an error (recorded, and reported by a production client in 2026-06).
func updateContact(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	return r.withContact(func(t *tx, c *contact) error {
		changed := *c
		if err := changed.set(in); err != nil {
			return err
		}
		changed.Updated = t.unix()
		t.contacts.update(c, func() { *c = changed })
		t.emitContact("contact.updated", c)
		return nil
	})
}

func deleteContact(r *request) (reply, error) {
	err := r.do(func(t *tx) error {
		c, ok := t.contacts.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		t.contacts.remove(c.ID)
		t.emitContact("contact.deleted", c)
		return nil
	})
	return reply{status: 204}, err
}

// withContact runs f on the contact of the path and answers with it as it is then.
func (r *request) withContact(f func(*tx, *contact) error) (reply, error) {
	var view raw
	err := r.do(func(t *tx) error {
		c, ok := t.contacts.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		if err := f(t, c); err != nil {
			return err
		}
		view = t.contactJSON(c)
		return nil
	})
	return one(200, "contact", view), err
}

// set reads the text fields that stand in the body. A field that is there may
// not be blank; null clears it.
func (c *contact) set(in object) error {
	for _, f := range []struct {
		name  string
		field **string
		most  int
	}{
		{"first_name", &c.FirstName, 255},
		{"last_name", &c.LastName, 255},
		{"company_name", &c.CompanyName, 255},
		{"information", &c.Information, 255},
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
		case utf8.RuneCountInString(s) > f.most:
			return invalid("%s is too long (maximum is %d characters)", f.name, f.most)
		default:
			*f.field = new(s)
		}
	}
	return nil
}

func (c *contact) hasEmail(address string) bool {
	return slices.ContainsFunc(c.Emails, func(d detail) bool { return strings.EqualFold(d.Value, address) })
}

// addContact stores c under a new id. E-mails are numbered before phones (recorded).
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

func newContacts() contacts {
	return contacts{newTable[*contact](), make(map[string][]int64)}
}

func (s *contacts) insert(c *contact) {
	s.table.insert(c)
	s.indexPhones(c)
}

// update runs change, which changes c, and keeps the index of phones right.
func (s *contacts) update(c *contact, change func()) {
	s.unindexPhones(c)
	s.table.update(c, change)
	s.indexPhones(c)
	c.encoded = cachedJSON{}
}

func (s *contacts) remove(id int64) bool {
	if c, ok := s.get(id); ok {
		s.unindexPhones(c)
	}
	return s.table.remove(id)
}

func (s *contacts) copy() contacts {
	c := contacts{s.table.copy(), make(map[string][]int64, len(s.byPhone))}
	for phone, ids := range s.byPhone {
		c.byPhone[phone] = slices.Clone(ids)
	}
	return c
}

// ready sorts and indexes what was read.
func (s *contacts) ready() {
	s.table.ready()
	for _, c := range s.order {
		s.indexPhones(c)
	}
}

// indexPhones adds a contact that is not in the index: if it has a number twice,
// it is then the last one with that number.
func (s *contacts) indexPhones(c *contact) {
	for _, p := range c.Phones {
		key := digits(p.Value)
		if ids := s.byPhone[key]; len(ids) == 0 || ids[len(ids)-1] != c.ID {
			s.byPhone[key] = append(ids, c.ID)
		}
	}
}

func (s *contacts) unindexPhones(c *contact) {
	for _, p := range c.Phones {
		key := digits(p.Value)
		s.byPhone[key] = slices.DeleteFunc(s.byPhone[key], func(id int64) bool { return id == c.ID })
		if len(s.byPhone[key]) == 0 {
			delete(s.byPhone, key)
		}
	}
}

// contactsWithPhone are those that have a number, given in digits.
func (t *tx) contactsWithPhone(number string) inOrder[*contact] {
	var found inOrder[*contact]
	for _, id := range t.contacts.byPhone[number] {
		if c, ok := t.contacts.get(id); ok {
			found = found.with(c)
		}
	}
	return found
}

// validEmail accepts an address with a dotted domain and nothing around it.
// What Aircall accepts is not documented.
func validEmail(s string) bool { return plainEmail(s) || parsedEmail(s) }

func parsedEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return false
	}
	domain := s[strings.LastIndexByte(s, '@')+1:]
	return strings.Contains(domain, ".") && !strings.ContainsAny(domain, "[]")
}

// plainEmail is a quick yes to what nearly all addresses are: words of letters and
// digits, with dots and dashes between them.
func plainEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && plainWords(local) && plainWords(domain) && strings.Contains(domain, ".")
}

func plainWords(s string) bool {
	between := true // two words
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			between = false
		case (c == '.' || c == '-') && !between:
			between = true
		default:
			return false
		}
	}
	return !between
}

// detailKind tells phone numbers and e-mail addresses of a contact apart: they
// have the same routes under two names.
type detailKind struct {
	field    string // of the contact
	envelope string // of a single one
	required bool   // on create
	of       func(*contact) *[]detail
	check    func(string) error
}

// A contact has at most 20 of each.
const maxDetails = 20

var phoneDetails = detailKind{
	field: "phone_numbers", envelope: "phone_detail", required: true,
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
	of: func(c *contact) *[]detail { return &c.Emails },
	check: func(value string) error {
		if !validEmail(value) {
			return invalid("%q is not a valid email", value)
		}
		return nil
	},
}

// readDetails is the list of the kind in a new contact's body.
func readDetails(in object, kind detailKind) ([]detail, error) {
	items, state, err := in.objects(kind.field)
	switch {
	case err != nil:
		return nil, err
	case kind.required && len(items) == 0:
		return nil, invalid("%s is required", kind.field)
	case state != isPresent:
		return nil, nil
	case len(items) > maxDetails:
		return nil, invalid("%s has %d entries, the maximum is %d", kind.field, len(items), maxDetails)
	}
	ds := make([]detail, len(items))
	for i, item := range items {
		if err := ds[i].set(item, kind, true); err != nil {
			return nil, err
		}
	}
	return ds, nil
}

// set reads label and value. Both are required of a new entry; a change may name one.
func (d *detail) set(in object, kind detailKind, whole bool) error {
	for _, f := range []struct {
		name  string
		field *string
	}{{"label", &d.Label}, {"value", &d.Value}} {
		s, state, err := in.text(f.name)
		switch {
		case err != nil:
			return err
		case state == isAbsent && !whole:
		case strings.TrimSpace(s) == "":
			return invalid("%s of %s can't be blank", f.name, kind.envelope)
		default:
			*f.field = s
		}
	}
	return kind.check(d.Value)
}

func addDetail(kind detailKind) handler {
	return func(r *request) (reply, error) {
		in, err := r.object()
		if err != nil {
			return reply{}, err
		}
		var d detail
		err = r.do(func(t *tx) error {
			c, ok := t.contacts.get(r.id("id"))
			if !ok {
				return errNotFound
			}
			if err := d.set(in, kind, true); err != nil {
				return err
			}
			if len(*kind.of(c)) >= maxDetails {
				return invalid("%s has %d entries already, the maximum is %d", kind.field, maxDetails, maxDetails)
			}
			d.ID = t.random.newID(&t.last.Detail)
			t.changeDetails(c, func() { *kind.of(c) = append(*kind.of(c), d) })
			return nil
		})
		return one(201, kind.envelope, singleDetailView{d.ID, d.Label, d.Value}), err
	}
}

func updateDetail(kind detailKind) handler {
	return func(r *request) (reply, error) {
		in, err := r.object()
		if err != nil {
			return reply{}, err
		}
		var d detail
		err = r.withDetail(kind, func(t *tx, c *contact, i int) error {
			d = (*kind.of(c))[i]
			if err := d.set(in, kind, false); err != nil {
				return err
			}
			t.changeDetails(c, func() { (*kind.of(c))[i] = d })
			return nil
		})
		return one(200, kind.envelope, singleDetailView{d.ID, d.Label, d.Value}), err
	}
}

func deleteDetail(kind detailKind) handler {
	return func(r *request) (reply, error) {
		err := r.withDetail(kind, func(t *tx, c *contact, i int) error {
			t.changeDetails(c, func() { *kind.of(c) = slices.Delete(*kind.of(c), i, i+1) })
			return nil
		})
		return reply{status: 204}, err
	}
}

// withDetail runs f on the entry of the path, given by its contact and place.
func (r *request) withDetail(kind detailKind, f func(*tx, *contact, int) error) error {
	return r.do(func(t *tx) error {
		c, ok := t.contacts.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		i := slices.IndexFunc(*kind.of(c), func(d detail) bool { return d.ID == r.id("detail_id") })
		if i < 0 {
			return errNotFound
		}
		return f(t, c, i)
	})
}

// changeDetails changes phones or e-mails.
func (t *tx) changeDetails(c *contact, change func()) {
	t.contacts.update(c, func() {
		change()
		c.Updated = t.unix()
	})
	t.emitContact("contact.updated", c)
}
