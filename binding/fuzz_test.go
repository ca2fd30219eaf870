package binding_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding"
)

// A wire answers every request with the same bytes.
type wire struct {
	status int
	body   []byte
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: w.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(w.body)),
		ContentLength: int64(len(w.body)), Request: req, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// fuzzRunner is one whose scripts end soon, and whose requests reach a wire.
func fuzzRunner(t testing.TB, w *wire) *binding.Runner {
	return runner(t, "http://127.0.0.1:1", func(c *binding.Config) {
		c.Transport = w
		c.Limits = binding.Limits{Timeout: 50 * time.Millisecond, Memory: 16 << 20, String: 1 << 20, Calls: 20, PatternSteps: 100_000, MaxPages: 3}
	})
}

// mustEndWell runs whatever it is given: it may fail, but neither hang nor by a fault of ours.
func mustEndWell(t *testing.T, r *binding.Runner, source string, args ...any) *binding.Result {
	t.Helper()
	start := time.Now()
	res, err := r.Run(t.Context(), "fuzz.lua", source, binding.RunOptions{Args: args})
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	var failed *binding.ScriptError
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("not a ScriptError: %v", err)
	}
	says := func(word string) bool { // and does not repeat the source
		return strings.Contains(failed.Message, word) && !strings.Contains(source, word)
	}
	if failed != nil && (failed.Type == "internal" || says("runtime error") || says("goroutine")) {
		t.Fatalf("%s: %v\n%s", failed.Type, failed, failed.Traceback)
	}
	if failed != nil && strings.HasSuffix(failed.Message, "abandoned.") {
		comesBack(t, source) // a busy machine may be late, but not for ever
	}
	if strings.Contains(res.Output, "Internal error") {
		t.Fatalf("it printed an internal error: %s", res.Output)
	}
	return res
}

// comesBack waits for scripts that were abandoned.
func comesBack(t *testing.T, source string) {
	t.Helper()
	start := time.Now()
	buf := make([]byte, 1<<20)
	for tick := time.NewTicker(100 * time.Millisecond); ; <-tick.C {
		if !bytes.Contains(buf[:runtime.Stack(buf, true)], []byte("(*session).execute")) {
			t.Logf("came back after %v: %.300q", time.Since(start), source)
			return
		}
		if time.Since(start) > 10*time.Second {
			t.Fatalf("it does not come back: %q", source)
		}
	}
}

func FuzzSource(f *testing.F) {
	scripts, err := filepath.Glob("testdata/hostile/*.lua")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range scripts {
		source, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		_, source, _ = bytes.Cut(source, []byte("\n"))
		f.Add(string(source))
	}
	for _, e := range binding.Examples() {
		f.Add(e.Source)
	}
	for _, source := range []string{"", "#!x", "goto a ::a::", "return ...", "a.b:c{...}", "local a <const> = 1", "for a, b in c do end", "return 0x, 1e, '\\300'"} {
		f.Add(source)
	}
	r := fuzzRunner(f, &wire{200, []byte(`{"call":{"id":1},"calls":[],"contacts":[],"users":[],"numbers":[]}`)})
	f.Fuzz(func(t *testing.T, source string) { mustEndWell(t, r, source) })
}

func FuzzFormat(f *testing.F) {
	for _, layout := range []string{"%d", "%5.2f %s", "%q%%", "%", "%-+ #05.3x", "%c%c", "%99.99g", "%*d", "%1$d", "%!", "%s%s%s%s"} {
		f.Add(layout, "text", 1.5)
	}
	r := fuzzRunner(f, &wire{})
	f.Fuzz(func(t *testing.T, layout, text string, number float64) {
		const script = `
			local layout, text, number = ...
			for _, args in ipairs{{}, {text}, {number}, {text, number}, {number, text, text, number}} do
				local ok, got = pcall(string.format, layout, unpack(args))
				if ok then print(got) end
			end`
		if number != number || number-number != 0 {
			number = 0 // JSON has no such arguments
		}
		res := mustEndWell(t, r, script, layout, text, number)
		if strings.Contains(res.Output, "%!") && !strings.Contains(text+layout, "!") {
			t.Errorf("%q shows Go's marks: %q", layout, res.Output)
		}
	})
}

func FuzzArguments(f *testing.F) {
	for _, args := range []string{`{"call_id":1}`, `[1,2,3]`, `{"per_page":1e300,"page":-1}`, `{"tags":[1,null,{}]}`, `{"phone_numbers":[{"value":"+1","label":null}]}`,
		`{"from":"2026-01-01","to":9007199254740993}`, `"x"`, `null`, `{"":{"":[]}}`, `{"contact_id":5,"emails":[[]]}`} {
		for i := range 3 {
			f.Add(uint8(i*7), args)
		}
	}
	all := binding.All()
	w := &wire{200, []byte(`{}`)}
	r := runner(f, "http://127.0.0.1:1", func(c *binding.Config) {
		c.Transport = w
		c.Permission = func(context.Context, binding.Access) binding.Decision { return binding.Allow }
		c.Limits = binding.Limits{Timeout: 500 * time.Millisecond, MaxPages: 3}
	})
	f.Fuzz(func(t *testing.T, which uint8, args string) {
		const script = `
			local name, args = ...
			local ok, value = pcall(json.decode, args)
			if not ok then return end
			local f = app.integrations.aircall[name]
			local ok, e = pcall(f, value)
			if not ok then assert(e.type ~= "internal", tostring(e)) end
			if type(value) == "table" then
				local ok, e = pcall(function() return f(unpack(value, 1, 5)) end)
				if not ok then assert(e.type ~= "internal", tostring(e)) end
			end`
		mustEndWell(t, r, script, all[int(which)%len(all)].Name, args)
	})
}

func FuzzReply(f *testing.F) {
	for _, body := range []string{`{}`, `{"calls":[{"id":1}],"meta":{"total":1}}`, `{"calls":null}`, `{"calls":[null,1,"x",{}]}`, `[]`, `null`, `"x"`, `{"contact":{"phone_numbers":{}}}`,
		`{"calls":[{"number":[],"user":1,"contact":"x","direction":{}}],"meta":[]}`, `{"user":{"name":{"a":1}}}`, `{"contacts":[{"id":9007199254740993,"emails":[null]}],"meta":{"next_page_link":"x"}}`,
		`<html>`, "\xff", `{"a":` + strings.Repeat("[", 200), `{"users":[{"name":"  "}],"numbers":[{"digits":0,"users":[1]}]}`} {
		f.Add(200, body)
	}
	f.Add(404, `{"error":{"x":1},"troubleshoot":[]}`)
	f.Add(429, `{}`)
	f.Add(299, ``)
	examples := binding.Examples()
	f.Fuzz(func(t *testing.T, status int, body string) {
		w := &wire{200 + (status%400+400)%400, []byte(body)}
		if w.status == 429 || w.status >= 500 || w.status/100 == 3 {
			w.status = 400 // what is tried again takes time only
		}
		r := fuzzRunner(t, w)
		for _, e := range examples {
			mustEndWell(t, r, e.Source)
		}
	})
}
