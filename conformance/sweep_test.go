package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// as sends a request with the credentials of the account default directly to the handler of a server.
func as(t *testing.T, s *fakeaircall.Server, method, path, body string) map[string]any {
	t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	s.Handler().ServeHTTP(rec, req)
	if rec.Code/100 != 2 {
		t.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	var v map[string]any
	json.Unmarshal(rec.Body.Bytes(), &v)
	c, _ := v["contact"].(map[string]any)
	return c
}

// sweeps runs a sweep and gives what it says.
func sweeps(t *testing.T, url, logFile string, yes bool) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := Sweep(t.Context(), SweepOptions{Target: url, UndoLog: logFile, Yes: yes, Stdout: &out, pause: noPause})
	return out.String(), err
}

// TestSweepUndoesWhatARunCouldNot: a server that stops to take deletes and updates back leaves an undo log, of which a
// sweep tells first and which it then undoes.
func TestSweepUndoesWhatARunCouldNot(t *testing.T) {
	var healthy atomic.Bool
	url, s := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodDelete && strings.Count(r.URL.Path, "/") == 3 && !healthy.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		next.ServeHTTP(w, r)
	})
	before := inventory(t, s)
	logFile := filepath.Join(t.TempDir(), "undo-log")
	o := Options{Target: url, AllowWrites: true, UndoLog: logFile, Tags: "@example:create_contact or @example:update_contact"}
	rep, err := Run(t.Context(), checkedRun(t, o))
	if ExitCode(rep, err) != ExitLeft || rep.UndoLog != logFile || len(rep.Left) == 0 {
		t.Fatalf("exit code %d, undo log %q, left %q", ExitCode(rep, err), rep.UndoLog, rep.Left)
	}
	// A second run does not write over what is needed to undo the first.
	if rep, err := Run(t.Context(), checkedRun(t, o)); ExitCode(rep, err) == ExitOK || !strings.Contains(rep.Scenarios[0].Reason+rep.Scenarios[1].Reason, "already exists: sweep --undo-log undoes what it records") {
		t.Errorf("a run with the undo log of another: %d %v %+v", ExitCode(rep, err), err, rep.Scenarios)
	}
	left := inventory(t, s)
	healthy.Store(true)
	said, err := sweeps(t, url, logFile, false)
	if codeOf(err) != ExitLeft || !strings.Contains(said, `would: account "default": delete contact `) {
		t.Errorf("%v\n%s", err, said)
	}
	if diff := cmp.Diff(left, inventory(t, s)); diff != "" {
		t.Errorf("without --yes it changed:\n%s", diff)
	}
	if said, err = sweeps(t, url, logFile, true); err != nil || !strings.Contains(said, "nothing is left") {
		t.Errorf("%v\n%s", err, said)
	}
	if diff := cmp.Diff(before, inventory(t, s)); diff != "" {
		t.Errorf("the sweep left:\n%s", diff)
	}
	if _, err := os.Stat(logFile); err == nil {
		t.Error("the undo log is still there")
	}
}

// TestSweepByMark: exactly the mark, and a day old; whatever looks like it is somebody's.
func TestSweepByMark(t *testing.T) {
	s := fakeaircall.RunT(t, checked(t, fakeaircall.Options{Clock: start, RateLimit: fakeaircall.NoRateLimit, Scale: fakeaircall.ScaleSmall}))
	make := func(information string) string {
		return idOf(as(t, s, "POST", "/v1/contacts", fmt.Sprintf(`{"first_name":"A","information":%q,"phone_numbers":[{"label":"Work","value":"+33612345678"}]}`, information)))
	}
	old := make("aircallkit-0123abcd")
	for _, other := range []string{"aircallkit-0123abcd.", "see aircallkit-0123abcd", "aircallkit-0123ABCD", "aircallkit-0123abc", "aircallkit-0123abcd\naircallkit-0123abcd"} {
		make(other)
	}
	s.Advance(25 * time.Hour)
	young := make("aircallkit-89abcdef")
	before := inventory(t, s)
	said, err := sweeps(t, s.URL(), "", false)
	if codeOf(err) != ExitLeft || strings.Count(said, "would: ") != 1 || !strings.Contains(said, "delete contact "+old) {
		t.Errorf("%v\n%s", err, said)
	}
	if said, err := sweeps(t, s.URL(), "", true); err != nil || strings.Count(said, "done: ") != 1 {
		t.Errorf("%v\n%s", err, said)
	}
	if now := inventory(t, s); len(now) != len(before)-1 || strings.Contains(strings.Join(now, "\n"), `"id":`+old+`,`) {
		t.Errorf("%d contacts of %d are left", len(now), len(before))
	}
	s.Advance(23 * time.Hour)
	if said, err := sweeps(t, s.URL(), "", false); err != nil {
		t.Errorf("not a day old: %v\n%s", err, said)
	}
	s.Advance(2 * time.Hour)
	if said, err := sweeps(t, s.URL(), "", false); codeOf(err) != ExitLeft || !strings.Contains(said, "delete contact "+young) {
		t.Errorf("a day old: %v\n%s", err, said)
	}
}

