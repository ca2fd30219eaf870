package page_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// send makes a request that must be answered with one of the statuses, and gives the body.
func send(t *testing.T, method, address, body, user, password string, statuses ...int) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || !slices.Contains(statuses, resp.StatusCode) {
		t.Fatalf("%s %s: %s %v %s", method, address, resp.Status, err, got)
	}
	return string(got)
}
