package mask

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// exchange sends a request to a fake and returns the exchange.
func exchange(t testing.TB, h http.Handler, method, target, body string) har.Entry {
	t.Helper()
	req := httptest.NewRequest(method, "https://api.aircall.io"+target, strings.NewReader(body))
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	req.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	reply, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return har.Entry{
		Method: method, URL: req.URL, RequestHeader: req.Header, RequestBody: []byte(body),
		Status: w.Code, ReplyHeader: w.Result().Header, ReplyBody: reply, HasBody: true,
	}
}

// recordings returns the replies of a fake to every operation that reads, for lists, records and ids that do not exist, and
// to a few that write.
func recordings(t *testing.T) (all []har.Entry) {
	t.Helper()
	srv := fakeaircall.RunT(t, checked(t, fakeaircall.Options{
		Clock: time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC), RateLimit: fakeaircall.NoRateLimit, AllowUnknownRoutes: true, Assume: map[string]string{"users-v1": "keep", "a2p": "keep"},
	}))
	h := srv.Handler()
	ids := map[string][]any{}
	var single []fakeaircall.Route
	for _, r := range fakeaircall.Routes() {
		switch {
		case r.Method != http.MethodGet:
		case strings.Contains(r.Path, "{"):
			single = append(single, r)
		default:
			e := exchange(t, h, r.Method, r.Path+"?per_page=20", "")
			all = append(all, e, exchange(t, h, r.Method, r.Path+"?per_page=3&page=2&order=desc&from=1600000000", ""))
			var lists map[string]json.RawMessage
			_ = json.Unmarshal(e.ReplyBody, &lists) // some are not objects
			for name, list := range lists {
				var records []struct {
					ID        any
					WebhookID any `json:"webhook_id"`
				}
				d := json.NewDecoder(bytes.NewReader(list))
				d.UseNumber()
				if d.Decode(&records) == nil && len(ids[name]) == 0 {
					for _, r := range records {
						if r.ID == nil {
							r.ID = r.WebhookID
						}
						ids[name] = append(ids[name], r.ID)
					}
				}
			}
		}
	}
	for _, r := range single {
		of := strings.Split(r.Path, "/")[2]
		for _, id := range append(ids[of][:min(len(ids[of]), 4)], "99999999999", "jane") {
			path := r.Path
			for strings.Contains(path, "{") {
				before, rest, _ := strings.Cut(path, "{")
				_, after, _ := strings.Cut(rest, "}")
				path = before + fmt.Sprint(id) + after
			}
			all = append(all, exchange(t, h, r.Method, path, ""))
		}
	}
	return append(all,
		exchange(t, h, "POST", "/v1/contacts", `{"first_name":"Jane","last_name":"Doe","phone_numbers":[{"label":"Work","value":"+33199000042"}],"emails":[{"label":"Work","value":"jane@acme.test"}]}`),
		exchange(t, h, "POST", "/v1/contacts", `{"first_name":""}`),
		exchange(t, h, "POST", "/v1/tags", `{"name":"Jane","color":"#AA3300"}`),
		exchange(t, h, "POST", "/v1/tags", `{"name":"Jane","color":"red"}`),
		exchange(t, h, "DELETE", "/v1/contacts/5678", ""),
		exchange(t, h, "GET", "/v1/nothing", ""),
	)
}

// differences returns the differences of an entry from the contract, without the values that it found.
func differences(c *contract.Contract, e har.Entry) (out []string) {
	for _, d := range c.Check(contract.Exchange{
		Method: e.Method, URL: e.URL, RequestBody: e.RequestBody, Status: e.Status, Header: e.ReplyHeader, Body: e.ReplyBody,
	}) {
		out = append(out, d.Operation+" "+d.Where+": "+d.Want)
	}
	return out
}

