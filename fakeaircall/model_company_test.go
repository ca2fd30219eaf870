package fakeaircall

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// Users, teams and tags.

func (m *machine) tag(id int) (body map[string]any, g modelTag, good bool) {
	g = modelTag{m.name(), rapid.SampledFrom([]string{"#AA3300", "#00ff00", "red"}).Draw(m.T, "color")}
	good = !blank(g.Name) && g.Color != "red"
	for other, t := range m.model.tags {
		good = good && (other == id || t.Name != strings.TrimSpace(g.Name))
	}
	return map[string]any{"name": g.Name, "color": g.Color, "description": "x"}, g, good
}

func (m *machine) createTag() {
	body, g, good := m.tag(0)
	status, reply := m.send("POST", "/v1/tags", body)
	if m.want(status, good, 201, 400) {
		m.model.tags[reply.object("tag").int("id")] = g
	}
}

func (m *machine) updateTag() {
	id := draw(m, m.model.tags)
	_, exists := m.model.tags[id]
	body, g, good := m.tag(id)
	status, _ := m.send("PUT", fmt.Sprintf("/v1/tags/%d", id), body)
	if !exists {
		m.want(status, false, 200, 404)
	} else if m.want(status, good, 200, 400) {
		m.model.tags[id] = g
	}
}

func (m *machine) deleteTag() {
	id := draw(m, m.model.tags)
	_, exists := m.model.tags[id]
	status, _ := m.send("DELETE", fmt.Sprintf("/v1/tags/%d", id), nil)
	m.want(status, exists, 204, 404)
	delete(m.model.tags, id)
	for _, c := range m.model.calls {
		c.Tags = slices.DeleteFunc(c.Tags, func(t int) bool { return t == id })
	}
}

func (m *machine) createTeam() {
	name, taken := m.name(), false
	for _, t := range m.model.teams {
		taken = taken || t.Name == name
	}
	status, reply := m.send("POST", "/v1/teams", map[string]any{"name": name})
	bad := 400
	if taken {
		bad = 422
	}
	if m.want(status, !blank(name) && !taken, 201, bad) {
		m.model.teams[reply.object("team").int("id")] = &modelTeam{Name: name}
	}
}

func (m *machine) deleteTeam() {
	id := draw(m, m.model.teams)
	_, exists := m.model.teams[id]
	status, _ := m.send("DELETE", fmt.Sprintf("/v1/teams/%d", id), nil)
	m.want(status, exists, 204, 404)
	delete(m.model.teams, id)
}

func (m *machine) join() { m.member("POST", 201) }

func (m *machine) leave() { m.member("DELETE", 200) }

func (m *machine) member(method string, success int) {
	id, user := draw(m, m.model.teams), draw(m, m.model.users)
	team, exists := m.model.teams[id]
	_, known := m.model.users[user]
	status, _ := m.send(method, fmt.Sprintf("/v1/teams/%d/users/%d", id, user), nil)
	if !exists || !known {
		m.want(status, false, success, 404)
		return
	}
	i := slices.Index(team.Members, user)
	if !m.want(status, (i < 0) == (method == "POST"), success, 422) {
		return
	}
	if i < 0 {
		team.Members = append(team.Members, user)
	} else {
		team.Members = slices.Delete(team.Members, i, i+1)
	}
}

func (m *machine) createUser() {
	u := modelUser{m.name(), m.name(), m.email()}
	status, reply := m.send("POST", "/v2/users", map[string]any{"first_name": u.First, "last_name": u.Last, "email": u.Email})
	bad, good := 400, validMail(u.Email) && !blank(u.First) && !blank(u.Last)
	for _, other := range m.model.users {
		if strings.EqualFold(other.Email, u.Email) {
			bad, good = 422, false
		}
	}
	if !m.want(status, good, 201, bad) {
		return
	}
	id := reply.object("user").int("id")
	m.model.users[id] = u
	for _, c := range m.read("/v1/contacts/search?email="+u.Email+"&order=desc&per_page=1", "contacts") {
		company := c.str("company_name")
		m.model.contacts[c.int("id")] = &modelContact{First: &u.First, Last: &u.Last, Company: &company, user: id,
			Emails: []modelDetail{{c.list("emails")[0].int("id"), "Work", u.Email}}}
	}
}

func (m *machine) updateUser() {
	id := draw(m, m.model.users)
	u, exists := m.model.users[id]
	u.First = m.name()
	status, _ := m.send("PUT", fmt.Sprintf("/v2/users/%d", id), map[string]any{"first_name": u.First})
	if !exists {
		m.want(status, false, 200, 404)
	} else if m.want(status, !blank(u.First), 200, 400) {
		m.model.users[id] = u
	}
}

func (m *machine) deleteUser() {
	id := draw(m, m.model.users)
	_, exists := m.model.users[id]
	status, _ := m.send("DELETE", fmt.Sprintf("/v1/users/%d", id), nil)
	m.want(status, exists, 204, 404)
	delete(m.model.users, id)
	delete(m.model.campaigns, id)
	for _, t := range m.model.teams {
		t.Members = slices.DeleteFunc(t.Members, func(u int) bool { return u == id })
	}
	for cid, c := range m.model.contacts {
		if c.user == id && exists {
			delete(m.model.contacts, cid)
		}
	}
}
