package fakeaircall

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A snapshot that is written and read again is the same in every field.
func TestSnapshotText(t *testing.T) {
	w := busy(t)
	w.change(func(tx *tx) { tx.mustBeFull(t) })
	s := w.Snapshot()
	text := s.text()
	read, err := ParseSnapshot(text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.world.Accounts {
		a, b := s.world.Accounts[i].State, read.world.Accounts[i].State
		forgetKept(a)
		a.zones, b.zones = nil, nil
		if diff := difference(reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem(), "state"); diff != "" {
			t.Errorf("company %d: %s", i, diff)
		}
	}
	if !bytes.Equal(read.text(), text) {
		t.Error("the text of what was read differs")
	}
	var any map[string]json.RawMessage
	if data, err := json.Marshal(s); err != nil || json.Unmarshal(data, &any) != nil || len(any) < 4 {
		t.Errorf("json.Marshal: %v, %d members", err, len(any))
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if len(line) > 20_000 {
			t.Errorf("a line of %d bytes: %.100s", len(line), line)
		}
	}
}

// difference is the first place where two values are not the same.
func difference(a, b reflect.Value, path string) string {
	switch {
	case a.Kind() == reflect.Struct && a.Type() != reflect.TypeFor[time.Time]():
		for i := range a.NumField() {
			if a.Type().Field(i).Name == "version" {
				continue // of a table, which begins anew
			}
			if d := difference(a.Field(i), b.Field(i), path+"."+a.Type().Field(i).Name); d != "" {
				return d
			}
		}
		return ""
	case a.Kind() == reflect.Pointer && !a.IsNil() && !b.IsNil():
		return difference(a.Elem(), b.Elem(), path)
	case (a.Kind() == reflect.Slice && a.Type().Elem().Kind() != reflect.Uint8) && a.Len() == b.Len() && a.IsNil() == b.IsNil():
		for i := range a.Len() {
			if d := difference(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", path, i)); d != "" {
				return d
			}
		}
		return ""
	case a.Kind() == reflect.Map && a.Len() == b.Len() && a.IsNil() == b.IsNil():
		for i := a.MapRange(); i.Next(); {
			if !b.MapIndex(i.Key()).IsValid() {
				return fmt.Sprintf("%s[%v] is gone", path, i.Key())
			}
			if d := difference(i.Value(), b.MapIndex(i.Key()), fmt.Sprintf("%s[%v]", path, i.Key())); d != "" {
				return d
			}
		}
		return ""
	}
	if x, y := fmt.Sprintf("%#v", a), fmt.Sprintf("%#v", b); x != y {
		return fmt.Sprintf("%s: %s, and %s", path, x, y)
	}
	return ""
}

// A restored server behaves as the server of the snapshot.
func TestRestoreGoesOn(t *testing.T) {
	w := busy(t)
	s := w.Snapshot()
	goOn := func(w world) string {
		w.Advance(time.Hour)
		w.send("POST", "/v1/contacts", kim).wantStatus(201)
		w.send("POST", "/v1/calls/12345/comments", `{"content":"new"}`).wantStatus(201)
		w.send("DELETE", "/v1/contacts/5678", "").wantStatus(204)
		lines := strings.Split(differing.ReplaceAllString(string(w.Snapshot().text()), ""), "\n")
		for i := range lines {
			lines[i] = strings.TrimSuffix(lines[i], ",")
		}
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}
	here := goOn(w)
	w.Restore(s)
	if again := goOn(w); again != here {
		t.Errorf("here, again: %s", firstDifference(here, again))
	}
	w.Restore(s)
	if !bytes.Equal(w.Snapshot().text(), s.text()) {
		t.Error("what is restored is not what the snapshot has")
	}
	read, err := ParseSnapshot(s.text())
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []*Snapshot{s, read} {
		there := world{RunT(t, checked(t, Options{Snapshot: from, RateLimit: NoRateLimit, Seed: 99, Scale: ScaleEmpty})), t}
		if got := goOn(there); got != here {
			t.Errorf("elsewhere: %s", firstDifference(here, got))
		}
	}
}

// differing is what depends on the machine: how long an attempt took, where the
// server listens, and which of two deliveries of one instant was answered first.
var differing = regexp.MustCompile(`"took":"[^"]*",?|127\.0\.0\.1:[0-9]+|"seq":[0-9]+,"at"`)

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n%.300s\n%.300s", i+1, x[i], y[i])
		}
	}
	return "one is longer"
}

