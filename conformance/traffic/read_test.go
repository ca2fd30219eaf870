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
