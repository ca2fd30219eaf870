package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// control asks the control API, in this process.
type control struct{ api http.Handler }

// A refusal is what the control API says of what cannot be done.
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

// get reads what is at a path below /_fake/.
func (c control) get(ctx context.Context, path string, query url.Values, into any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.send(ctx, http.MethodGet, path, nil, into)
}

// send makes one request; body is JSON, nil for none. Its error is a *refusal if the
// API said no.
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
	if got.status >= 300 && got.status < 400 { // the path is not clean: an id of dots, or none
		return &refusal{404, "there is nothing with this id", path, "take one that is shown"}
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

// heard is a reply.
type heard struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heard) Header() http.Header { return h.header }

func (h *heard) WriteHeader(status int) { h.status = status }

func (h *heard) Write(p []byte) (int, error) { return h.body.Write(p) }
