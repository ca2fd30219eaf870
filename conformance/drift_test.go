package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/google/go-cmp/cmp"
)

const fakeShapes = "testdata/fake.shapes.json"

// TestFakeShapes keeps the recording of our own fake: a change of the wire shows in it. Write it with -update.
func TestFakeShapes(t *testing.T) {
	shapes, err := Record(t.Context(), checkedRun(t, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := shapes.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(fakeShapes, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if changes := drift.Diff(golden(t), shapes); len(changes) > 0 {
		t.Errorf("the fake has drifted from %s: %v; look at it, then write it with -update", fakeShapes, changes)
	}
	want, err := os.ReadFile(fakeShapes)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is stale, write it with -update:\n%s", fakeShapes, diff)
	}
	for _, r := range shapes.Replies {
		for _, f := range r.Fields {
			if f.Presence <= 0 || f.Presence > 1 {
				t.Errorf("%s %s: it is there in %g", r.Op, f.Path, f.Presence)
			}
		}
	}
	for _, personal := range []string{"@", "+33", "fake-default", "http"} {
		if bytes.Contains(got, []byte(personal)) {
			t.Errorf("the recording holds %q", personal)
		}
	}
}

func golden(t *testing.T) *drift.Shapes {
	t.Helper()
	data, err := os.ReadFile(fakeShapes)
	if err != nil {
		t.Fatal(err)
	}
	s, err := drift.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A reply of the golden recording, to be changed.
func replyIn(t *testing.T, s *drift.Shapes, op, asks string, status int) *drift.ReplyShape {
	t.Helper()
	i := slices.IndexFunc(s.Replies, func(r drift.ReplyShape) bool { return r.Op == op && r.Asks == asks && r.Status == status })
	if i < 0 {
		t.Fatalf("%s (%s) %d was not recorded", op, asks, status)
	}
	return &s.Replies[i]
}

func fieldIn(t *testing.T, r *drift.ReplyShape, path string) *drift.Field {
	t.Helper()
	i := slices.IndexFunc(r.Fields, func(f drift.Field) bool { return f.Path == path })
	if i < 0 {
		t.Fatalf("there is no %s", path)
	}
	return &r.Fields[i]
}

func dropField(r *drift.ReplyShape, path string) {
	r.Fields = slices.DeleteFunc(r.Fields, func(f drift.Field) bool { return f.Path == path || strings.HasPrefix(f.Path, path+".") })
}

func TestTiers(t *testing.T) {
	calls := func(s *drift.Shapes) *drift.ReplyShape { return replyIn(t, s, "list-all-calls", "list", 200) }
	for _, c := range []struct {
		name   string
		change func(*drift.Shapes)
		want   []string // tier and place
	}{
		{"nothing", func(*drift.Shapes) {}, nil},
		{"a new field", func(s *drift.Shapes) {
			calls(s).Fields = append(calls(s).Fields, drift.Field{Path: "calls.*.mood", Kinds: []string{"object"}, Presence: 1}, drift.Field{Path: "calls.*.mood.word", Kinds: []string{"string"}, Presence: 1})
		}, []string{"info calls.*.mood"}},
		{"a field that is gone", func(s *drift.Shapes) { dropField(calls(s), "calls.*.number") }, []string{"warn calls.*.number"}},
		{"a field that is not always there", func(s *drift.Shapes) { fieldIn(t, calls(s), "calls.*.cost").Presence = 0.5 }, []string{"warn calls.*.cost"}},
		{"a field that can be null", func(s *drift.Shapes) {
			f := fieldIn(t, calls(s), "calls.*.cost")
			f.Kinds = append([]string{"null"}, f.Kinds...)
		}, []string{"warn calls.*.cost"}},
		{"a field that is never null now", func(s *drift.Shapes) {
			f := fieldIn(t, calls(s), "calls.*.user")
			f.Kinds = []string{"object"}
		}, nil},
		{"another kind", func(s *drift.Shapes) { fieldIn(t, calls(s), "calls.*.id").Kinds = []string{"string"} }, []string{"error calls.*.id"}},
		{"a new word", func(s *drift.Shapes) {
			f := fieldIn(t, calls(s), "calls.*.direction")
			f.Words = append(f.Words, "sideways")
		}, []string{"error calls.*.direction"}},
		{"a word that is documented", func(s *drift.Shapes) {
			f := fieldIn(t, replyIn(t, s, "retrieve-a-call", "one", 200), "call.missed_call_reason")
			f.Words = append(f.Words, "short_abandoned")
		}, []string{"info call.missed_call_reason"}},
		{"a status that depends on the call", func(s *drift.Shapes) { replyIn(t, s, "retrieve-topics", "one", 404).Status = 400 }, []string{"warn status", "warn status"}},
		{"two words that are documented", func(s *drift.Shapes) {
			f := fieldIn(t, replyIn(t, s, "retrieve-a-call", "one", 200), "call.missed_call_reason")
			f.Words = append(f.Words, "short_abandoned", "abandoned_in_ivr")
		}, []string{"info call.missed_call_reason"}},
		{"a word that did not come", func(s *drift.Shapes) { fieldIn(t, calls(s), "calls.*.direction").Words = []string{"inbound"} }, nil},
		{"ids of another list", func(s *drift.Shapes) { fieldIn(t, calls(s), "calls.*.user.id").Of = "teams" }, []string{"warn calls.*.user.id"}},
		{"another status", func(s *drift.Shapes) { replyIn(t, s, "retrieve-a-call", "missing", 404).Status = 410 }, []string{"error status", "warn status"}},
		{"an empty list", func(s *drift.Shapes) { dropField(calls(s), "calls.*") }, nil},
		{"a header more", func(s *drift.Shapes) { calls(s).Headers = append(calls(s).Headers, "X-New") }, []string{"info header X-New"}},
		{"a header less", func(s *drift.Shapes) {
			calls(s).Headers = slices.DeleteFunc(calls(s).Headers, func(h string) bool { return h == "Etag" })
		}, []string{"warn header Etag"}},
		{"a question that was not asked", func(s *drift.Shapes) {
			s.Replies = slices.DeleteFunc(s.Replies, func(r drift.ReplyShape) bool { return r.Op == "ping" })
		}, []string{"warn status"}},
		{"a question more", func(s *drift.Shapes) {
			s.Replies = append(s.Replies, drift.ReplyShape{Op: "list-moods", Asks: "list", Status: 200})
		}, []string{"info status"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := golden(t)
			c.change(now)
			var got []string
			for _, change := range drift.Diff(golden(t), now) {
				got = append(got, change.Tier+" "+change.Where)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if !(drift.Change{Tier: drift.TierError}).AtLeast(drift.TierWarn) || (drift.Change{Tier: drift.TierInfo}).AtLeast(drift.TierWarn) {
		t.Error("the tiers have no order")
	}
}

// TestDriftOfATarget records a target that has changed, and finds each change.
func TestDriftOfATarget(t *testing.T) {
	now, err := Record(t.Context(), Options{Wrap: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			body := rec.Body.Bytes()
			if r.URL.Path == "/v1/tags" {
				var v map[string]any
				if err := json.Unmarshal(body, &v); err != nil {
					t.Error(err)
				}
				for i, tag := range v["tags"].([]any) {
					tag := tag.(map[string]any)
					tag["color"], tag["mood"] = i, "calm"
					delete(tag, "description")
				}
				body, _ = json.Marshal(v)
				rec.Header().Set("Content-Length", strconv.Itoa(len(body)))
			}
			for name, values := range rec.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(rec.Code)
			w.Write(body)
		})
	}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range drift.Diff(golden(t), now) {
		got = append(got, c.String())
	}
	want := []string{
		"error list-all-tags (list) tags.*.color: it is integer, before it was string",
		"warn  list-all-tags (list) tags.*.description: it is gone",
		"info  list-all-tags (list) tags.*.mood: it is new: string",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Two accounts with other data differ in what data shows, and in nothing that is wrong. A member of what is null at times
// is there whenever there is something.
func TestOtherDataIsNoDrift(t *testing.T) {
	now, err := Record(t.Context(), checkedRun(t, Options{Seed: 3}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range drift.Diff(golden(t), now) {
		if c.Tier == drift.TierError || strings.Contains(c.Says, "%") && !strings.Contains(c.Where, "tagged_by") { // {} for a tag of the system
			t.Error(c)
		}
	}
	if f := fieldIn(t, replyIn(t, now, "list-all-calls", "list", 200), "calls.*.assigned_to.id"); f.Presence != 1 {
		t.Errorf("%+v", f)
	}
}

func TestReadShapes(t *testing.T) {
	for _, bad := range []string{"", "{}", `{"version":2,"replies":[{}]}`, `{"version":1,"replies":[]}`, `{"version":1,"bodies":[]}`} {
		if _, err := drift.Read([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
