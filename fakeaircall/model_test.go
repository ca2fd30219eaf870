package fakeaircall

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// model is the state as one would write it down on paper: what was sent and
// accepted, by id. It knows nothing of the server but its replies.
type model struct {
	contacts map[int]*modelContact
	tags     map[int]modelTag
	teams    map[int]*modelTeam
	users    map[int]modelUser
	calls    map[int]*modelCall
}

type modelContact struct {
	First, Last, Company, Information *string
	Phones, Emails                    []modelDetail
	user                              int
}

type modelDetail struct {
	ID           int
	Label, Value string
}

type (
	modelTag  struct{ Name, Color string }
	modelTeam struct {
		Name    string
		Members []int
	}
	modelUser struct{ First, Last, Email string }
	modelCall struct {
		Archived bool
		Comments []string
		Tags     []int
	}
)

// machine drives a server and the model with the same operations.
type machine struct {
	*rapid.T
	handler http.Handler
	model   model
	steps   int
}

// TestModel takes 10,000 random steps, valid and not, and compares each reply and,
// every five steps, all that the fake holds with the model. A failure shrinks, and
// rapid prints how to replay it.
func TestModel(t *testing.T) {
	const runs, steps = 100, 100
	total := 0
	rapid.Check(t, func(rt *rapid.T) {
		srv, err := New(checked(rt, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit}))
		if err != nil {
			rt.Fatal(err)
		}
		m := &machine{T: rt, handler: srv.Handler(), model: model{
			contacts: map[int]*modelContact{}, tags: map[int]modelTag{}, teams: map[int]*modelTeam{},
			users: map[int]modelUser{}, calls: map[int]*modelCall{},
		}}
		m.begin(srv)
		operations := m.operations()
		names := slices.Sorted(maps.Keys(operations))
		for range steps {
			operations[rapid.SampledFrom(names).Draw(rt, "operation")]()
			if m.steps++; m.steps%5 == 0 {
				m.compare()
			}
		}
		total += m.steps
	})
	if !t.Failed() && total < runs*steps {
		t.Errorf("%d steps, want %d", total, runs*steps)
	}
}

// begin takes over the tags and the user that every company has, and three calls.
func (m *machine) begin(srv *Server) {
	srv.companies[0].do(noon, func(t *tx) error {
		for id := range int64(3) {
			t.calls.insert(&call{id: id + 1, started: noon.Unix() - 100 + id, ended: noon.Unix(), inbound: id%2 == 0, other: "+33 1 99 00 00 01", sid: fmt.Sprintf("CA%032d", id), cost: "0"})
			m.model.calls[int(id)+1] = &modelCall{}
		}
		return nil
	})
	for _, g := range m.read("/v1/tags?per_page=50", "tags") {
		m.model.tags[g.int("id")] = modelTag{g.str("name"), g.str("color")}
	}
	owner := m.read("/v2/users", "users")[0]
	first, last, _ := strings.Cut(owner.str("name"), " ")
	m.model.users[owner.int("id")] = modelUser{first, last, owner.str("email")}
}

// operations are drawn by name, which is what a failure shows.
func (m *machine) operations() map[string]func() {
	return map[string]func(){
		"create contact": m.createContact, "update contact": m.updateContact, "delete contact": m.deleteContact,
		"add detail": m.addDetail, "update detail": m.updateDetail, "delete detail": m.deleteDetail,
		"create tag": m.createTag, "update tag": m.updateTag, "delete tag": m.deleteTag,
		"create team": m.createTeam, "delete team": m.deleteTeam, "join": m.join, "leave": m.leave,
		"create user": m.createUser, "update user": m.updateUser, "delete user": m.deleteUser,
		"tag call": m.tagCall, "comment call": m.commentCall, "archive call": m.archiveCall,
	}
}

