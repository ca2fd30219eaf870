package fakeaircall

import (
	"encoding/json"
	"fmt"
	"slices"

	"pgregory.net/rapid"
)

func (m *machine) createContact() {
	phones := make([]string, rapid.IntRange(0, 2).Draw(m.T, "phones"))
	c := &modelContact{}
	good := len(phones) > 0
	body := map[string]any{}
	if rapid.Bool().Draw(m.T, "named") {
		name := m.name()
		body["first_name"], c.First = name, &name
		good = good && !blank(name)
	}
	list := []map[string]string{}
	for range phones {
		value := m.phone()
		list = append(list, map[string]string{"label": "Work", "value": value})
		c.Phones = append(c.Phones, modelDetail{0, "Work", value})
		good = good && validPhone(value)
	}
	body["phone_numbers"] = list
	if rapid.Bool().Draw(m.T, "e-mail") {
		value := m.email()
		body["emails"] = []map[string]string{{"label": "Home", "value": value}}
		c.Emails = []modelDetail{{0, "Home", value}}
		good = good && validMail(value)
	}
	status, reply := m.send("POST", "/v1/contacts", body)
	if m.want(status, good, 201, 400) {
		made := reply.object("contact")
		for i, p := range made.list("phone_numbers") {
			c.Phones[i].ID = p.int("id")
		}
		for i, p := range made.list("emails") {
			c.Emails[i].ID = p.int("id")
		}
		m.model.contacts[made.int("id")] = c
	}
}

func (m *machine) updateContact() {
	id := draw(m, m.model.contacts)
	c, exists := m.model.contacts[id]
	field := rapid.SampledFrom([]string{"first_name", "last_name", "company_name", "information"}).Draw(m.T, "field")
	name := m.name()
	var value any = name
	clear := rapid.IntRange(0, 3).Draw(m.T, "clear") == 0
	if clear {
		value = nil
	}
	status, _ := m.send("POST", fmt.Sprintf("/v1/contacts/%d", id), map[string]any{field: value, "emails": []any{}})
	if !exists {
		m.want(status, false, 200, 404)
	} else if m.want(status, clear || !blank(name), 200, 400) {
		p := map[string]**string{"first_name": &c.First, "last_name": &c.Last, "company_name": &c.Company, "information": &c.Information}[field]
		*p = &name
		if clear {
			*p = nil
		}
	}
}

func (m *machine) deleteContact() {
	id := draw(m, m.model.contacts)
	_, exists := m.model.contacts[id]
	status, _ := m.send("DELETE", fmt.Sprintf("/v1/contacts/%d", id), nil)
	m.want(status, exists, 204, 404)
	delete(m.model.contacts, id)
}

// details draws a contact and one of its two lists.
func (m *machine) details() (path string, list *[]modelDetail, value string, valid bool) {
	id := draw(m, m.model.contacts)
	c := m.model.contacts[id]
	if c == nil {
		c = &modelContact{}
	}
	if rapid.Bool().Draw(m.T, "phone or e-mail") {
		value = m.phone()
		return fmt.Sprintf("/v1/contacts/%d/phone_details", id), &c.Phones, value, validPhone(value)
	}
	value = m.email()
	return fmt.Sprintf("/v1/contacts/%d/email_details", id), &c.Emails, value, validMail(value)
}

func (m *machine) addDetail() {
	path, list, value, valid := m.details()
	status, reply := m.send("POST", path, map[string]any{"label": "New", "value": value})
	if _, exists := m.model.contacts[m.idIn(path)]; !exists {
		m.want(status, false, 201, 404)
	} else if m.want(status, valid && len(*list) < 20, 201, 400) {
		for _, single := range reply.fields {
			var d object
			json.Unmarshal([]byte(single.value), &d)
			*list = append(*list, modelDetail{d.int("id"), "New", value})
		}
	}
}

func (m *machine) updateDetail() {
	path, list, value, valid := m.details()
	i := m.entry(*list)
	status, _ := m.send("PUT", fmt.Sprintf("%s/%d", path, m.entryID(*list, i)), map[string]any{"value": value})
	if i < 0 {
		m.want(status, false, 200, 404)
	} else if m.want(status, valid, 200, 400) {
		(*list)[i].Value = value
	}
}

func (m *machine) deleteDetail() {
	path, list, _, _ := m.details()
	i := m.entry(*list)
	status, _ := m.send("DELETE", fmt.Sprintf("%s/%d", path, m.entryID(*list, i)), nil)
	if m.want(status, i >= 0, 204, 404) {
		*list = slices.Delete(*list, i, i+1)
	}
}

// entry draws a place in the list, or -1.
func (m *machine) entry(list []modelDetail) int {
	return rapid.IntRange(-1, len(list)-1).Draw(m.T, "entry")
}

func (m *machine) entryID(list []modelDetail, i int) int {
	if i < 0 {
		return 999_999_998
	}
	return list[i].ID
}

func (m *machine) idIn(path string) (id int) {
	fmt.Sscanf(path, "/v1/contacts/%d/", &id)
	return id
}
