package fakeaircall

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A memoryStore keeps records in memory.
type memoryStore struct {
	mu      sync.Mutex
	records map[string][]byte
	commits int
	fails   bool
}

func newMemoryStore() *memoryStore { return &memoryStore{records: make(map[string][]byte)} }

func (m *memoryStore) Load(f func(string, []byte) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, data := range m.records {
		if err := f(key, data); err != nil {
			return err
		}
	}
	return nil
}

func (m *memoryStore) Commit(changes map[string][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails {
		return errors.New("no space left on device")
	}
	m.commits++
	for key, data := range changes {
		if data == nil {
			delete(m.records, key)
		} else {
			m.records[key] = data
		}
	}
	return nil
}

// copy returns the contents after a crash.
func (m *memoryStore) copy() *memoryStore {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memoryStore{records: maps.Clone(m.records)}
}

// mustHaveAll compares the store with the state of the server.
func (m *memoryStore) mustHaveAll(t interface {
	Helper()
	Errorf(string, ...any)
}, s *Server) {
	t.Helper()
	s.dispatcher.waitIdle(nil, maxIdleWait) // what lands between the two looks would differ
	if err := s.kept(); err != nil {
		t.Errorf("%v", err)
	}
	want := make(map[string][]byte)
	world := s.Snapshot().world
	world.eachRecord(func(key string, data []byte) { want[key] = data })
	m.mu.Lock()
	defer m.mu.Unlock()
	wrong := 0
	for _, key := range slices.Sorted(maps.Keys(m.records)) {
		data, ok := want[key]
		switch {
		case key == savedAt || strings.HasPrefix(key, snapshotsKey), key == "replies", strings.HasSuffix(key, "/window"):
		case !ok:
			t.Errorf("%q is kept, and is not there: %.200s", key, m.records[key])
			wrong++
		case !bytes.Equal(data, m.records[key]):
			t.Errorf("%q\nis   %.500s\nkept %.500s", key, data, m.records[key])
			wrong++
		}
		if wrong > 10 {
			return
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if _, ok := m.records[key]; !ok && !strings.HasSuffix(key, "/window") && key != "replies" {
			t.Errorf("%q is not kept: %.200s", key, want[key])
			if wrong++; wrong > 10 {
				return
			}
		}
	}
}

func kept(t *testing.T, m *memoryStore, o Options) world {
	t.Helper()
	o.Store = m
	return world{RunT(t, checked(t, o)), t}
}

// The store has every change, and a server that continues from it behaves as the first one would have.
func TestStoreKeepsAll(t *testing.T) {
	m := newMemoryStore()
	w := kept(t, m, Options{Scale: ScaleSmall, Seed: 2, Clock: noon, RateLimit: NoRateLimit})
	m.mustHaveAll(t, w.Server)
	w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"http://127.0.0.1:1/in"}`).wantStatus(201)
	made := w.send("POST", "/v1/contacts", kim).wantStatus(201).at("contact.id")
	m.mustHaveAll(t, w.Server)
	for _, outcome := range Outcomes() {
		if _, err := w.Simulate("", SimulatedCall{Outcome: outcome}); err != nil {
			t.Fatal(err)
		}
		w.Advance(3 * time.Second)
		m.mustHaveAll(t, w.Server)
	}
	if _, err := w.SimulateMessage("", SimulatedMessage{From: "+33199000042", Body: "Hello"}); err != nil {
		t.Fatal(err)
	}
	w.send("POST", "/v1/calls/12345/comments", `{"content":"new"}`).wantStatus(201)
	w.send("POST", "/v1/tags", `{"name":"Mine","color":"#112233"}`).wantStatus(201)
	w.send("PUT", "/v1/calls/12345/archive", "").wantStatus(200)
	w.send("DELETE", "/v1/contacts/5678", "").wantStatus(204)
	if err := w.SetTraffic("sales", Traffic{CallsPerDay: 2000}); err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Hour)
	added := w.NewAccount(t)
	added.Advance(time.Minute)
	w.as(added.Account, "DELETE", "/v1/contacts/5678", "").wantStatus(204)
	for _, name := range []string{"one", "two"} {
		if _, err := w.SaveSnapshot(name, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.DeleteSnapshot("two"); err != nil {
		t.Fatal(err)
	}
	m.mustHaveAll(t, w.Server)

	crashed := m.copy()
	there := kept(t, crashed, Options{Clock: noon, RateLimit: NoRateLimit})
	here, got := w.Snapshot().text(), there.Snapshot().text()
	if a, b := differing.ReplaceAllString(string(here), ""), differing.ReplaceAllString(string(got), ""); a != b {
		t.Errorf("here, after the crash: %s", firstDifference(a, b))
	}
	there.get("/v1/contacts/" + made).wantStatus(200)
	there.get("/v1/contacts/5678").wantStatus(404)
	there.as(added.Account, "GET", "/v1/contacts/5678", "").wantStatus(404)
	one, err := there.LoadSnapshot("one")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := there.LoadSnapshot("two"); err == nil {
		t.Error("a deleted snapshot is back")
	}
	there.Advance(time.Hour)
	crashed.mustHaveAll(t, there.Server)

	there.Restore(one)
	crashed.mustHaveAll(t, there.Server)
	there.Reset()
	crashed.mustHaveAll(t, there.Server)
	there.get("/v1/contacts/5678").wantStatus(200)
}

// The store has changes of entities that are found by something other than their id.
func TestStoreKeepsWhatIsFound(t *testing.T) {
	m := newMemoryStore()
	w := kept(t, m, Options{Scale: ScaleSmall, Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{"a2p": "keep"}})
	const a2p = "/v1/a2p_campaign_associations"
	w.send("POST", a2p, `{"external_campaign_id":"CM1","numbers":[]}`).wantStatus(201)
	hook := w.send("POST", "/v1/webhooks", `{"url":"https://a.test"}`).text("webhook.webhook_id")
	user := w.send("POST", "/v2/users", ada).at("user.id")
	for _, write := range [][3]string{
		{"PUT", a2p, `{"external_campaign_id":"CM1","numbers":[` + w.get("/v1/numbers").at("numbers.0.id") + `]}`},
		{"PUT", "/v1/webhooks/" + hook, `{"custom_name":"new"}`},
		{"PUT", "/v2/users/" + user, `{"last_name":"Hopper"}`},
	} {
		w.Advance(time.Minute)
		if a := w.send(write[0], write[1], write[2]); a.status >= 300 {
			t.Errorf("%s: %d %s", write[1], a.status, a.body)
		}
		m.mustHaveAll(t, w.Server)
	}
}

// A gatedStore starts a commit, and ends it when the test says so.
type gatedStore struct {
	*memoryStore
	begun, let chan struct{}
}

func (g gatedStore) Commit(changes map[string][]byte) error {
	g.begun <- struct{}{}
	<-g.let
	return g.memoryStore.Commit(changes)
}

// All requests that write during a commit share the next one.
func TestStoreSharesCommits(t *testing.T) {
	m := newMemoryStore()
	w := kept(t, m, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit})
	k, before := w.persister, m.commits
	gated := gatedStore{m, make(chan struct{}), make(chan struct{})}
	k.store = gated
	const writers = 64
	var wait sync.WaitGroup
	write := func() { w.send("POST", "/v1/contacts", kim).wantStatus(201) }
	wait.Go(write)
	<-gated.begun
	k.mu.Lock()
	given := k.given
	k.mu.Unlock()
	for range writers {
		wait.Go(write)
	}
	for all := false; !all; runtime.Gosched() {
		k.mu.Lock()
		all = k.given == given+writers
		k.mu.Unlock()
	}
	gated.let <- struct{}{}
	<-gated.begun
	gated.let <- struct{}{}
	wait.Wait()
	k.mu.Lock()
	k.store = m
	k.mu.Unlock()
	if got := m.commits - before; got != 2 {
		t.Errorf("%d writers behind one took %d commits in all", writers, got)
	}
	m.mustHaveAll(t, w.Server)
}

// A closed server keeps its pending deliveries.
func TestStoreKeepsDeliveries(t *testing.T) {
	m := newMemoryStore()
	first, err := New(checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Store: m}))
	if err != nil {
		t.Fatal(err)
	}
	rec := newReceiver(t, func(posted) int { return 200 })
	err = first.do(first.accounts()[0], func(t *tx) error {
		t.webhooks.insert(&webhook{ID: 1, UUID: "u", URL: rec.URL, Active: true, Events: []string{"x"}})
		t.after(time.Minute, actNews, 0, 0)
		t.addDelivery(delivery{Event: Event{Name: "x", Data: []byte("{}"), At: t.now}, Hook: 1, UUID: "u", URL: rec.URL}, time.Hour)
		return nil
	})
	if err := errors.Join(err, first.Close(), first.Close()); err != nil {
		t.Fatal(err)
	}
	w := kept(t, m, Options{})
	w.Advance(2 * time.Hour)
	if totals, _ := w.DeliveryTotals("default"); totals.Delivered != 1 || totals.Dropped != 0 {
		t.Errorf("%+v", totals)
	}
}

// A request gets an error when the store does not take its changes.
func TestStoreFails(t *testing.T) {
	m := newMemoryStore()
	srv, err := New(checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Store: m}, "create-a-contact: status"))
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	if err := srv.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	w := world{srv, t}
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	m.mu.Lock()
	m.fails = true
	m.mu.Unlock()
	w.send("POST", "/v1/contacts", kim).wantStatus(500)
	select {
	case <-srv.StoreFailed():
	default:
		t.Error("StoreFailed is not closed")
	}
	if err := srv.Close(); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("closed: %v", err)
	}
}

// New refuses records that no server could have written, and names the record.
func TestStoreRefuses(t *testing.T) {
	m := newMemoryStore()
	kept(t, m, Options{Scale: ScaleEmpty, Clock: noon}).Close()
	for _, c := range []struct{ key, data, want string }{
		{"format", "5", "state: its format is 5, and 4 is the newest"},
		{"format", "3", "state: its format is 3, and this program reads only 4: start with a new one"},
		{"accounts/default/last", `{"tag":"x"}`, `accounts/default/last: tag: a string is not a whole number`},
		{"accounts/default/dance", `1`, `accounts/default/dance: there is no such record`},
		{"accounts/default/schedule.timers/1", `{"seq":1,"act":"dance"}`, `there is no act dance`},
		{"accounts/default/calls_per_day", `-1`, `calls_per_day: -1 is not from 0 to 100000`},
		{"accounts/default/traffic_statistics", `{"hours":[1,2]}`, `traffic_statistics: traffic.hours: 2 elements: give 24`},
		{"accounts/default/traffic_statistics", `{"outcomes":{"inbound":{"lost":3}}}`, `traffic_statistics: traffic.outcomes.inbound: unknown field "lost"`},
		{"accounts/default/traffic_statistics", `{"weekdays":[0,0,0,0,0,0,0]}`, `traffic_statistics: traffic.weekdays: there are no calls`},
		{"saved_at", `1`, `saved_at`},
	} {
		bad := m.copy()
		bad.records[c.key] = []byte(c.data)
		if _, err := New(checked(t, Options{Store: bad})); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c.key, err)
		}
		if bad.commits > 0 {
			t.Errorf("%q: something was written", c.key)
		}
	}
}

// A new account in the options is added.
func TestStoreNewAccount(t *testing.T) {
	m := newMemoryStore()
	one := []Account{StandardAccount("one")}
	kept(t, m, Options{Scale: ScaleSmall, Clock: noon, Accounts: one}).Close()
	w := kept(t, m, Options{Scale: ScaleSmall, Accounts: append(one, StandardAccount("two"))})
	for _, name := range []string{"one", "two"} {
		w.as(StandardAccount(name), "GET", "/v1/contacts/5678", "").wantStatus(200)
	}
	m.mustHaveAll(t, w.Server)
}

// Only a clock at the speed of real time advances while the server is stopped.
func TestStoreClock(t *testing.T) {
	for _, speed := range []float64{0, 1, 60} {
		m := newMemoryStore()
		w := kept(t, m, Options{Scale: ScaleEmpty, Clock: noon, Speed: speed})
		if err := w.SetSpeed(speed); err != nil {
			t.Fatal(err)
		}
		w.Close()
		at := strings.Replace(string(m.records[savedAt]), "T", "T", 1)
		saved, err := time.Parse(`"`+time.RFC3339Nano+`"`, at)
		if err != nil {
			t.Fatal(err)
		}
		m.records[savedAt] = []byte(`"` + saved.Add(-time.Hour).Format(time.RFC3339Nano) + `"`)
		passed := kept(t, m, Options{}).Now().Sub(noon)
		if speed == 1 && passed < time.Hour || speed != 1 && passed > 50*time.Minute {
			t.Errorf("speed %g: %s passed", speed, passed)
		}
	}
}

// After a restart the timer that is due first is performed first, even if it was set later.
func TestStoreKeepsTheOrderOfTimers(t *testing.T) {
	m := newMemoryStore()
	w := kept(t, m, Options{Scale: ScaleSmall, Clock: noon})
	var ids []int64
	for _, ring := range []time.Duration{4 * time.Hour, 3 * time.Hour, time.Minute} {
		id, err := w.Simulate("", SimulatedCall{Outcome: "missed", Ring: ring})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	w.Close()
	w = kept(t, m, Options{})
	w.Advance(2 * time.Minute)
	for i, want := range []string{"initial", "initial", "done"} {
		if got := w.get(fmt.Sprint("/v1/calls/", ids[i])).text("call.status"); got != want {
			t.Errorf("call %d is %s, want %s", i, got, want)
		}
	}
	m.mustHaveAll(t, w.Server)
}

// Many writers wait for one commit together.
func TestStoreGroups(t *testing.T) {
	m := newMemoryStore()
	w := kept(t, m, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit})
	var wait sync.WaitGroup
	for range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 20 {
				if a := w.send("POST", "/v1/contacts", kim); a.status != http.StatusCreated {
					t.Errorf("%d", a.status)
				}
			}
		}()
	}
	wait.Wait()
	m.mustHaveAll(t, w.Server)
}
