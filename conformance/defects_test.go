package conformance

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// behind starts a fake with a defect in front of it, and gives the address.
func behind(t *testing.T, d defect.Defect) (string, *fakeaircall.Server) {
	t.Helper()
	s, err := fakeaircall.New(checked(t, fakeaircall.Options{Clock: start, RateLimit: fakeaircall.NoRateLimit}))
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d(w, r, s.Handler()) }))
	t.Cleanup(front.Close)
	return front.URL, s
}

func ids(rep *report.Report, status report.Status) (out []string) {
	for _, s := range rep.Scenarios {
		if s.Status == status {
			out = append(out, s.ID)
		}
	}
	return out
}

// TestDumbServersPassNothing: only what sends nothing may pass against a server that answers everything alike.
func TestDumbServersPassNothing(t *testing.T) {
	for _, d := range []struct {
		name string
		defect.Defect
	}{
		{"an empty object", defect.Answer("", 200, "{}")},
		{"an empty list", defect.Answer("", 200, "[]")},
		{"null", defect.Answer("", 200, "null")},
		{"its request", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { io.Copy(w, r.Body) }},
		{"nothing", defect.Answer("", 204, "")},
		{"a redirect", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { http.Redirect(w, r, "/v1/ping", 302) }},
	} {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if r.URL.Path == "/v1/ping" { // without it, no scenario runs at all
					next.ServeHTTP(w, r)
					return
				}
				d.Defect(w, r, next)
			})
			rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Tags: "@reads and not @fake and not @assumption:users-v1"})) // its clock is before their end
			if mayLeave(err) != nil {
				t.Fatal(err)
			}
			for _, s := range rep.Scenarios {
				sent := slices.ContainsFunc(s.Requests, func(x report.Sent) bool { return x.Purpose == forScript })
				if s.Status == report.Pass && sent {
					t.Errorf("%s passes", s.ID)
				}
				if s.Status == report.Error {
					t.Errorf("%s is an error of the kit: %s", s.ID, s.Reason)
				}
			}
			if rep.Summary.Fail == 0 {
				t.Errorf("nothing failed: %+v", rep.Summary)
			}
		})
	}
}

// TestTheHealthyFakeThroughAProxyPasses is the base line of the above.
func TestTheHealthyFakeThroughAProxyPasses(t *testing.T) {
	t.Parallel()
	url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) })
	rep, err := Run(context.Background(), checkedRun(t, Options{Target: url, AllowWrites: true, Tags: "not @fake and not @assumption:users-v1"})) // its clock is before their end
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range rep.Scenarios {
		if s.Status != report.Pass {
			t.Errorf("%s %s: %s", s.Status, s.ID, s.Reason)
		}
	}
}

// setHeader sets a header of a reply; "" removes it.
func setHeader(name, value string) func(*defect.Reply) {
	return func(p *defect.Reply) {
		p.Header().Del(name)
		if value != "" {
			p.Header().Set(name, value)
		}
	}
}
