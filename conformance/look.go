package conformance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

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
