package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	maxStreams = 64
	oneStream  = 10 * time.Minute       // after which the browser asks again
	stillHere  = 15 * time.Second       // a stream says at least so often that it is there
	breath     = 200 * time.Millisecond // between two changes that are told
)

// live tells, as server-sent events, that something changed since what the page shows.
// What it is the page reads for itself.
func (p *page) live(w http.ResponseWriter, req *http.Request) {
	select {
	case p.streams <- struct{}{}:
		defer func() { <-p.streams }()
	default:
		http.Error(w, fmt.Sprintf("%d pages follow already; close one", maxStreams), http.StatusServiceUnavailable)
		return
	}
	since, err := strconv.ParseUint(req.URL.Query().Get("since"), 10, 64)
	if err != nil {
		http.Error(w, "since: give the number of changes that the page shows", http.StatusBadRequest)
		return
	}
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // or the listener's would end it within a minute
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
		rest(ctx, breath)
	}
}

// rest lets time pass, until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