// TestConflict: the suite does not revert what somebody else changed meanwhile. The run and the sweep report it.
func TestConflict(t *testing.T) {
	var s *fakeaircall.Server
	url, s := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(w, r)
		if r.Method == http.MethodGet && r.URL.Path == "/v1/contacts/5678" && as(t, s, "GET", "/v1/contacts/5678", "")["company_name"] == "New Corp" {
			as(t, s, "POST", "/v1/contacts/5678", `{"information":"Asked to be called on Monday"}`)
		}
	})
	logFile := filepath.Join(t.TempDir(), "undo-log")
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, AllowWrites: true, UndoLog: logFile, Tags: "@example:update_contact"}))
	const want = `CONFLICT: contact 5678 of account "default": somebody else changed its information`
	if ExitCode(rep, err) != ExitLeft || !strings.Contains(rep.Scenarios[0].Reason, want) {
		t.Errorf("exit code %d, %s", ExitCode(rep, err), rep.Scenarios[0].Reason)
	}
	if said, err := sweeps(t, url, logFile, true); codeOf(err) != ExitLeft || !strings.Contains(err.Error(), want) {
		t.Errorf("%v\n%s", err, said)
	}
	if got := as(t, s, "GET", "/v1/contacts/5678", "")["information"]; got != "Asked to be called on Monday" {
		t.Errorf("their text is gone: %v", got)
	}
}

// TestSweepRefuses what refuses a file that is not an undo log, or is of another target or of a running process.
func TestSweepRefuses(t *testing.T) {
	s := fakeaircall.RunT(t, checked(t, fakeaircall.Options{Clock: start, RateLimit: fakeaircall.NoRateLimit, Scale: fakeaircall.ScaleEmpty}))
	head := func(target string, version, process int) string {
		return fmt.Sprintf(`{"version":%d,"run":"aircallkit-01234567","target":%q,"started":"2026-06-15T09:00:00Z","process":%d}`+"\n", version, target, process)
	}
	for _, c := range []struct{ name, text, want string }{
		{"a letter", "Dear Ann,\n", "this is not an undo log"},
		{"a letter without an end", "Dear Ann", "this is not an undo log"},
		{"another version", head(s.URL(), 2, 0), "version 2; this program reads version 1"},
		{"another target", head("https://api.aircall.io", 1, 0), "it is of https://api.aircall.io, not of " + s.URL()},
		{"a run that goes", head(s.URL(), 1, os.Getppid()), fmt.Sprintf("its run is still going, as process %d", os.Getppid())},
		{"an invalid line", head(s.URL(), 1, 0) + "[]\n", ":2: this is not a line of an undo log"},
	} {
		path := filepath.Join(t.TempDir(), "undo-log")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sweeps(t, s.URL(), path, true); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		if now, _ := os.ReadFile(path); string(now) != c.text {
			t.Errorf("%s: the file was changed", c.name)
		}
	}
	if err := Sweep(t.Context(), SweepOptions{Target: "fake", Stdout: io.Discard}); err == nil {
		t.Error("the fake of a run can be swept")
	}
}