// ParseSnapshot refuses invalid records, and names them.
func TestParseSnapshotRefuses(t *testing.T) {
	w := busy(t)
	good := string(w.Snapshot().text())
	for _, c := range []struct{ old, new, want string }{
		{`"format":4`, `"format":5`, "its format is 5, and 4 is the newest that this program reads"},
		{`"format":4`, `"format":3`, "its format is 3, and this program reads only 4"},
		{`"format":4`, `"form":4`, "this is not a snapshot"},
		{`"clock":{`, `"clock":`, "it is cut off or damaged"},
		{`"clock":{`, `"clock":{"speed":-1,`, "a speed of 0 to 3600"},
		{`"account":"sales"`, `"account":"default"`, `another account has the name "default"`},
		{`"place":1`, `"place":2`, `another account has the place 2`},
		{`{"id":5678,`, `{"id":"5678",`, `accounts/default/contacts/5678: id: a string is not a whole number`},
		{`{"id":5678,`, `{"id":12,`, ``},
		{`"act":"deliver"`, `"act":"dance"`, `there is no act dance`},
		{`"act":"deliver"`, `"act":"message","n":-1`, `message has no step`},
		{`"first_name":`, `"firstname":`, "there is no field firstname"},
		{`"now":"2026-`, `"now":"26-`, `cannot parse`},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if bad == good {
			t.Errorf("%s is not in a snapshot", c.old)
			continue
		}
		if _, err := ParseSnapshot([]byte(bad)); c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.new, err)
		}
	}
	for cut := len(good) - 2; cut > 0; cut -= len(good) / 50 {
		if _, err := ParseSnapshot([]byte(good[:cut])); err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("the first %d bytes: %v", cut, err)
		}
	}
	for _, bad := range []string{"", "null", "[]", "7", `{"format":"2"}`, `{"format":4}`, `{"format":4,"companies":[]}`} {
		if _, err := ParseSnapshot([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// A delivery that was under way when the snapshot was taken is sent again.
func TestSnapshotUnderWay(t *testing.T) {
	w := busy(t)
	w.change(func(tx *tx) {
		for _, d := range tx.deliveries.pending.order {
			d.Underway = true
			for _, m := range slices.Clone(tx.schedule.timers.order) {
				if m.Act == actDeliver && m.ID == d.ID {
					tx.schedule.timers.remove(int64(m.Seq))
				}
			}
		}
	})
	before, _ := w.DeliveryTotals("default")
	w.Restore(w.Snapshot())
	w.Advance(13 * time.Hour)
	after, _ := w.DeliveryTotals("default")
	if before.Pending == 0 || after.Pending != 0 {
		t.Errorf("%+v became %+v", before, after)
	}
}

func TestFork(t *testing.T) {
	w := empty(t)
	fork := world{w.Fork(t), t}
	made := fork.send("POST", "/v1/contacts", kim).wantStatus(201).at("contact.id")
	fork.get("/v1/contacts/" + made).wantStatus(200)
	w.get("/v1/contacts/" + made).wantStatus(404)
	w.send("POST", "/v1/tags", `{"name":"Mine","color":"#112233"}`).wantStatus(201)
	if got := fork.get("/v1/tags").at("meta.total"); got == w.get("/v1/tags").at("meta.total") {
		t.Error("a tag shows in the fork")
	}
	if w.lost().Snapshot().world.Accounts[0].Account != "default" {
		t.Error("the first is not default")
	}
}

// A snapshot has the tokens of OAuth, and not the credentials of accounts.
func TestSnapshotTokens(t *testing.T) {
	o := Options{Scale: ScaleEmpty, Clock: noon, Accounts: []Account{{Name: "mine", APIID: "canary-id", APIToken: "canary-token", Bearer: "canary-bearer"}}}
	w := world{RunT(t, checked(t, o)), t}
	k := w.keys
	code, _ := k.issue(token{w.accounts()[0], "fake-client-id"}, "http://localhost/oauth/callback", noon)
	value, _, err := k.redeem(code, "fake-client-id", "http://localhost/oauth/callback", noon)
	if err != nil {
		t.Fatal(err)
	}
	open, _ := k.issue(token{w.accounts()[0], "fake-client-id"}, "x", noon)
	w.Revoke("canary-bearer")
	s := w.Snapshot()
	if bytes.Contains(s.text(), []byte("canary")) {
		t.Error("a snapshot tells credentials")
	}
	w.Reset()
	w.sendAs("Bearer "+value, "GET", "/v1/ping", "").wantStatus(403)
	w.sendAs("Bearer canary-bearer", "GET", "/v1/ping", "").wantStatus(200)
	w.Restore(s)
	w.sendAs("Bearer "+value, "GET", "/v1/ping", "").wantStatus(200)
	w.sendAs("Bearer canary-bearer", "GET", "/v1/ping", "").wantStatus(403)
	if _, _, err := k.redeem(open, "fake-client-id", "x", noon); err != nil {
		t.Error("the code is not good any more")
	}
	there := world{RunT(t, checked(t, Options{Snapshot: s})), t}
	there.sendAs("Bearer "+value, "GET", "/v1/ping", "").wantStatus(200)
	there.sendAs("Bearer fake-mine-bearer", "GET", "/v1/ping", "").wantStatus(403)
}

// testdata/snapshot.json shows the names and forms of the records. A change needs a new snapshotFormat, unless earlier
// records can still be read.
func TestSnapshotLayout(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Accounts: []Account{StandardAccount("default")}}))
	const path = "testdata/snapshot.json"
	got := srv.Snapshot().text()
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(want, got) {
		t.Errorf("%s differs (%v): go test ./fakeaircall -run Layout -update, and think of snapshotFormat\n%s", path, err, firstDifference(string(want), string(got)))
	}
}

