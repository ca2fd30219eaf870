package binding

import (
	"cmp"
	"strings"
)

// A derivation adds fields to a member of a result. The manual lists them.
type derivation struct {
	add    func(*value)
	fields []string
}

// derivations are by the name of the member.
var derivations = map[string]derivation{
	"call": {deriveCall, callFields}, "calls": {each(deriveCall), callFields},
	"contact": {deriveContact, contactFields}, "contacts": {each(deriveContact), contactFields},
	"user": {deriveUser, userFields}, "users": {each(deriveUser), userFields},
	"number": {deriveNumber, numberFields}, "numbers": {each(deriveNumber), numberFields},
}

var (
	callFields = []string{
		"- `from` and `to`: of `raw_digits`, `number.digits` and `direction`; `\"unknown\"` without them",
		"- `duration`: 0",
		"- `first_name` and `last_name` of `user`, `assigned_to`, `transferred_by` and `transferred_to`: `name`, cut at its first space",
		"- `number.number`: `number.digits`",
		"- of `contact`, what a contact has",
	}
	contactFields = []string{
		"- `first_name`, `last_name`, `company_name` and `information`: `\"\"`",
		"- `label` and `value` in `phone_numbers` and `emails`: `\"\"`",
	}
	userFields   = []string{"- `first_name` and `last_name`: `name`, cut at its first space"}
	numberFields = []string{
		"- `number`: `digits`, or `\"unknown\"`",
		"- `first_name` and `last_name` in `users`: `name`, cut at its first space",
	}
)

// derive adds the fields that the documentation promises and Aircall does not send. It does not change a field that
// Aircall sent, unless it is null.
func (c *call) derive(envelope *value) {
	if c.plain || envelope.kind != kindObject {
		return
	}
	for i := range envelope.members {
		if d, ok := derivations[envelope.members[i].name]; ok {
			d.add(&envelope.members[i].value)
		}
	}
}

func each(add func(*value)) func(*value) {
	return func(list *value) {
		for i := range list.items() {
			add(&list.list[i])
		}
	}
}

// fill sets a member that is absent or null.
func (v *value) fill(name string, to any) {
	if v.kind == kindObject && v.get(name).null() {
		v.set(name, to)
	}
}

func deriveCall(call *value) {
	if call.null() {
		return
	}
	for _, name := range []string{"user", "assigned_to", "transferred_by", "transferred_to"} {
		deriveUser(call.get(name))
	}
	deriveContact(call.get("contact"))
	deriveNumber(call.get("number"))
	theirs, ours := call.get("raw_digits").str(), call.get("number").get("digits").str()
	var from, to string
	switch call.get("direction").str() {
	case "inbound":
		from, to = theirs, ours
	case "outbound":
		from, to = ours, theirs
	}
	call.fill("from", cmp.Or(from, "unknown"))
	call.fill("to", cmp.Or(to, "unknown"))
	call.fill("duration", 0)
}

func deriveUser(user *value) {
	if user.null() {
		return
	}
	first, last, _ := strings.Cut(strings.TrimSpace(user.get("name").str()), " ")
	user.fill("first_name", first)
	user.fill("last_name", strings.TrimSpace(last))
}

func deriveNumber(number *value) {
	if number.null() {
		return
	}
	number.fill("number", cmp.Or(number.get("digits").str(), "unknown"))
	each(deriveUser)(number.get("users"))
}

func deriveContact(contact *value) {
	if contact.null() {
		return
	}
	for _, name := range []string{"first_name", "last_name", "company_name", "information"} {
		contact.fill(name, "")
	}
	for _, list := range detailLists {
		entries := contact.get(list.field)
		for i := range entries.items() {
			entries.list[i].fill("label", "")
			entries.list[i].fill("value", "")
		}
	}
}
