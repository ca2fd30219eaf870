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
	"time"

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

	lines     map[int]modelLine
	campaigns map[int][]modelDialed // by user
	hooks     map[string]modelHook
	codes     map[string]modelCode
	tokens    map[string]string // to the client id
	installed map[string]bool   // by client id, whether active
}

func newModel() model {
	return model{
		map[int]*modelContact{}, map[int]modelTag{}, map[int]*modelTeam{}, map[int]modelUser{}, map[int]*modelCall{},
		map[int]modelLine{}, map[int][]modelDialed{}, map[string]modelHook{}, map[string]modelCode{}, map[string]string{}, map[string]bool{},
	}
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
		Line     int
		Archived bool
		Comments []string
		Tags     []int
	}
)

// taker is every receiver there is, and takes what it gets.
type taker struct{}

func (taker) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// machine drives a server and the model with the same operations.
type machine struct {
	*rapid.T
	srv     *Server
	handler http.Handler
	elapsed time.Duration
	dead    []string // tokens
	model   model
	steps   int
}

// TestModel takes 10,000 random steps (a quarter of them under the race detector, which makes
// them slow), valid and not, and compares each reply and,
// every five steps, all that the fake holds with the model. A failure shrinks to the
// fewest and smallest steps, which are printed, and is kept in testdata/rapid, where
// the next run begins with it. To replay one by its seed, which is printed as well:
//
//	go test ./fakeaircall -run '^TestModel$' -rapid.seed=SEED
//
// and -rapid.nofailfile keeps nothing.
func TestModel(t *testing.T) {
	const runs = 100 // rapid's own number of checks
	steps, total := 100, 0
	if underRace {
		steps = 25
	}
	rapid.Check(t, func(rt *rapid.T) {
		store := newMemoryStore()
		srv, err := New(checked(rt, Options{Store: store, Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Apps: modelApps, Deliveries: DeliveryOptions{Transport: taker{}}}))
		if err != nil {
			rt.Fatal(err)
		}
		defer srv.Close()
		m := &machine{T: rt, srv: srv, handler: srv.Handler(), model: newModel()}
		m.begin()
		operations := m.operations()
		names := slices.Sorted(maps.Keys(operations))
		for range steps {
			operations[rapid.SampledFrom(names).Draw(rt, "operation")]()
			if m.steps++; m.steps%5 == 0 {
				m.compare()
				m.compareApps()
				m.compareLines()
			}
		}
		store.mustHaveAll(rt, srv)
		total += m.steps
	})
	if !t.Failed() && !testing.Short() && total < runs*steps { // rapid makes fewer runs for -short
		t.Errorf("%d steps, want %d", total, runs*steps)
	}
}

// begin makes two lines and three calls on them in place of the line and the contact of a new company, which no request can, and takes over
// the tags, the user and the app that every company has.
func (m *machine) begin() {
	m.srv.accounts()[0].do(noon, func(t *tx) error {
		t.empty()
		for i := range int64(2) {
			n := &number{ID: t.random.newID(&t.last.Number), Created: noon.Unix(), Name: "Line", AvailabilityStatus: "open", Digits: "+33 1 99 00 00 09", Country: "FR", TimeZone: "Europe/Paris"}
			t.numbers.insert(n)
			m.model.lines[int(n.ID)] = modelLine{Name: "Line", Status: "open"}
			for id := i; id < 3; id += 2 {
				c := &call{ID: id + 1, Started: noon.Unix() - 100, Answered: noon.Unix() - 90, Ended: noon.Unix(), Inbound: id%2 == 0, Other: "+33 1 99 00 00 01", Number: n.ID, SID: fmt.Sprintf("CA%032d", id), Cost: "0.0"}
				t.calls.insert(c)
				t.finalizeLater(c)
				m.model.calls[int(id)+1] = &modelCall{Line: int(n.ID)}
			}
		}
		return nil
	})
	for _, g := range m.read("/v1/tags?per_page=50", "tags") {
		m.model.tags[g.int("id")] = modelTag{g.str("name"), g.str("color")}
	}
	owner := m.read("/v2/users", "users")[0]
	first, last, _ := strings.Cut(owner.str("name"), " ")
	m.model.users[owner.int("id")] = modelUser{first, last, owner.str("email")}
	m.model.tokens["fake-default-bearer"] = modelApps[0].ClientID
	m.model.installed[modelApps[0].ClientID] = true
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
		"authorize": m.authorize, "exchange": m.exchange, "integrate": m.integrate, "revoke": m.revoke, "uninstall": m.uninstall,
		"create webhook": m.createHook, "update webhook": m.updateHook, "delete webhook": m.deleteHook,
		"update line": m.updateLine, "configure line": m.configureLine, "release line": m.releaseLine, "send message": m.sendMessage,
		"create campaign": m.createCampaign, "add to campaign": m.addToCampaign, "delete campaign": m.deleteCampaign, "delete dialed": m.deleteDialed,
		"pass time": m.pass,
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

// compare reads everything back, in lists, searches and embedded objects.
func (m *machine) compare() {
	m.Helper()
	got := m.model // but for what is read here
	fresh := newModel()
	got.contacts, got.tags, got.teams, got.users, got.calls = fresh.contacts, fresh.tags, fresh.teams, fresh.users, fresh.calls
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
	last := object{}
	for _, c := range m.all("/v1/calls", "calls") {
		got.calls[c.int("id")] = m.call(c)
		if before, at := last.int("started_at"), c.int("started_at"); before > at || before == at && last.int("id") > c.int("id") {
			m.Fatalf("call %d, started %d, is listed after call %d, started %d", c.int("id"), at, last.int("id"), before)
		}
		last = c
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
	if diff := cmp.Diff(m.model, got, cmp.AllowUnexported(model{}, modelContact{}, modelLine{}), ignore, cmpopts.EquateEmpty()); diff != "" {
		m.Fatalf("the server differs from the model (-model +server):\n%s", diff)
	}
	if diff := cmp.Diff(wantByPhone, byPhone); diff != "" {
		m.Fatalf("search by phone (-model +server):\n%s", diff)
	}
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
	return m.sendAs(modelKey, method, path, body)
}

func (m *machine) sendAs(auth, method, path string, body map[string]any) (int, object) {
	b, _ := json.Marshal(body)
	req := httptest.NewRequest(method, path, strings.NewReader(string(b)))
	req.Header.Set("Authorization", auth)
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

func (o object) int(key string) (n int) { json.Unmarshal(o.raw(key), &n); return n }

func (o object) strings(key string) (l []string) { json.Unmarshal(o.raw(key), &l); return l }

func (o object) pointer(key string) (s *string) { json.Unmarshal(o.raw(key), &s); return s }

func (o object) list(key string) (l []object) { json.Unmarshal(o.raw(key), &l); return l }

func (o object) object(key string) (v object) { json.Unmarshal(o.raw(key), &v); return v }

func (o object) details(key string) []modelDetail {
	var list []modelDetail
	for _, d := range o.list(key) {
		list = append(list, modelDetail{d.int("id"), d.str("label"), d.str("value")})
	}
	return list
}

func (o object) str(key string) (s string) { json.Unmarshal(o.raw(key), &s); return s }