func BenchmarkRestore(b *testing.B) {
	srv := RunT(b, Options{Clock: noon})
	s := srv.Snapshot()
	b.Run("default world", func(b *testing.B) {
		for b.Loop() {
			srv.Restore(s)
		}
	})
	b.Run("default world, every company touched", func(b *testing.B) {
		for b.Loop() {
			srv.Restore(s)
			for _, c := range srv.accounts() {
				c.prepare()
			}
		}
	})
	b.Run("fork", func(b *testing.B) {
		for b.Loop() {
			o := srv.options
			o.Snapshot = srv.Snapshot()
			if _, err := New(o); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("text", func(b *testing.B) {
		for b.Loop() {
			s.text()
		}
	})
	text := s.text()
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := ParseSnapshot(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestInternalRecords: a change of the data is not internal, and all names of internal records are names of records.
func TestInternalRecords(t *testing.T) {
	known := make(map[string]bool)
	var s state
	for _, c := range s.tables() {
		known[c.name] = true
	}
	for _, v := range append(s.values(), new(worldRecord).values()...) {
		known[v.name] = true
	}
	for name := range internal {
		if !known[name] {
			t.Errorf("there is no record %q", name)
		}
	}
	for _, path := range []string{"contacts/5678", "calls/12345", "tags/7", "account"} {
		if (Difference{Path: path}).Internal() {
			t.Errorf("%s is internal", path)
		}
	}
	if !(Difference{Path: "events/7"}).Internal() {
		t.Error("an event is not internal")
	}
}
