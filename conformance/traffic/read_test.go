package traffic_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/traffic"
)

// reading calls do before it reads on.
type reading struct {
	io.Reader
	do func()
}

func (r *reading) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p[:min(len(p), 4096)])
	if r.do != nil {
		r.do()
	}
	return n, err
}

// A reader that is interrupted, or a file that is cut off, leaves nothing running. The entries before it count.
func TestCanceled(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	data, err := os.ReadFile("testdata/september-2026.har")
	if err != nil {
		t.Fatal(err)
	}
	c, err := traffic.NewChecker(traffic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	read := 0
	err = c.Read(ctx, "a.har", &reading{strings.NewReader(string(data)), func() {
		if read++; read == 5 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cause", err)
	}
	err = c.Read(t.Context(), "b.har", strings.NewReader(string(data[:len(data)/2])))
	place, ok := errors.AsType[*har.PlaceError](err)
	if !ok || place.Entry < 2 || place.Offset < 1000 || !strings.HasPrefix(err.Error(), "b.har: entry ") {
		t.Errorf("got %v, want the file, the entry and the byte", err)
	}
	r := c.Result()
	if len(r.Files) != 2 || r.Checked < place.Entry-1 || r.Checked > place.Entry+r.Files[0].Entries {
		t.Errorf("%d exchanges of %+v, and the error is in entry %d", r.Checked, r.Files, place.Entry)
	}
}

// What one file shows is not compared with another: they may be of different times.
func TestFilesAreApart(t *testing.T) {
	deletion := `{"request":{"method":"DELETE","url":"https://api.aircall.io/v1/tags/1"},"response":{"status":204,"content":{}}}`
	for entries, want := range map[string]string{deletion: "not observed", deletion + "," + deletion: "refuted"} {
		c, err := traffic.NewChecker(traffic.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a.har", "b.har"} {
			if err := c.Read(t.Context(), name, strings.NewReader(`{"log":{"entries":[`+entries+`]}}`)); err != nil {
				t.Fatal(err)
			}
		}
		if v := verdictOf(t, c.Result(), "delete-twice"); v.Result != want {
			t.Errorf("it is %s, want %s", v.Result, want)
		}
	}
}

// Other servers on this machine, and pages of Aircall, do not count. Paths that a fake does not have do.
func TestEntriesThatCount(t *testing.T) {
	entry := func(method, target, header string) string {
		return `{"request":{"method":"` + method + `","url":"` + target + `"},"response":{"status":200,"headers":[` + header + `],"content":{"text":"{}"}}}`
	}
	for target, want := range map[string]int{
		"http://localhost:5173/vite/client":         0,
		"http://127.0.0.1:3000/v1/todos":            0,
		"http://127.0.0.1:8787/_fake/calls":         0,
		"http://127.0.0.1:8787/v1/calls":            1,
		"http://127.0.0.1:9000/proxy/v1/calls":      1,
		"https://api.aircall.io/v1/todos":           1,
		"https://api.aircall.io:443/v1/calls":       1,
		"https://API.aircall.io/v1/calls":           1,
		"https://api.aircall.io/oauth/authorize":    0,
		"https://dashboard.aircall.io/v1/calls":     0,
		"https://gateway.acme.test/aircall/v1/tags": 1,
		"https://short-urls.aircall.io/v1/a":        1,
	} {
		c, err := traffic.NewChecker(traffic.Options{Hosts: []string{"Gateway.acme.test"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Read(t.Context(), "a.har", strings.NewReader(`{"log":{"entries":[`+entry("GET", target, "")+`]}}`)); err != nil {
			t.Fatal(err)
		}
		if r := c.Result(); r.Checked != want {
			t.Errorf("%s: %d exchanges count, want %d (%v)", target, r.Checked, want, r.Skipped)
		}
	}
	c, err := traffic.NewChecker(traffic.Options{})
	if err != nil {
		t.Fatal(err)
	}
	unknown := entry("GET", "http://127.0.0.1:8787/v1/todos", `{"name":"apigw-requestid","value":"abc="}`)
	if err := c.Read(t.Context(), "a.har", strings.NewReader(`{"log":{"entries":[`+unknown+`]}}`)); err != nil {
		t.Fatal(err)
	}
	if r := c.Result(); len(r.New) != 1 || r.New[0].What != "GET /v1/… answers 200" {
		t.Errorf("news of a fake's unknown path: %+v", r.New)
	}
}
