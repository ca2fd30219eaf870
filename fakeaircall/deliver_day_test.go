package fakeaircall

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// dayOfCalls sets timers for the events of so many calls within a day.
func dayOfCalls(t testing.TB, s *Server, calls int) {
	t.Helper()
	const act = act("test day")
	names := []string{"call.created", "call.answered", "call.hungup", "call.ended"}
	acts[act] = func(t *tx, m timer) {
		c, _ := t.calls.get(m.id)
		t.emitCall(names[m.n], c)
	}
	t.Cleanup(func() { delete(acts, act) })
	err := s.companies[0].do(s.Now(), func(t *tx) error {
		some := t.calls.order[:100]
		gap := 24 * time.Hour / time.Duration(calls)
		for i := range calls {
			for n := range names {
				t.after(time.Duration(i)*gap+time.Duration(n)*7*time.Second, act, some[i%100].id, int64(n))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// hookTo registers a webhook without the API.
func hookTo(t testing.TB, s *Server, url string, events ...string) {
	t.Helper()
	if len(events) == 0 {
		events = allEvents()
	}
	err := s.companies[0].do(s.Now(), func(t *tx) error {
		t.webhooks.insert(&webhook{id: t.webhookID(), uuid: t.random.uuid(), token: t.random.hex(32), created: t.now.UnixMilli(), url: url, active: true, events: events})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A day of 2,000 calls with four events each and three webhooks, 24,000
// deliveries in all.
func BenchmarkDay(b *testing.B) {
	var got atomic.Int64
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got.Add(1) }))
	defer receiver.Close()
	for b.Loop() {
		got.Store(0)
		b.StopTimer()
		s := RunT(b, Options{Scale: ScaleTeam, Clock: noon})
		for i := range 3 {
			hookTo(b, s, fmt.Sprint(receiver.URL, "/", i))
		}
		dayOfCalls(b, s, 2000)
		b.StartTimer()
		s.Advance(25 * time.Hour)
		if got.Load() < 24_000 {
			b.Fatalf("%d deliveries", got.Load())
		}
	}
}
