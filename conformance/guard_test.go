package conformance

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/binding/aircall"
)

// TestEveryWriteIsUndoneOrNeverLive: each operation that writes is in one of the two tables, and no other is.
func TestEveryWriteIsUndoneOrNeverLive(t *testing.T) {
	known := map[string]bool{}
	for _, op := range aircall.Ops() {
		known[op.Name] = op.Method != http.MethodGet
		if op.Method == http.MethodGet {
			continue
		}
		if (neverLive[op.Name] != "") == slices.Contains(undoable, op.Name) {
			t.Errorf("%s: it is in both tables or in none", op.Name)
		}
	}
	for _, op := range undoable {
		if !known[op] {
			t.Errorf("undoable has %s, which is not an operation that writes", op)
		}
	}
	for op := range neverLive {
		if !known[op] {
			t.Errorf("neverLive has %s, which is not an operation that writes", op)
		}
	}
}

// sentTo is a transport that reaches nobody.
type sentTo struct{ urls []string }

func (s *sentTo) RoundTrip(r *http.Request) (*http.Response, error) {
	s.urls = append(s.urls, r.Method+" "+r.URL.Host)
	return &http.Response{StatusCode: 418, Body: http.NoBody, Request: r}, nil
}

// guarded is a target whose requests end at the guard's next.
func guarded(t *testing.T, o Options) (*target, *sentTo) {
	t.Helper()
	tg, err := newTarget(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tg.close)
	net := &sentTo{}
	tg.http.Transport = &guard{net, tg}
	tg.writes = true
	return tg, net
}

// request is one as a scenario that is about everything sends it.
func request(t *testing.T, j *exchangeList, purpose, method, at string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(withExchanges(t.Context(), j, purpose), method, at, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", authorization(binding.Account{APIID: "an-id", APIToken: "a-long-token"}))
	return r
}

// TestNeverLive: whatever is allowed, no such write leaves for Aircall or for any other machine.
func TestNeverLive(t *testing.T) {
	someone := map[string]binding.Account{"default": {APIID: "an-id", APIToken: "a-long-token"}}
	var all []string
	for _, op := range aircall.Ops() {
		all = append(all, op.Name)
	}
	for _, name := range []string{"live", "https://aircall.example.com", "http://127.0.0.1:1"} {
		tg, net := guarded(t, Options{Target: name, Accounts: someone})
		for _, op := range aircall.Ops() {
			if op.Method == http.MethodGet {
				continue
			}
			for _, purpose := range []string{forScript, forCheck, forUndo} {
				before := len(net.urls)
				j := &exchangeList{ops: all}
				_, err := tg.http.Do(request(t, j, purpose, op.Method, tg.url+strings.NewReplacer("{", "", "}", "").Replace(op.Path)))
				sent, may := len(net.urls) > before, slices.Contains(undoable, op.Name)
				if sent != may || (err == nil) != may || (j.refusal() == nil) != may {
					t.Errorf("%s as %s to %s: sent is %v: %v", op.Name, purpose, name, sent, err)
				}
			}
		}
	}
}

// TestGuard: what else is not sent, and why.
func TestGuard(t *testing.T) {
	accounts := map[string]binding.Account{"default": {APIID: "an-id", APIToken: "a-long-token"}, "other": {AccessToken: "an-access-token", URL: "https://other.example.com/base"}}
	tg, net := guarded(t, Options{Target: "live", Accounts: accounts})
	all := &exchangeList{ops: undoable}
	asOther := func(r *http.Request) *http.Request {
		r.Header.Set("Authorization", authorization(accounts["other"]))
		return r
	}
	for _, c := range []struct {
		name  string
		setUp func()
		req   *http.Request
		want  string // "": it is sent
	}{
		{"a read", nil, request(t, all, forScript, "GET", liveURL+"/v1/calls"), ""},
		{"a read of the other's", nil, asOther(request(t, all, forScript, "GET", "https://other.example.com/base/v1/calls")), ""},
		{"another host", nil, request(t, all, forScript, "GET", "https://evil.example.com/v1/calls"), "is not the address of the account"},
		{"another scheme", nil, request(t, all, forScript, "GET", "http://api.aircall.io/v1/calls"), "is not the address of the account"},
		{"the other's credentials at the first's address", nil, asOther(request(t, all, forScript, "GET", liveURL+"/v1/calls")), "is not the address of the account"},
		{"beside the other's base", nil, asOther(request(t, all, forScript, "GET", "https://other.example.com/v1/calls")), "is not the address of the account"},
		{"an operation of another scenario", nil, request(t, &exchangeList{ops: []string{"create-a-contact"}}, forScript, "POST", liveURL+"/v1/contacts/1"), "its scenario is not about update-a-contact"},
		{"a contact of the kit's own", nil, request(t, &exchangeList{}, forCheck, "POST", liveURL+"/v1/contacts"), ""},
		{"no route", nil, request(t, all, forScript, "PATCH", liveURL+"/v1/contacts/1"), "could not be undone"},
		{"undoing", nil, request(t, &exchangeList{}, forUndo, "DELETE", liveURL+"/v1/contacts/1"), ""},
		{"outside a scenario", nil, httpRequest(t, "POST", liveURL+"/v1/contacts"), "it belongs to no scenario"},
		{"another account than was named", func() { tg.writesTo = "default" }, asOther(request(t, all, forScript, "POST", "https://other.example.com/base/v1/contacts")), `only account "default" may be changed`},
		{"without permission", func() { tg.writes = false }, request(t, all, forScript, "POST", liveURL+"/v1/contacts"), "changes of the account are not allowed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.setUp != nil {
				c.setUp()
			}
			before := len(net.urls)
			_, err := tg.http.Do(c.req)
			switch {
			case c.want == "" && (err != nil || len(net.urls) != before+1):
				t.Errorf("%v", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || len(net.urls) != before):
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func httpRequest(t *testing.T, method, at string) *http.Request {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Request{Method: method, URL: u, Header: http.Header{}}
}
