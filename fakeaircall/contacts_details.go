package fakeaircall

import (
	"slices"
	"strings"
)

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
