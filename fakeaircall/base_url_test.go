package fakeaircall

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestBaseURL: links and recordings name the address of Options.BaseURL, also in events and in a sandbox.
func TestBaseURL(t *testing.T) {
	s := RunT(t, checked(t, Options{Seed: 1, Clock: noon, RateLimit: NoRateLimit, BaseURL: "https://proxy.example/aircall/"}))
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Errorf("URL is %s", s.URL())
	}
	if _, err := s.StartSandbox(Options{Scale: ScaleSmall, Clock: noon}); err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{"sandbox", "server"} {
		for path, want := range map[string]string{
			"/v1/contacts?per_page=1": `"next_page_link":"https://proxy.example/aircall/v1/contacts?`,
			"/v1/calls?per_page=50":   `"recording":"https://proxy.example/aircall/`,
		} {
			r := httptest.NewRequest("GET", path, nil)
			r.SetBasicAuth("fake-default-id", "fake-default-token")
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if body := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(body, want) || strings.Contains(body, "example.com/v1") {
				t.Errorf("%s, %s: %d, %.600s", where, path, w.Code, body)
			}
		}
		s.EndSandbox()
	}
	for _, wrong := range []string{"proxy.example", "ftp://a.example", "https://u:p@a.example", "https://a.example?x=1", "https://"} {
		if _, err := New(checked(t, Options{BaseURL: wrong})); err == nil || !strings.Contains(err.Error(), "give an address such as") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// TestListenOnAllAddresses: the URL leads to the server.
func TestListenOnAllAddresses(t *testing.T) {
	s, err := New(checked(t, Options{Scale: ScaleEmpty}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Listen("0.0.0.0:0"); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
		t.Errorf("URL is %s", s.URL())
	}
	resp, err := http.Get(s.URL() + "/v1/ping")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}