// Values are few, so that they collide.
func (m *machine) name() string {
	return rapid.SampledFrom([]string{"Ann", "Bo", "Çem <&>", "", " "}).Draw(m.T, "name")
}
func (m *machine) phone() string {
	return rapid.SampledFrom([]string{"+33199000001", "+33199000002", "+45 20 00-00.01", "12", ""}).Draw(m.T, "phone")
}
func (m *machine) email() string {
	return rapid.SampledFrom([]string{"a@x.test", "B@x.test", "b@x.test", "nobody", ""}).Draw(m.T, "email")
}

// draw picks an id that exists, or sometimes one that does not.
func draw[V any](m *machine, of map[int]V) int {
	ids := []int{999_999_999}
	for id := range of {
		ids = append(ids, id)
	}
	sort.Ints(ids)
	return rapid.SampledFrom(ids).Draw(m.T, "id")
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func validPhone(s string) bool { return len(s) > 4 } // of the values above

func validMail(s string) bool { return strings.Contains(s, "@") }

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
		for _, single := range reply {
			var d object
			json.Unmarshal(single, &d)
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
	for _, t := range m.model.teams {
		t.Members = slices.DeleteFunc(t.Members, func(u int) bool { return u == id })
	}
	for cid, c := range m.model.contacts {
		if c.user == id && exists {
			delete(m.model.contacts, cid)
		}
	}
}

func (m *machine) tagCall() {
	id, ids := draw(m, m.model.calls), []int{draw(m, m.model.tags), draw(m, m.model.tags)}
	c, exists := m.model.calls[id]
	status, _ := m.send("POST", fmt.Sprintf("/v1/calls/%d/tags", id), map[string]any{"tags": ids})
	good := true
	for _, tag := range ids {
		_, known := m.model.tags[tag]
		good = good && known
	}
	if !exists {
		m.want(status, false, 201, 404)
	} else if m.want(status, good, 201, 400) {
		for _, tag := range ids {
			if !slices.Contains(c.Tags, tag) {
				c.Tags = append(c.Tags, tag)
			}
		}
	}
}

func (m *machine) commentCall() {
	id := draw(m, m.model.calls)
	c, exists := m.model.calls[id]
	content := m.name()
	status, _ := m.send("POST", fmt.Sprintf("/v1/calls/%d/comments", id), map[string]any{"content": content})
	if !exists {
		m.want(status, false, 201, 404)
	} else if m.want(status, !blank(content) && len(c.Comments) < 5, 201, 400) {
		c.Comments = append(c.Comments, content)
	}
}

func (m *machine) archiveCall() {
	id := draw(m, m.model.calls)
	c, exists := m.model.calls[id]
	archived := rapid.Bool().Draw(m.T, "archived")
	verb := map[bool]string{true: "archive", false: "unarchive"}[archived]
	status, _ := m.send("PUT", fmt.Sprintf("/v1/calls/%d/%s", id, verb), nil)
	if m.want(status, exists, 200, 404) {
		c.Archived = archived
	}
}

// compare reads everything back, in lists, searches and embedded objects.
func (m *machine) compare() {
	m.Helper()
	got := model{map[int]*modelContact{}, map[int]modelTag{}, map[int]*modelTeam{}, map[int]modelUser{}, map[int]*modelCall{}}
	byPhone, wantByPhone := []int{}, []int{}
	for _, c := range m.all("/v1/contacts", "contacts") {
		got.contacts[c.int("id")] = &modelContact{First: c.pointer("first_name"), Last: c.pointer("last_name"), Company: c.pointer("company_name"),
			Information: c.pointer("information"), Phones: c.details("phone_numbers"), Emails: c.details("emails")}
	}
	for _, c := range m.all("/v1/contacts/search?phone_number=%2B33199000001", "contacts") {
		byPhone = append(byPhone, c.int("id"))
	}
	for id, c := range m.model.contacts {
		if slices.ContainsFunc(c.Phones, func(d modelDetail) bool { return d.Value == "+33199000001" }) {
			wantByPhone = append(wantByPhone, id)
		}
	}
	sort.Ints(wantByPhone)
	for _, g := range m.all("/v1/tags", "tags") {
		got.tags[g.int("id")] = modelTag{g.str("name"), g.str("color")}
	}
	for _, t := range m.all("/v1/teams", "teams") {
		team := &modelTeam{Name: t.str("name")}
		for _, u := range t.list("users") {
			team.Members = append(team.Members, u.int("id"))
		}
		got.teams[t.int("id")] = team
	}
	names := map[int]string{}
	for _, u := range m.all("/v2/users", "users") {
		id := u.int("id")
		got.users[id], names[id] = m.model.users[id], u.str("name")
		if want := strings.TrimSpace(got.users[id].First + " " + got.users[id].Last); names[id] != want {
			m.Fatalf("user %d is called %q, want %q", id, names[id], want)
		}
	}
	for _, c := range m.all("/v1/calls", "calls") {
		got.calls[c.int("id")] = m.call(c)
	}
	for id, c := range m.model.calls {
		for _, tag := range c.Tags {
			found := m.read(fmt.Sprintf("/v1/calls/search?tags[]=%d&per_page=50", tag), "calls")
			if !slices.ContainsFunc(found, func(o object) bool { return o.int("id") == id }) {
				m.Fatalf("call %d is not found by its tag %d", id, tag)
			}
		}
	}
	ignore := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".user" }, cmp.Ignore())
	if diff := cmp.Diff(m.model, got, cmp.AllowUnexported(model{}, modelContact{}), ignore, cmpopts.EquateEmpty()); diff != "" {
		m.Fatalf("the server differs from the model (-model +server):\n%s", diff)
	}
	if diff := cmp.Diff(wantByPhone, byPhone); diff != "" {
		m.Fatalf("search by phone (-model +server):\n%s", diff)
	}
}

