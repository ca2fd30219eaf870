package ui

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// control sends requests to the control API, in this process.
type control struct{ api http.Handler }

// A refusal is an error of the control API.
type refusal struct {
	Status  int    `json:"-"`
	Problem string `json:"error"`
	Given   string `json:"given"`
	Hint    string `json:"hint"`
}

func (r *refusal) Error() string { return r.Problem }

func refusalOf(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	return &refusal{Status: http.StatusInternalServerError, Problem: err.Error()}
}

// get reads the resource at a path below /_fake/.
func (c control) get(ctx context.Context, path string, query url.Values, into any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.send(ctx, http.MethodGet, path, nil, into)
}

// send makes a request; body becomes JSON, nil for none. Its error is a *refusal if the API refused the request.
func (c control) send(ctx context.Context, method, path string, body map[string]any, into any) error {
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, home+path, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	got := heard{header: http.Header{}, status: http.StatusOK}
	c.api.ServeHTTP(&got, req)
	if got.status >= 300 && got.status < 400 { // the id is empty or has dots, so the path is not clean
		return &refusal{404, "there is no such id", path, "choose one from the page"}
	}
	if got.status >= 400 {
		refused := &refusal{Status: got.status}
		if json.Unmarshal(got.body.Bytes(), refused) != nil || refused.Problem == "" {
			refused.Problem = fmt.Sprintf("the control API answered %d to %s %s", got.status, method, path)
		}
		return refused
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(got.body.Bytes(), into); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// sendAs makes a request of Aircall's API as an account. Its error is a *refusal if the API refused the request.
func (c control) sendAs(ctx context.Context, account, method, path string, body map[string]any) error {
	request := map[string]any{"account": account, "method": method, "path": path}
	if body != nil {
		request["body"] = body
	}
	var got struct {
		Status int
		Body   struct{ Error, Message, Troubleshoot string }
	}
	err := c.send(ctx, http.MethodPost, "requests", request, &got)
	switch {
	case err != nil:
		return err
	case got.Status == 0:
		return &refusal{409, "a fault cut the connection", method + " " + path, "see the faults"}
	case got.Status >= 400:
		problem := cmp.Or(got.Body.Troubleshoot, got.Body.Message, got.Body.Error, fmt.Sprint("the fake answered ", got.Status))
		return &refusal{got.Status, problem, method + " " + path, "the request is in the request log"}
	}
	return nil
}

// heard records a reply.
type heard struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heard) Header() http.Header { return h.header }

func (h *heard) WriteHeader(status int) { h.status = status }

func (h *heard) Write(p []byte) (int, error) { return h.body.Write(p) }

const (
	maxStreams = 64
	oneStream  = 10 * time.Minute       // then the browser opens a new one
	stillHere  = 15 * time.Second       // the longest time without a message
	pauseTime  = 200 * time.Millisecond // between two messages
)

// live sends a server-sent event whenever something has changed. The page then reads itself again.
func (p *page) live(w http.ResponseWriter, req *http.Request) {
	select {
	case p.streams <- struct{}{}:
		defer func() { <-p.streams }()
	default:
		http.Error(w, fmt.Sprintf("%d pages are open already: close one", maxStreams), http.StatusServiceUnavailable)
		return
	}
	since, err := strconv.ParseUint(req.URL.Query().Get("since"), 10, 64)
	if err != nil {
		http.Error(w, "since: give the count of changes in the page", http.StatusBadRequest)
		return
	}
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // the listener's deadline would end it within a minute
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if _, err := fmt.Fprint(w, "retry: 1000\n\n"); err != nil || out.Flush() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(req.Context(), oneStream)
	defer cancel()
	for ctx.Err() == nil {
		var changed struct{ Changes uint64 }
		q := url.Values{"since": {strconv.FormatUint(since, 10)}, "wait": {stillHere.String()}}
		if p.control.get(ctx, "changes", q, &changed) != nil || ctx.Err() != nil {
			return
		}
		line := ": still here\n\n"
		if changed.Changes != since {
			since = changed.Changes
			line = fmt.Sprintf("event: change\ndata: %d\n\n", since)
		}
		if _, err := fmt.Fprint(w, line); err != nil || out.Flush() != nil {
			return
		}
		wait(ctx, pauseTime)
	}
}

// wait waits for d, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
