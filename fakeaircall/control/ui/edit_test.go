package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// The page makes, changes and deletes records by Aircall's API, so that its checks apply and webhooks hear of it.
func TestEdits(t *testing.T) {
	srv := fake(t)
	contact := func(text string) fakeaircall.Contact {
		t.Helper()
		found, _, err := srv.Account("").Contacts(fakeaircall.Query{Text: text, Limit: 1})
		if err != nil || len(found) != 1 {
			t.Fatalf("no contact %s: %v", text, err)
		}
		return found[0]
	}
	did(t, srv, "create-contact", "first_name", "Ann", "last_name", "Lee", "company_name", "Acme", "phone", "+33199001234", "email", "ann@acme.test", "information", "A note")
	c := contact("+33199001234")
	if c.Name != "Ann Lee" || c.Company != "Acme" || c.Information != "A note" || c.Emails[0].Value != "ann@acme.test" || c.Phones[0].Label != "Work" {
		t.Errorf("made %+v", c)
	}
	id := fmt.Sprint(c.ID)
	if body := get(t, srv, "page/contacts?edit="+id, 200); !strings.Contains(body, `<h2 id="h-edit">Edit Ann Lee</h2>`) || !strings.Contains(body, `name="last_name" maxlength="255" value="Lee"`) {
		t.Error("the contact has no form")
	}
	did(t, srv, "update-contact", "id", id, "first_name", "Anna", "last_name", "", "company_name", "Shop", "information", "")
	did(t, srv, "add-detail", "id", id, "kind", "phone", "label", "Home", "value", "+33199001235")
	did(t, srv, "add-detail", "id", id, "kind", "email", "label", "Home", "value", "anna@acme.test")
	did(t, srv, "update-detail", "id", id, "kind", "phone", "detail", fmt.Sprint(c.Phones[0].ID), "label", "Mobile", "value", "+33199001236")
	did(t, srv, "delete-detail", "id", id, "kind", "email", "detail", fmt.Sprint(c.Emails[0].ID))
	c = contact("+33199001236")
	if c.Name != "Anna" || c.Company != "Shop" || c.Information != "" || len(c.Phones) != 2 || c.Phones[0].Label != "Mobile" || len(c.Emails) != 1 || c.Emails[0].Value != "anna@acme.test" {
		t.Errorf("changed %+v", c)
	}
	did(t, srv, "delete-contact", "id", id)
	if _, total, err := srv.Account("").Contacts(fakeaircall.Query{Text: "+33199001236"}); err != nil || total != 0 {
		t.Error("the contact is still there")
	}

	did(t, srv, "create-tag", "name", "One", "color", "#00ff00")
	tag := editLink(t, srv, "page/tags?text=One")
	did(t, srv, "update-tag", "id", tag, "name", "Two", "color", "#0000ff")
	if body := get(t, srv, "tags?text=Two", 200); !strings.Contains(body, `"color":"#0000ff"`) {
		t.Errorf("the tag is %s", body)
	}
	did(t, srv, "delete-tag", "id", tag)

	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer receiver.Close()
	did(t, srv, "create-webhook", "url", receiver.URL+"/one")
	hook := editLink(t, srv, "page/webhooks?text=one")
	hooks, _, err := srv.Account("").Webhooks(fakeaircall.Query{Text: hook})
	if err != nil || len(hooks[0].Events) != len(fakeaircall.EventNames()) || !hooks[0].Active {
		t.Errorf("made %+v %v", hooks, err)
	}
	did(t, srv, "update-webhook", "id", hook, "events", "contact.created") // not active: the box is empty
	if hooks, _, _ = srv.Account("").Webhooks(fakeaircall.Query{Text: hook}); hooks[0].Active || !slices.Equal(hooks[0].Events, []string{"contact.created"}) || hooks[0].URL != receiver.URL+"/one" {
		t.Errorf("changed %+v", hooks)
	}
	did(t, srv, "update-webhook", "id", hook, "url", receiver.URL+"/two", "events", "contact.created", "active", "true")
	did(t, srv, "create-contact", "phone", "+33199001237")
	srv.Advance(0)
	if list, err := srv.Deliveries(""); err != nil || len(list) != 1 || list[0].State != fakeaircall.DeliveryDelivered || list[0].URL != receiver.URL+"/two" {
		t.Errorf("the deliveries are %+v %v", list, err)
	}
	did(t, srv, "delete-webhook", "id", hook)
	if hooks, _, _ = srv.Account("").Webhooks(fakeaircall.Query{}); len(hooks) != 0 {
		t.Errorf("the webhooks are %+v", hooks)
	}
}

// editLink returns the id in the first link to a form of a record.
func editLink(t *testing.T, srv *fakeaircall.Server, path string) string {
	t.Helper()
	found := regexp.MustCompile(`[?;]edit=([-0-9a-f]+)[^"]*#edit"`).FindStringSubmatch(get(t, srv, path, 200))
	if found == nil {
		t.Fatalf("%s has no form of a record", path)
	}
	return found[1]
}

