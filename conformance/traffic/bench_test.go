package traffic_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/traffic"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// largeRecording writes at least so many bytes of exchanges: pages of every list of three large companies, each with another
// size and order, so that no two bodies are the same, among entries of other hosts.
func largeRecording(t testing.TB, bytes int64) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "large.har")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := har.NewWriter(f, "test", "1")
	if err != nil {
		t.Fatal(err)
	}
	s := fakeaircall.RunT(t, fakeaircall.Options{Scale: fakeaircall.ScaleLarge, Clock: fakeClock, RateLimit: fakeaircall.NoRateLimit, BaseURL: live})
	paths := []string{"/v1/calls", "/v1/contacts", "/v2/users", "/v1/numbers", "/v1/calls", "/v1/teams", "/v1/tags", "/v1/calls/search"}
	for round := 0; ; round++ {
		for i, path := range paths {
			account := fakeaircall.StandardAccounts()[(round+i)%3]
			target := fmt.Sprintf("%s?per_page=%d&page=%d&order=%s", path, 50-round%7, 1+round/14%20, []string{"asc", "desc"}[round/7%2])
			req := httptest.NewRequest(http.MethodGet, target, nil)
			req.SetBasicAuth(account.APIID, account.APIToken)
			got := httptest.NewRecorder()
			s.Handler().ServeHTTP(got, req)
			u, err := url.Parse(live + target)
			if err == nil {
				err = w.Write(har.Entry{
					Started: fakeClock, Method: http.MethodGet, URL: u, RequestHeader: req.Header, Status: got.Code, ReplyHeader: got.Header(), ReplyBody: got.Body.Bytes(), HasBody: true,
				})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if is, err := f.Stat(); err != nil {
			t.Fatal(err)
		} else if is.Size() >= bytes {
			return name
		}
	}
}

const hundredMB = 100_000_000

// BenchmarkCheck100MB reads a recording of 100 MB.
func BenchmarkCheck100MB(b *testing.B) {
	name := largeRecording(b, hundredMB)
	b.SetBytes(hundredMB)
	for b.Loop() {
		checkFile(b, name, traffic.Options{})
	}
}

// readLarge is the name of a recording that this process reads in place of the tests.
const readLarge = "AIRCALLKIT_READ_RECORDING"

func TestMain(m *testing.M) {
	name := os.Getenv(readLarge)
	if name == "" {
		os.Exit(m.Run())
	}
	f, err := os.Open(name)
	if err == nil {
		var c *traffic.Checker
		if c, err = traffic.NewChecker(traffic.Options{Shapes: true}); err == nil {
			err = c.Read(context.Background(), name, f)
		}
		if err == nil && len(c.Result().Breaches) > 0 {
			err = fmt.Errorf("%s", c.Result().Breaches[0])
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// A recording of 100 MB is read in 10 seconds with 500 MB of memory. Other programs may slow this one down, so that the time of
// the processors counts.
func TestLargeRecording(t *testing.T) {
	size := int64(5_000_000)
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		size = hundredMB
	}
	name := largeRecording(t, size)
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), readLarge+"="+name), os.Stderr
	began := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	memory := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10
	busy := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("%d MB in %.1f s, %.1f s of processors, with %d MB of memory", size/1_000_000, took.Seconds(), busy.Seconds(), memory)
	if busy > 10*time.Second || memory > 500 {
		t.Errorf("it took %s of processors and %d MB, want 10s and 500 MB at most", busy, memory)
	}
}
