package fakeaircall

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// hookTo registers a webhook without the API.
func hookTo(t testing.TB, s *Server, url string, events ...string) {
	t.Helper()
	if len(events) == 0 {
		events = EventNames()
	}
	err := s.accounts()[0].do(s.Now(), func(t *tx) error {
		t.webhooks.insert(&webhook{ID: t.random.newID(&t.last.Webhook), UUID: t.random.uuid(), Token: t.random.hex(32), Created: t.now.UnixMilli(), URL: url, Active: true, Events: events})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A working day of 2,000 calls and three webhooks that ask for everything.
func BenchmarkDay(b *testing.B) {
	var got atomic.Int64
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
	defer receiver.Close()
	for b.Loop() {
		b.StopTimer()
		got.Store(0)
		s := RunT(b, Options{Scale: ScaleTeam, Clock: noon.Add(-12 * time.Hour)})
		for i := range 3 {
			hookTo(b, s, fmt.Sprint(receiver.URL, "/", i))
		}
		if err := s.SetTraffic("default", Traffic{CallsPerDay: 2000}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		s.Advance(24 * time.Hour)
		n, err := s.DeliveryTotals("default")
		if err != nil || n.Delivered != uint64(got.Load()) || n.Pending+n.Failed+n.Dropped > 0 || n.Delivered < 20_000 {
			b.Fatalf("%+v, %d received, %v", n, got.Load(), err)
		}
		b.ReportMetric(float64(n.Delivered), "deliveries/op")
	}
}
