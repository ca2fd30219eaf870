package traffic_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

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
