package binding

import (
	"strings"
	"unicode"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func listContacts() Function {
	return Function{
		Name: "list_contacts", Effect: EffectRead,
		Description: "List contacts from Aircall with optional search and pagination.",
		Params: append(pageParams(),
			Param{Name: "q", Kind: KindQuery, Description: "Search query — search by name, phone number, or email"},
		),
		Returns: "`contacts`, a list of contacts, and `meta`.",
		Ops:     []string{"list-all-contacts", "search-contacts"},
		Example: `local result = app.integrations.aircall.list_contacts({
q = "John",
per_page = 10
})
for _, contact in ipairs(result.contacts) do
print(contact.first_name .. " " .. contact.last_name)
for _, phone in ipairs(contact.phone_numbers or {}) do
print(" " .. phone.label .. ": " .. phone.value)
end
end
`,
		handle: handleListContacts,
	}
}

// contactParams are the fields of a contact: on creation as they are to be, on update as they are to become.
func contactParams(first, last, company, information, phones, emails string, nullable bool) []Param {
	return []Param{
		{Name: "first_name", Kind: KindText, Nullable: nullable, Description: first},
		{Name: "last_name", Kind: KindText, Nullable: nullable, Description: last},
		{Name: "company_name", Kind: KindText, Nullable: nullable, Description: company},
		{Name: "information", Kind: KindText, Nullable: nullable, Description: information},
		{Name: "phone_numbers", Kind: KindPhones, Description: phones},
		{Name: "emails", Kind: KindEmails, Description: emails},
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
		Returns: "`contact`, as created.",
		Ops:     []string{"create-a-contact"},
		Example: `local result = app.integrations.aircall.create_contact({
first_name = "Jane",
last_name = "Smith",
company_name = "Acme Corp",
phone_numbers = {
{ label = "Work", value = "+33612345678" },
{ label = "Mobile", value = "+33698765432" }
},
emails = {
{ label = "Work", value = "jane@acme.com" }
}
})
print("Created contact ID: " .. result.contact.id)
`,
		check: func(a arguments) []string {
			if len(a) == 0 {
				return []string{"nothing to create, give at least one field"}
			}
			return nil
		},
		handle: func(c *call) (value, error) {
			fields := c.textFields()
			for _, list := range detailLists {
				if entries, ok := c.args[list.field].([]entry); ok {
					fields.set(list.field, entriesValue(entries))
				}
			}
			return c.do("create-a-contact", aircall.Request{Body: body(fields)})
		},
	}
}

func updateContact() Function {
	return Function{
		Name: "update_contact", Effect: EffectWrite,
		Description: "Update an existing contact in Aircall.",
		Params: append([]Param{
			{Name: "contact_id", Kind: KindID, Required: true, Description: "The unique identifier of the contact to update"},
		}, contactParams("Updated first name", "Updated last name", "Updated company name", "Updated notes",
			"Updated phone numbers (replaces all existing)", "Updated emails (replaces all existing)", true)...),
		Returns: "`contact`, as it is after the update.",
		Ops: []string{"update-a-contact", "retrieve-a-contact",
			"add-phone-number-to-a-contact", "update-phone-number-to-a-contact", "delete-phone-number-from-a-contact",
			"add-email-to-a-contact", "update-email-to-a-contact", "delete-email-from-a-contact"},
		Example: `local result = app.integrations.aircall.update_contact({
contact_id = 5678,
company_name = "New Corp",
information = "VIP client - priority support"
})
print("Updated contact: " .. result.contact.first_name .. " " .. result.contact.last_name)
`,
		check: func(a arguments) []string {
			if phones, ok := a["phone_numbers"].([]entry); ok && len(phones) == 0 {
				return []string{"phone_numbers must keep at least one entry, a contact cannot be left without"}
			}
			if len(a) == 1 {
				return []string{"nothing to update, give at least one field besides contact_id"}
			}
			return nil
		},
		handle: handleUpdateContact,
	}
}

// textFields is the body of the text arguments, in documented order.
func (c *call) textFields() value {
	fields := objectValue()
	for _, p := range c.fn.Params {
		if t, ok := c.args[p.Name].(*string); ok {
			field := value{}
			if t != nil {
				field = stringValue(*t)
			}
			fields.set(p.Name, field)
		}
	}
	return fields
}

// handleListContacts finds e-mails and telephone numbers by Aircall's search, which knows nothing else, and names by
// looking at contact after contact. The company's name is not a person's name and does not count.
func handleListContacts(c *call) (value, error) {
	query := c.pageQuery()
	q, _ := c.args["q"].(string)
	switch {
	case q == "":
		return c.do("list-all-contacts", aircall.Request{Query: query})
	case strings.Contains(q, "@"):
		query.Set("email", q)
		return c.do("search-contacts", aircall.Request{Query: query})
	}
	if phone := phoneOf(q); phone != "" {
		query.Set("phone_number", phone)
		return c.do("search-contacts", aircall.Request{Query: query})
	}
	wanted := fold(q)
	return c.find("list-all-contacts", "contacts", query, func(v *value) bool {
		first, last := fold(v.get("first_name").str()), fold(v.get("last_name").str())
		return strings.Contains(strings.TrimSpace(first+" "+last), wanted)
	})
}

// phoneOf strips a telephone number of what people write between its digits, or returns "" if q is none.
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

// fold makes names comparable: letter case and the width of gaps do not matter.
func fold(s string) string {
	s = strings.Map(func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }, s)
	return strings.Join(strings.Fields(s), " ")
}
