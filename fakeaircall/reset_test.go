package fakeaircall

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Reset gives back exactly the start: every operation that reads answers as before all changes, on a clock that is fixed
// and on one that runs from a fixed time. On one that shows the real time, calls in progress go on: the ids are the same.
func TestResetGivesBackTheStart(t *testing.T) {
	for name, o := range map[string]Options{
		"fixed": {Clock: noon}, "running": {Clock: noon, Speed: 1}, "real": {},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(noon)) // of the bubble, which begins in 2000
				o.Scale, o.RateLimit, o.AllowUnknownRoutes = ScaleSmall, NoRateLimit, true
				srv, err := New(checked(t, o))
				if err != nil {
					t.Fatal(err)
				}
				defer srv.Close()
				ask := func(method, path, body string) string {
					req := httptest.NewRequest(method, path, strings.NewReader(body))
					req.SetBasicAuth("fake-default-id", "fake-default-token")
					w := httptest.NewRecorder()
					srv.Handler().ServeHTTP(w, req)
					return w.Body.String()
				}
				read := func() map[string]string {
					ids := make(map[string]string)
					for _, table := range []func(*state) (string, int64){
						func(s *state) (string, int64) { return "users", s.users.order[0].ID },
						func(s *state) (string, int64) { return "teams", s.teams.order[0].ID },
						func(s *state) (string, int64) { return "numbers", s.numbers.order[0].ID },
						func(s *state) (string, int64) { return "tags", s.tags.order[0].ID },
					} {
						_ = srv.in("default", func(tx *tx) error { kind, id := table(tx.state); ids[kind] = link("", id)[len(origin):]; return nil })
					}
					ids["calls"], ids["contacts"] = "12345", "5678"
					all := make(map[string]string)
					for _, r := range Routes() {
						if r.Method == "GET" {
							path := strings.Replace(r.Path, "{id}", ids[strings.Split(r.Path, "/")[2]], 1)
							all[path] = ask("GET", path, "")
						}
					}
					return all
				}
				before := read()
				for range 3 {
					time.Sleep(137 * time.Second)
					ask("DELETE", "/v1/contacts/5678", "")
					ask("POST", "/v1/calls/12345/comments", `{"content":"new"}`)
					_, _ = srv.Simulate("", SimulatedCall{Outcome: "answered"})
					srv.Advance(2 * time.Hour)
					_ = srv.SetSpeed(60)
					srv.Reset()
					after := read()
					for path, body := range before {
						if name == "real" {
							if a, b := strings.Join(idsIn(body), " "), strings.Join(idsIn(after[path]), " "); a != b {
								t.Errorf("%s: ids %s, then %s", path, a, b)
							}
						} else if after[path] != body {
							t.Errorf("%s: %s", path, firstDifference(body, after[path]))
						}
					}
				}
			})
		})
	}
}

// idsIn returns the ids in a body, in order.
func idsIn(body string) []string { return regexp.MustCompile(`"id":[0-9]+`).FindAllString(body, -1) }