func (m *machine) call(c object) *modelCall {
	k := &modelCall{}
	json.Unmarshal(c["archived"], &k.Archived)
	for _, comment := range c.list("comments") {
		k.Comments = append(k.Comments, comment.str("content"))
	}
	for _, g := range c.list("tags") {
		id := g.int("id")
		k.Tags = append(k.Tags, id)
		if name := g.str("name"); name != strings.TrimSpace(m.model.tags[id].Name) {
			m.Fatalf("tag %d is called %q in a call", id, name)
		}
	}
	return k
}

// want says whether an operation should have succeeded, and fails if it did otherwise.
func (m *machine) want(status int, good bool, success, failure int) bool {
	m.Helper()
	want := failure
	if good {
		want = success
	}
	if status != want {
		m.Fatalf("status %d, want %d", status, want)
	}
	return good
}

func (m *machine) send(method, path string, body map[string]any) (int, object) {
	b, _ := json.Marshal(body)
	req := httptest.NewRequest(method, path, strings.NewReader(string(b)))
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, req)
	var o object
	json.Unmarshal(w.Body.Bytes(), &o)
	return w.Code, o
}

func (m *machine) read(path, key string) []object {
	m.Helper()
	status, o := m.send("GET", path, nil)
	if status != 200 {
		m.Fatalf("GET %s: %d", path, status)
	}
	return o.list(key)
}

// all reads every page of 50.
func (m *machine) all(path, key string) []object {
	m.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	var list []object
	for page := 1; ; page++ {
		part := m.read(fmt.Sprintf("%s%spage=%d&per_page=50", path, sep, page), key)
		list = append(list, part...)
		if len(part) < 50 {
			return list
		}
	}
}

func (o object) int(key string) (n int) { json.Unmarshal(o[key], &n); return n }

func (o object) pointer(key string) (s *string) { json.Unmarshal(o[key], &s); return s }

func (o object) list(key string) (l []object) { json.Unmarshal(o[key], &l); return l }

func (o object) object(key string) (v object) { json.Unmarshal(o[key], &v); return v }

func (o object) details(key string) []modelDetail {
	var list []modelDetail
	for _, d := range o.list(key) {
		list = append(list, modelDetail{d.int("id"), d.str("label"), d.str("value")})
	}
	return list
}

func (o object) str(key string) (s string) { json.Unmarshal(o[key], &s); return s }