// A masked exchange breaks the contract exactly where the exchange breaks it: as the fake answered, and with replies that
// lack a member, or have another, or one of another kind.
func TestMaskedRepliesKeepTheContract(t *testing.T) {
	c, err := contract.New(fakeaircall.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	all := recordings(t)
	if len(all) < 200 {
		t.Fatalf("only %d exchanges", len(all))
	}
	ops := map[string]bool{}
	broken := 0
	for _, e := range all {
		op, _ := wirecheck.Operation(e.Method, e.URL.EscapedPath())
		ops[op] = true
		for name, body := range mutations(e.ReplyBody) {
			e := e
			e.ReplyBody = body
			want := differences(c, e)
			if len(want) > 0 {
				broken++
			}
			got := new(Masker).Entry(e)
			if d := cmp.Diff(want, differences(c, got)); d != "" {
				t.Errorf("%s %s (%d), %s (-original +masked):\n%s\n%s\n%s", e.Method, e.URL, e.Status, name, d, body, got.ReplyBody)
			}
			again := new(Masker).Entry(got)
			if d := cmp.Diff(got, again); d != "" {
				t.Errorf("%s %s, masked twice:\n%s", e.Method, e.URL, d)
			}
		}
	}
	if len(ops) < 50 || broken < 200 {
		t.Errorf("%d operations, %d broken replies", len(ops), broken)
	}
	t.Logf("%d exchanges of %d operations, %d broken replies", len(all), len(ops), broken)
}

// mutations returns a body as it is and with mistakes in it.
func mutations(body []byte) map[string][]byte {
	all := map[string][]byte{"as it is": body}
	if len(body) == 0 {
		return all
	}
	for name, replace := range map[string][2]string{
		"another member": {`{"`, `{"surprise_member":[1],"`}, "a text for a number": {`"id":`, `"id":"x","was":`}, "a null": {`"name":"`, `"name":null,"was":"`},
		"another word": {`"direction":"`, `"direction":"sideways","was":"`}, "no time": {`"started_at":`, `"started_at":7,"was":`}, "a link elsewhere": {`"https://api.aircall.io/`, `"https://aircall.test/`},
		"a missing member": {`"email":`, `"e_mail":`}, "fraction": {`"duration":`, `"duration":0.5,"was":`}, "negative": {`"duration":`, `"duration":-3,"was":`}, "a date": {`"created_at":`, `"created_at":"2026-09-28","was":`},
	} {
		if changed := bytes.ReplaceAll(body, []byte(replace[0]), []byte(replace[1])); !bytes.Equal(changed, body) {
			all[name] = changed
		}
	}
	return all
}

// Nothing of a company in the fake is in its masked recording: names, e-mail addresses, phone numbers, texts.
func TestNothingOfTheFakeRemains(t *testing.T) {
	var texts []string
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, e := range v {
				if s, ok := e.(string); ok && strings.Contains(" name first_name last_name email value raw_digits digits company_name information content body ", " "+key+" ") {
					texts = append(texts, s)
				}
				collect(e)
			}
		case []any:
			for _, e := range v {
				collect(e)
			}
		}
	}
	var m Masker
	var masked strings.Builder
	for _, e := range recordings(t) {
		var v any
		if json.Unmarshal(e.ReplyBody, &v) == nil {
			collect(v)
		}
		got := m.Entry(e)
		query, _ := url.QueryUnescape(got.URL.String())
		fmt.Fprintln(&masked, query, string(got.RequestBody), string(got.ReplyBody), got.ReplyHeader)
	}
	looked, all, public := map[string]bool{}, masked.String(), string(fakeaircall.OpenAPI())
	for _, s := range texts {
		if s == "anonymous" { // Aircall's word for every caller who hides the number; the contract has it in a pattern
			continue
		}
		if len(s) < 6 || looked[s] || strings.Contains(public, `"`+s+`"`) {
			continue
		}
		looked[s] = true
		if strings.Contains(all, `"`+s+`"`) {
			t.Errorf("%q remains", s)
		}
	}
	if len(looked) < 300 {
		t.Errorf("looked for only %d texts", len(looked))
	}
}
