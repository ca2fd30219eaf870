package traffic

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

func statusText(status int) string { return strconv.Itoa(status) }

// contactRules read contacts, and what was sent to change them.
var contactRules = []rule{
	// Members of phone numbers and e-mails. Their order was recorded in three forms, so that only the set of them counts.
	{id: "contact-entry-order", shape: true, look: func(x *exchange) finding {
		result := nothing
		for _, c := range x.contacts() {
			for _, e := range slices.Concat(objects(dig(c, "phone_numbers")), objects(dig(c, "emails"))) {
				members := keys(e)
				slices.Sort(members)
				if !slices.Equal(members, []string{"id", "label", "value"}) {
					return holds(false)
				}
				result = holds(true)
			}
		}
		return result
	}},

	// The phone numbers that a request sends, the status, and the ones that the reply has.
	{id: "contact-phone", look: func(x *exchange) finding {
		sent := x.sentDetails("phone")
		if len(sent) == 0 || x.throttled() || x.Status == 404 {
			return nothing
		}
		form, labels := true, true
		for _, d := range sent {
			form = form && wellFormedPhone(text(d, "value"))
			labels = labels && text(d, "label") != ""
		}
		switch {
		case x.Status/100 == 2 && !form:
			return holds(false)
		case x.Status/100 == 2:
			return holds(!x.isJSON || repeats(x.gotPhones(), sent))
		case x.Status == 400 && !form && labels:
			return holds(true)
		}
		return nothing
	}},

	// The status of a phone number or e-mail without a label.
	{id: "contact-label", look: func(x *exchange) finding {
		phones, emails := x.sentDetails("phone"), x.sentDetails("email")
		without := func(d orderedjson.Object) bool { return !has(d, "label") }
		if !slices.ContainsFunc(slices.Concat(phones, emails), without) || x.throttled() || x.Method == "PUT" {
			return nothing
		}
		for _, d := range phones {
			if !wellFormedPhone(text(d, "value")) {
				return nothing
			}
		}
		switch x.Status {
		case 400:
			return only("required")
		case 200, 201:
			return only("optional")
		}
		return nothing
	}},

	// The status of an update of one field with a blank text, and with null.
	{id: "contact-blank", look: func(x *exchange) finding {
		sent := object(x.sent)
		if !x.is("update-a-contact") || len(sent) != 1 || x.throttled() {
			return nothing
		}
		if !slices.Contains([]string{"first_name", "last_name", "company_name", "information"}, sent[0].Key) {
			return nothing
		}
		switch value := sent[0].Value; {
		case value == "" && x.Status == 400, value == nil && x.Status == 200:
			return holds(true)
		case value == "" && x.Status == 200, value == nil && x.Status == 400:
			return holds(false)
		}
		return nothing
	}},

	// The contacts that a search by both a phone number and an e-mail finds.
	{id: "contact-search-both", look: func(x *exchange) finding {
		email, ok := x.param("email")
		phone, both := x.param("phone_number")
		if !x.is("search-contacts") || !ok || !both || !x.ok() {
			return nothing
		}
		result := nothing
		for _, c := range x.contacts() {
			if !hasValue(dig(c, "emails"), email) || !hasPhone(dig(c, "phone_numbers"), phone) {
				return holds(false)
			}
			result = holds(true)
		}
		return result
	}},
}

var phoneForm = regexp.MustCompile(`^\+[0-9 .()\-]+$`)

// wellFormedPhone reports whether a text is a plus and 4 to 15 digits, with blanks, dots, dashes and brackets.
func wellFormedPhone(s string) bool {
	n := len(onlyDigits(s))
	return phoneForm.MatchString(s) && n >= 4 && n <= 15
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// sentDetails returns the phone numbers or e-mails that a request sends. Creating a contact takes a list of them, its
// sub-resources take one.
func (x *exchange) sentDetails(what string) []orderedjson.Object {
	sent := object(x.sent)
	switch {
	case x.kind != withAPI || sent == nil:
		return nil
	case x.is("create-a-contact") && what == "phone":
		return objects(dig(sent, "phone_numbers"))
	case x.is("create-a-contact"):
		return objects(dig(sent, "emails"))
	case what == "phone" && x.is("add-phone-number-to-a-contact", "update-phone-number-to-a-contact") && has(sent, "value"):
		return []orderedjson.Object{sent}
	case what == "email" && x.is("add-email-to-a-contact", "update-email-to-a-contact") && has(sent, "value"):
		return []orderedjson.Object{sent}
	}
	return nil
}

// gotPhones returns the phone numbers in the reply to such a request.
func (x *exchange) gotPhones() any {
	if detail := object(x.get("phone_detail")); detail != nil {
		return []any{detail}
	}
	return x.get("contact", "phone_numbers")
}

// repeats reports whether a list has the value of each entry that was sent.
func repeats(list any, sent []orderedjson.Object) bool {
	for _, d := range sent {
		if !hasValue(list, text(d, "value")) {
			return false
		}
	}
	return true
}

func hasValue(list any, value string) bool {
	return slices.ContainsFunc(objects(list), func(o orderedjson.Object) bool { return strings.EqualFold(text(o, "value"), value) })
}

func hasPhone(list any, phone string) bool {
	return slices.ContainsFunc(objects(list), func(o orderedjson.Object) bool { return onlyDigits(text(o, "value")) == onlyDigits(phone) })
}
