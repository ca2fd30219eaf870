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

// dataOf returns all data of the accounts, without what an undo cannot restore: the ids of a contact's phone numbers and
// e-mails, and the time of its last change.
func dataOf(t *testing.T, s *fakeaircall.Server) (all []string) {
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

// killServer is a fake that calls a function at one of its requests.
type killServer struct {
	*fakeaircall.Server
	http    *httptest.Server
	state   string
	mu      sync.Mutex
	n, at   int    // requests so far, and the one at which strike is called; 0: none
	creates []int  // the requests that create a contact
	deletes []int  // the requests that delete something
	phase   int    // 0: before the request is handled, 1: before the reply is sent, 2: after
	strike  func() // must not block
	busy    sync.WaitGroup
}

// noon is the frozen time of the fake: addresses of recordings are signed by the second.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newKillServer(t *testing.T) *killServer {
	st := &killServer{Server: fakeaircall.RunT(t, checked(t, fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit, Scale: fakeaircall.ScaleSmall, Clock: noon})), state: t.TempDir()}
	st.http = httptest.NewServer(st)
	t.Cleanup(st.http.Close)
	return st
}

func (st *killServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	st.busy.Add(1)
	defer st.busy.Done()
	st.mu.Lock()
	st.n++
	if r.Method == http.MethodPost && r.URL.Path == "/v1/contacts" {
		st.creates = append(st.creates, st.n)
	}
	if r.Method == http.MethodDelete {
		st.deletes = append(st.deletes, st.n)
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

// callAt sets the function and the moment. Requests come from another process, so only the lock orders them.
func (st *killServer) callAt(at, phase int, what func()) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.at, st.phase, st.strike = at, phase, what
}

// counts returns the number of requests, and those that create and delete.
func (st *killServer) counts() (n int, creates, deletes []int) {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.n, st.creates, st.deletes
}

// command returns a command of aircallkit against this fake, and its output.
func (st *killServer) command(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
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

// TestKilledRunsLeaveNothing checks that an interrupted run undoes its changes, and that one sweep undoes those of a
// killed run. The moments are random, from a fixed seed.
func TestKilledRunsLeaveNothing(t *testing.T) {
	moments := 4
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		moments = 100
	}
	run := []string{"conformance", "--allow-writes", "--tags", "@changes and not @fake"}
	whole := newKillServer(t)
	cmd, out := whole.command(t, run...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("without a signal: %v\n%s", err, out)
	}
	n, creates, deletes := whole.counts()
	if n < 200 || len(creates) < 20 || len(deletes) < 20 {
		t.Fatalf("the run makes only %d requests, creates %d contacts and deletes %d times", n, len(creates), len(deletes))
	}
	var noticed atomic.Int64
	t.Cleanup(func() {
		if noticed.Load() == 0 {
			t.Error("no run was interrupted")
		}
	})
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range moments {
		// The first and last requests do not belong to scenarios, and a signal after the last one may come too late.
		at, phase, kill := 20+chance.IntN(n-40), chance.IntN(3), i%2 == 1
		switch { // the hardest moments: something was created or deleted, and the reply was not sent
		case i < 2:
			at, phase = creates[chance.IntN(len(creates))], 1
		case i < 4:
			at, phase = deletes[chance.IntN(len(deletes))], 1
		}
		t.Run(fmt.Sprintf("kill is %v at %d, phase %d", kill, at, phase), func(t *testing.T) {
			t.Parallel()
			st := newKillServer(t)
			before := dataOf(t, st.Server)
			cmd, out := st.command(t, run...)
			started := make(chan struct{})
			st.callAt(at, phase, func() {
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
			st.busy.Wait() // the fake still handles the requests that were sent
			switch {
			case kill && code == -1:
			case !kill && code == conformance.ExitInterrupted:
				noticed.Add(1)
			case !kill && code == conformance.ExitOK: // on a busy machine the run can end before the signal arrives
			default:
				t.Fatalf("exit code %d\n%s", code, out)
			}
			if kill {
				sweep, out := st.command(t, "sweep", "--yes")
				if err := sweep.Run(); err != nil {
					t.Fatalf("sweep: %v\n%s", err, out)
				}
				t.Logf("%s", out)
			}
			if diff := cmp.Diff(before, dataOf(t, st.Server)); diff != "" {
				t.Errorf("the run left (-before +after):\n%s\n%s", diff, out)
			}
			if left, _ := filepath.Glob(filepath.Join(st.state, "aircallkit", "*.undolog")); len(left) > 0 {
				t.Errorf("undo logs are left: %v", left)
			}
		})
	}
}
