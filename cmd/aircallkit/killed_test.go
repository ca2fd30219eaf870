package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// holdings is all that the accounts hold. Phone numbers and e-mails of a contact that were put back have new ids, and it
// has a new time of its last change: nothing can give it the old ones.
func holdings(t *testing.T, s *fakeaircall.Server) (all []string) {
	t.Helper()
	for _, a := range s.Accounts() {
		for _, of := range []string{"/v1/contacts", "/v1/tags", "/v1/webhooks", "/v2/users", "/v1/teams", "/v1/numbers", "/v1/calls"} {
			for page := 1; ; page++ {
				req := httptest.NewRequest("GET", fmt.Sprintf("%s?per_page=50&page=%d", of, page), nil)
				req.SetBasicAuth(a.APIID, a.APIToken)
				rec := httptest.NewRecorder()
				s.Handler().ServeHTTP(rec, req)
				var reply map[string]any
				if err := json.Unmarshal(rec.Body.Bytes(), &reply); err != nil || rec.Code != 200 {
					t.Fatalf("%s: %d %v", of, rec.Code, err)
				}
				list, _ := reply[filepath.Base(of)].([]any)
				for _, e := range list {
					if of == "/v1/contacts" {
						forgetIDs(e.(map[string]any))
					}
					line, _ := json.Marshal(e)
					all = append(all, a.Name+" "+of+" "+string(line))
				}
				if len(list) < 50 {
					break
				}
			}
		}
	}
	return all
}

func forgetIDs(contact map[string]any) {
	delete(contact, "updated_at")
	for _, key := range []string{"phone_numbers", "emails"} {
		list := contact[key].([]any)
		for _, e := range list {
			delete(e.(map[string]any), "id")
		}
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
}

// stage is a fake that strikes at one of the requests it gets.
type stage struct {
	*fakeaircall.Server
	http   *httptest.Server
	state  string
	mu     sync.Mutex
	n, at  int    // requests so far, and the one to strike at; 0: none
	makes  []int  // which of them make a contact
	ends   []int  // which of them delete one
	phase  int    // 0: before it is handled, 1: before its reply is sent, 2: after
	strike func() // must not block
	busy   sync.WaitGroup
}

// noon is the time of the stage, which stands: addresses of recordings are signed by the second.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newStage(t *testing.T) *stage {
	st := &stage{Server: fakeaircall.RunT(t, checked(t, fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit, Scale: fakeaircall.ScaleSmall, Clock: noon})), state: t.TempDir()}
	st.http = httptest.NewServer(st)
	t.Cleanup(st.http.Close)
	return st
}

func (st *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	st.busy.Add(1)
	defer st.busy.Done()
	st.mu.Lock()
	st.n++
	if r.Method == http.MethodPost && r.URL.Path == "/v1/contacts" {
		st.makes = append(st.makes, st.n)
	}
	if r.Method == http.MethodDelete {
		st.ends = append(st.ends, st.n)
	}
	struck, when, strike := st.n == st.at, st.phase, st.strike
	st.mu.Unlock()
	at := func(phase int) {
		if struck && phase == when {
			strike()
		}
	}
	at(0)
	rec := httptest.NewRecorder()
	st.Handler().ServeHTTP(rec, r)
	at(1)
	for key, values := range rec.Header() {
		w.Header()[key] = values
	}
	w.WriteHeader(rec.Code)
	w.Write(rec.Body.Bytes())
	at(2)
}

// strikes says when to do what. Requests come from another process, so that the lock is what orders them.
func (st *stage) strikes(at, phase int, what func()) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.at, st.phase, st.strike = at, phase, what
}

// seen is how many requests came, and which of them make and delete.
func (st *stage) seen() (n int, makes, ends []int) {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.n, st.makes, st.ends
}

// plays prepares the binary to run against the stage.
func (st *stage) plays(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command("aircallkit", append(args, "--target", st.http.URL)...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+st.state)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd, &out
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &ended):
		t.Fatal(err)
	}
	return ended.ExitCode()
}

// TestAnEndAtAnyMomentLeavesNothing: a writing run that is interrupted puts everything back itself; one that is killed
// is put back by one sweep. The moments are chosen by chance, from a seed.
func TestAnEndAtAnyMomentLeavesNothing(t *testing.T) {
	moments := 4
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		moments = 100
	}
	run := []string{"conformance", "--allow-writes", "--tags", "@changes and not @fake"}
	whole := newStage(t)
	cmd, out := whole.plays(t, run...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("undisturbed: %v\n%s", err, out)
	}
	n, makes, ends := whole.seen()
	if n < 200 || len(makes) < 20 || len(ends) < 20 {
		t.Fatalf("the run makes %d requests, makes %d contacts and deletes %d times only", n, len(makes), len(ends))
	}
	var noticed atomic.Int64
	t.Cleanup(func() {
		if noticed.Load() == 0 {
			t.Error("no run took note of a signal")
		}
	})
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range moments {
		// The first and the last few are not of scenarios, and after the last a signal may come too late to be seen.
		at, phase, kill := 20+chance.IntN(n-40), chance.IntN(3), i%2 == 1
		switch { // the hardest: what was made or deleted, and nobody was told
		case i < 2:
			at, phase = makes[chance.IntN(len(makes))], 1
		case i < 4:
			at, phase = ends[chance.IntN(len(ends))], 1
		}
		t.Run(fmt.Sprintf("kill is %v at %d, phase %d", kill, at, phase), func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			before := holdings(t, st.Server)
			cmd, out := st.plays(t, run...)
			started := make(chan struct{})
			st.strikes(at, phase, func() {
				<-started
				sig := syscall.SIGINT
				if kill {
					sig = syscall.SIGKILL
				}
				if err := cmd.Process.Signal(sig); err != nil {
					t.Errorf("request %d: %v: %v", at, sig, err)
				}
			})
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			close(started)
			code := exitCode(t, cmd.Wait())
			st.busy.Wait() // what was sent is carried out, whoever has died meanwhile
			switch {
			case kill && code == -1:
			case !kill && code == conformance.ExitInterrupted:
				noticed.Add(1)
			case !kill && code == conformance.ExitOK: // on a busy machine the run can be over before it hears of the signal
			default:
				t.Fatalf("exit code %d\n%s", code, out)
			}
			if kill {
				sweep, out := st.plays(t, "sweep", "--yes")
				if err := sweep.Run(); err != nil {
					t.Fatalf("sweep: %v\n%s", err, out)
				}
				t.Logf("%s", out)
			}
			if diff := cmp.Diff(before, holdings(t, st.Server)); diff != "" {
				t.Errorf("the run left (-before +after):\n%s\n%s", diff, out)
			}
			if left, _ := filepath.Glob(filepath.Join(st.state, "aircallkit", "*.journal")); len(left) > 0 {
				t.Errorf("journals are left: %v", left)
			}
		})
	}
}
