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
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// BenchmarkCommit is what the database itself takes for what creates change, one after
// the other.
func BenchmarkCommit(b *testing.B) {
	rec := &recorder{}
	begun := serve(b, fakeaircall.Options{Store: rec})
	before := len(rec.commits)
	creates(b, begun.Handler(), 1, 5000)
	s := openBench(b)
	for i, changes := range rec.commits[:before] {
		if err := s.Commit(changes); err != nil {
			b.Fatal(i, err)
		}
	}
	made, n := rec.commits[before:], 0
	for b.Loop() {
		if err := s.Commit(made[n%len(made)]); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// A recorder is a store that keeps what is committed apart.
type recorder struct{ commits []map[string][]byte }

func (*recorder) Load(func(string, []byte) error) error { return nil }

func (r *recorder) Commit(changes map[string][]byte) error {
	r.commits = append(r.commits, changes)
	return nil
}

func serve(b *testing.B, o fakeaircall.Options) *fakeaircall.Server {
	b.Helper()
	o.Scale, o.RateLimit = fakeaircall.ScaleSmall, fakeaircall.NoRateLimit
	srv, err := fakeaircall.New(o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { srv.Close() })
	return srv
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

// BenchmarkCreate is a create of one client after the other, and of 64 at once: in
// memory, in a file, and in a file on a disk that takes longer.
func BenchmarkCreate(b *testing.B) {
	stores := map[string]func(*testing.B) fakeaircall.Store{
		"memory": func(*testing.B) fakeaircall.Store { return nil },
		"file":   func(b *testing.B) fakeaircall.Store { return &timed{Store: openBench(b)} },
		"slow":   func(b *testing.B) fakeaircall.Store { return &timed{Store: openBench(b), more: 2 * time.Millisecond} },
	}
	for _, kept := range []string{"memory", "file", "slow"} {
		for _, clients := range []int{1, 64} {
			b.Run(fmt.Sprintf("kept=%s/clients=%d", kept, clients), func(b *testing.B) {
				store := stores[kept](b)
				h := serve(b, fakeaircall.Options{Store: store}).Handler()
				s, timed := store.(*timed)
				if timed {
					s.commits, s.took = 0, 0
				}
				b.ResetTimer()
				creates(b, h, clients, b.N)
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "creates/s")
				if timed {
					b.ReportMetric(float64(s.took.Nanoseconds())/float64(s.commits), "ns/commit")
				}
			})
		}
	}
}

// A timed store says how long its commits take, and can be on a disk that takes more.
type timed struct {
	*Store
	more, took time.Duration
	commits    int
}

func (s *timed) Commit(changes map[string][]byte) error {
	begun := time.Now()
	time.Sleep(s.more)
	err := s.Store.Commit(changes)
	s.commits++
	s.took += time.Since(begun)
	return err
}

func creates(b *testing.B, h http.Handler, clients, n int) {
	var left atomic.Int64
	left.Store(int64(n))
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			for left.Add(-1) >= 0 {
				w := httptest.NewRecorder()
				if h.ServeHTTP(w, newCreate()); w.Code != http.StatusCreated {
					b.Errorf("%d %s", w.Code, w.Body)
				}
			}
		})
	}
	wait.Wait()
}

func newCreate() *http.Request {
	r := httptest.NewRequest("POST", "/v1/contacts", strings.NewReader(`{"first_name":"Ann","phone_numbers":[{"label":"x","value":"+33199000042"}]}`))
	r.SetBasicAuth("fake-default-id", "fake-default-token")
	return r
}
