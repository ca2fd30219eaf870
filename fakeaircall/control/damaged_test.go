package control

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A state of a fake is a snapshot in which everything occurs, as records by key.
func busyState(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	w := controlled(t, func(o *fakeaircall.Options) {
		o.Scale, o.Seed, o.Accounts = fakeaircall.ScaleSmall, 2, []fakeaircall.Account{fakeaircall.StandardAccount("default")}
	})
	w.send("POST", "/v1/webhooks", `{"custom_name":"x","url":"https://127.0.0.1:1/in"}`).wantStatus(201)
	for _, outcome := range fakeaircall.Outcomes() {
		if _, err := w.Simulate("", fakeaircall.SimulatedCall{Outcome: outcome}); err != nil {
			t.Fatal(err)
		}
		w.Advance(3 * time.Second)
	}
	if _, err := w.SimulateMessage("", fakeaircall.SimulatedMessage{From: "+33199000042", Body: "Hello"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Simulate("", fakeaircall.SimulatedCall{Direction: "inbound"}); err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	data, _ := json.Marshal(w.Snapshot())
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// nasty are values that belong nowhere, or only in some places.
var nasty = []string{
	`null`, `true`, `0`, `-1`, `1`, `7`, `1.5`, `1e300`, `253402300800`, `9223372036854775807`, `-9223372036854775808`, `18446744073709551615`, `99999999999999999999`,
	`""`, `"x"`, `"0000-01-01T00:00:00Z"`, `"9999-12-31T23:59:59Z"`, `"2300-01-01T00:00:00Z"`, `"20000-01-01T00:00:00Z"`, `"-1h"`, `"2562047h47m16s"`, `"\u0000"`,
	`[]`, `[null]`, `[1,1]`, `{}`, `{"a":1}`, `[[[[[[[[[[[[]]]]]]]]]]]]`, strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000), `"` + strings.Repeat("y", 100_000) + `"`,
}

// damage changes one place of one record, and says which.
func damage(r *rand.Rand, all map[string]json.RawMessage, keys []string) string {
	key := keys[r.IntN(len(keys))]
	if r.IntN(2) == 0 { // half of the keys are those of events and timers
		kinds := make(map[string][]string)
		for _, k := range keys {
			kind := digitsInKey.ReplaceAllString(k, "")
			kinds[kind] = append(kinds[kind], k)
		}
		of := kinds[slices.Sorted(maps.Keys(kinds))[r.IntN(len(kinds))]]
		key = of[r.IntN(len(of))]
	}
	switch r.IntN(12) {
	case 0:
		delete(all, key)
		return "without " + key
	case 1:
		other := keys[r.IntN(len(keys))]
		all[other] = all[key]
		return other + " is " + key
	case 2:
		all[key+"x"], all[strings.TrimSuffix(key, key[len(key)-1:])] = all[key], all[key]
		return key + " in other places"
	}
	var v any
	d := json.NewDecoder(strings.NewReader(string(all[key])))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		panic(err)
	}
	put := nasty[r.IntN(len(nasty))]
	path := ""
	at := func(any) {}
	at = func(n any) { all[key] = marshal(n) }
	for node, set := v, func(n any) { v = n }; ; {
		n := 0
		switch c := node.(type) {
		case map[string]any:
			n = len(c)
		case []any:
			n = len(c)
		}
		if n == 0 || r.IntN(8) == 0 {
			set(json.RawMessage(put))
			break
		}
		switch c := node.(type) {
		case map[string]any:
			name := slices.Sorted(maps.Keys(c))[r.IntN(n)]
			path += "." + name
			node, set = c[name], func(n any) { c[name] = n }
		case []any:
			i := r.IntN(n)
			path += fmt.Sprintf("[%d]", i)
			node, set = c[i], func(n any) { c[i] = n }
		}
	}
	at(v)
	return fmt.Sprintf("%s%s = %.60s", key, path, put)
}

var digitsInKey = regexp.MustCompile(`[0-9]+`)

func marshal(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// readEverything asks for all that a fake shows. It returns an error for a status of 500 or a panic.
func readEverything(srv *fakeaircall.Server, ids map[string][]string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	h := srv.Handler()
	ask := func(method, path, body string) {
		req := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
		req.RemoteAddr = "127.0.0.1:9"
		if !strings.HasPrefix(path, basePath) {
			req.SetBasicAuth("fake-default-id", "fake-default-token")
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code >= 500 && err == nil {
			err = fmt.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
	everything := func() {
		for _, r := range fakeaircall.Routes() {
			if r.Method != "GET" {
				continue
			}
			kind := strings.Split(r.Path, "/")[2]
			if !strings.Contains(r.Path, "{") {
				ask("GET", r.Path, "")
				ask("GET", r.Path+"?order=desc&per_page=50&from=1", "")
				continue
			}
			for _, id := range append(ids[kind], "1") {
				ask("GET", regexp.MustCompile(`\{[a-z_]+\}`).ReplaceAllString(r.Path, id), "")
			}
		}
		for _, r := range routes() {
			if r.method == "GET" && !strings.Contains(r.path, "{") && r.op != "wait-for-change" {
				ask("GET", r.path, "")
			}
		}
		ask("GET", "/_fake/snapshots/current/diff", "")
	}
	everything()
	ask("POST", "/v1/contacts", kim)
	for _, id := range append(ids["calls"], "12345") {
		ask("POST", "/v1/calls/"+id+"/comments", `{"content":"new"}`)
		ask("PUT", "/v1/calls/"+id+"/archive", "")
	}
	ask("POST", "/_fake/calls", `{"direction":"inbound","outcome":"answered"}`)
	ask("POST", "/_fake/messages", `{"from":"+33199000042","body":"Hi"}`)
	for _, step := range []string{"1s", "1m", "3h"} {
		ask("POST", "/_fake/clock", `{"advance":"`+step+`"}`)
		everything()
	}
	return err
}

// A damaged snapshot is refused, or restored, and then the fake works: no request panics or has the status 500. It tries 40
// snapshots, or 200 with AIRCALLKIT_FULL.
func TestDamagedSnapshots(t *testing.T) {
	tries := 40
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		tries = 200
	}
	whole := busyState(t)
	keys := slices.Sorted(maps.Keys(whole))
	refused := 0
	for seed := range tries {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		all := maps.Clone(whole)
		what := damage(r, all, keys)
		n, err := fakeaircall.ParseSnapshot(marshal(all))
		if err != nil {
			refused++
			if len(err.Error()) > 500 {
				t.Errorf("%d, %s: a long error: %.600s", seed, what, err)
			}
			continue
		}
		srv, err := fakeaircall.New(checked(t, fakeaircall.Options{Snapshot: n, Control: New, RateLimit: fakeaircall.NoRateLimit, AllowUnknownRoutes: true}))
		if err != nil {
			t.Errorf("%d, %s: %v", seed, what, err)
			continue
		}
		ids := make(map[string][]string)
		for key := range all {
			path := strings.Split(key, "/")
			if len(path) == 4 && (strings.Contains(what, key+" ") || strings.Contains(what, key+".") || len(ids[path[2]]) == 0) {
				ids[path[2]] = append(ids[path[2]], path[3])
			}
		}
		if err := readEverything(srv, ids); err != nil {
			t.Errorf("%d, %s: %v", seed, what, err)
		}
		srv.Close()
	}
	t.Logf("%d of %d refused", refused, tries)
	if refused == 0 || refused == tries {
		t.Error("one of both never happened")
	}
}
