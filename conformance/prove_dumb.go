package conformance

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
)

// dumb are servers that answer everything alike. Against each of them no scenario that asks anything may pass, and none
// may hang.
func dumb() []struct {
	name   string
	answer defect
} {
	all := func(status int, media, body string) defect {
		return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			if media != "" {
				w.Header().Set("Content-Type", media)
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	return []struct {
		name   string
		answer defect
	}{
		{"an empty object", all(200, jsonType, "{}")},
		{"an empty list", all(200, jsonType, "[]")},
		{"null", all(200, jsonType, "null")},
		{"pong", all(200, jsonType, `{"ping":"pong"}`)},
		{"nothing", all(204, "", "")},
		{"not found", all(404, jsonType, `{"error":"Not Found","troubleshoot":"Check ID of the resource"}`)},
		{"a failure in HTML", all(500, "text/html", "<html><body><h1>500</h1></body></html>")},
		{"a page of HTML", all(200, "text/html", "<html><body>welcome</body></html>")},
		{"the request", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", jsonType)
			io.Copy(w, r.Body)
		}},
		{"a redirect", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, "/v1/ping", http.StatusFound)
		}},
		{"a closed connection", func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }},
		{"no answer", func(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }},
	}
}

// How long a dumb server may take for a reply, and a script altogether: one whose connections are closed is not asked again
// and again.
const (
	noReply = time.Second
	brief   = 200 * time.Millisecond
)

// against runs all that runs on an address against a dumb server. It wants failures, and no scenario that passes though
// it asked the server something.
func (p *prover) against(ctx context.Context, name string, answer defect) (trial, error) {
	t := trial{mutant: mutant{id: "dumb " + name, family: familyDumb}, verdict: NotReached}
	var hits atomic.Int64
	fake, err := front(p.healthy, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			hits.Add(1)
			answer(w, r, next)
		})
	})
	if err != nil {
		return t, err
	}
	defer fake.close()
	r, err := p.remotely(fake.url)
	if err != nil {
		return t, err
	}
	defer r.target.close()
	r.target.http.Timeout = noReply
	if r.target.runner, err = r.target.newRunner(r.target.accounts, brief); err != nil {
		return t, err
	}
	if err := r.target.reach(ctx); err != nil {
		t.verdict, t.hits, t.reason = Killed, hits.Load(), "nothing is run: the target does not answer as one that takes the credentials"
		return t, nil
	}
	if err := r.execute(ctx); err != nil {
		return t, err
	}
	t.hits = hits.Load()
	t.judge(r)
	return t, nil
}

func (t *trial) judge(r *run) {
	failed := 0
	for _, of := range r.plan {
		s := r.results[of.ID]
		t.tried++
		switch {
		case s.Status == report.Fail:
			failed++
			if t.killer == "" {
				t.killer, t.reason = s.ID, s.Reason
			}
		case s.Status == report.Pass && len(s.Requests) > 0:
			t.verdict, t.killer, t.reason = Survived, "", s.ID+" passes"
			return
		}
	}
	if t.verdict = Survived; failed > 0 {
		t.verdict = Killed
	}
}

// remotely prepares a run of all that runs on an address.
func (p *prover) remotely(url string) (*run, error) {
	var plan []*scenario.Scenario
	for _, of := range p.plan {
		if !of.Has("@fake") {
			plan = append(plan, of)
		}
	}
	r, err := prepare(Options{Target: url, AllowWrites: true}, p.base.fsys, plan)
	if err != nil {
		return nil, fmt.Errorf("against %s: %w", url, err)
	}
	r.print = func(report.Scenario) {}
	return r, nil
}
