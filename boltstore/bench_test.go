package boltstore

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// BenchmarkCommit is what the database itself takes for what a create changes.
func BenchmarkCommit(b *testing.B) {
	s := openBench(b)
	n := 0
	for b.Loop() {
		n++
		err := s.Commit(map[string][]byte{
			fmt.Sprintf("contacts\x00%d", n): make([]byte, 200), fmt.Sprintf("events\x00%d", n): make([]byte, 500),
			"last_id": make([]byte, 8), "last_event": make([]byte, 8), "window": make([]byte, 40), "saved_at": make([]byte, 30), "replies": make([]byte, 8),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func openBench(b *testing.B) *Store {
	b.Helper()
	s, err := Open(filepath.Join(b.TempDir(), "fake.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// BenchmarkCreate is a create of one client after the other, and of 64 at once, in
// memory and in a file.
func BenchmarkCreate(b *testing.B) {
	for _, clients := range []int{1, 64} {
		for _, kept := range []bool{false, true} {
			b.Run(fmt.Sprintf("clients=%d/kept=%v", clients, kept), func(b *testing.B) {
				o := fakeaircall.Options{Scale: fakeaircall.ScaleSmall, RateLimit: fakeaircall.NoRateLimit}
				if kept {
					o.Store = openBench(b)
				}
				srv, err := fakeaircall.New(o)
				if err != nil {
					b.Fatal(err)
				}
				defer srv.Close()
				creates(b, srv.Handler(), clients)
			})
		}
	}
}

func creates(b *testing.B, h http.Handler, clients int) {
	var left atomic.Int64
	left.Store(int64(b.N))
	var wait sync.WaitGroup
	b.ResetTimer()
	for range clients {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for left.Add(-1) >= 0 {
				req := httptest.NewRequest("POST", "/v1/contacts", strings.NewReader(`{"first_name":"Ann","phone_numbers":[{"label":"x","value":"+33199000042"}]}`))
				req.SetBasicAuth("fake-default-id", "fake-default-token")
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, req); w.Code != http.StatusCreated {
					b.Errorf("%d %s", w.Code, w.Body)
				}
			}
		}()
	}
	wait.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "creates/s")
}