// What Aircall's API refuses, the page shows as an error.
func TestRefusedEdits(t *testing.T) {
	srv := fake(t)
	for _, c := range []struct {
		deed   string
		pairs  []string
		status int
		want   string
	}{
		{"create-contact", []string{"phone", "nobody"}, 400, "phone"},
		{"update-contact", []string{"id", "99", "first_name", "x"}, 404, "Check ID"},
		{"add-detail", []string{"id", "5678", "kind", "fax", "value", "1", "label", "x"}, 404, "Not Found"},
		{"create-tag", []string{"name", "x", "color", "red"}, 400, "color"},
		{"create-webhook", []string{"url", "http://example.com/"}, 400, "url must be an https address"},
		{"delete-webhook", []string{"id", "../contacts/5678"}, 404, "Check ID"},
		{"send-event", []string{"seq", "99"}, 404, "has no event 99"},
		{"create-tag", []string{"account", "none", "name", "x", "color", "#00ff00"}, 404, "there is no account"},
	} {
		status, _, body := post(t, srv, c.deed, append(c.pairs, "back", "/_fake/page/tags?account=default")...)
		if got := noticed(body); status != c.status || !strings.Contains(got, c.want) || !strings.Contains(body, "<h1>Tags</h1>") {
			t.Errorf("%s %q: %d %s", c.deed, c.pairs, status, got)
		}
	}
	if _, err := srv.AddFault(fakeaircall.Fault{Op: "create-a-tag", Reset: true}); err != nil {
		t.Fatal(err)
	}
	if status, _, body := post(t, srv, "create-tag", "name", "x", "color", "#00ff00"); status != 409 || !strings.Contains(noticed(body), "a fault cut the connection") {
		t.Errorf("cut: %d %s", status, noticed(body))
	}
}

// Events are shown with their payload in pages, and sent again.
func TestEvents(t *testing.T) {
	srv := fake(t)
	for i := range 60 {
		call(t, srv, "POST", "/v1/contacts", fmt.Sprintf(`{"first_name":"Ann %d","phone_numbers":[{"label":"Work","value":"+33199001234"}]}`, i))
	}
	body := get(t, srv, "page/events", 200)
	if strings.Count(body, "<summary>contact.created</summary>") != 50 || !strings.Contains(body, "&#34;first_name&#34;: &#34;Ann 59&#34;") || strings.Contains(body, "Ann 9&#34;") {
		t.Errorf("the newest events are %s", body)
	}
	older := regexp.MustCompile(`href="/_fake/([^"]*)" rel="next"`).FindStringSubmatch(body)
	if older == nil {
		t.Fatal("there are no older events")
	}
	if body := get(t, srv, strings.ReplaceAll(older[1], "&amp;", "&"), 200); strings.Count(body, "<summary>") != 10 || !strings.Contains(body, "Ann 9&#34;") {
		t.Errorf("the older events are %s", body)
	}
	if body := get(t, srv, "page/events?name=call.created", 200); !strings.Contains(body, "No matching events") {
		t.Error("there was no call")
	}
	if status, _, body := post(t, srv, "send-event", "seq", "1"); status != 409 || !strings.Contains(noticed(body), "no active webhook subscribes to contact.created") {
		t.Errorf("without a webhook: %d %s", status, noticed(body))
	}
	did(t, srv, "create-webhook", "url", "http://127.0.0.1:1/hook")
	did(t, srv, "send-event", "seq", "1")
	if list, err := srv.Deliveries(""); err != nil || len(list) != 1 || !strings.Contains(string(list[0].Body), `"Ann 0"`) {
		t.Errorf("the deliveries are %v %v", list, err)
	}
	if body := get(t, srv, "page/webhooks?event=contact.created", 200); !strings.Contains(body, "<summary>contact.created</summary>") {
		t.Error("the delivery is not shown")
	}
}

// All requests are shown, also those that no account sent. The address of a request is good in every account.
func TestRequestsOfAll(t *testing.T) {
	srv := fake(t)
	call(t, srv, "GET", "/v1/ping", "")
	call(t, srv, "GET", "/v1/contact", "")
	for _, credentials := range []string{"fake-sales-bearer", "wrong"} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/v1/tags", nil)
		req.Header.Set("Authorization", "Bearer "+credentials)
		answer(t, req)
	}
	body := get(t, srv, "page/requests", 200)
	if strings.Count(body, "seq=") != 4 || !strings.Contains(body, "unknown route") || !strings.Contains(body, ">403<") && !strings.Contains(body, ">401<") {
		t.Errorf("the requests are %s", body)
	}
	if body := get(t, srv, "page/requests?only=true", 200); strings.Count(body, "seq=") != 1 {
		t.Errorf("those of default are %s", body)
	}
	if body := get(t, srv, "page/requests?account=sales&only=true", 200); strings.Count(body, "seq=") != 1 || !strings.Contains(body, "/v1/tags") {
		t.Errorf("those of sales are %s", body)
	}
	for seq, want := range map[int]string{1: "GET /v1/ping", 2: "GET /v1/contact", 3: "GET /v1/tags", 4: "GET /v1/tags"} {
		for _, account := range []string{"", "&account=default", "&account=sales"} {
			if body := get(t, srv, fmt.Sprintf("page/request?seq=%d%s", seq, account), 200); !strings.Contains(body, want+"</h1>") {
				t.Errorf("request %d%s is not shown", seq, account)
			}
		}
	}
}
