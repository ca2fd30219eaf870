package defect

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// Server is a server that is wrong in one way: each of its replies may be well-formed, and be untrue.
type Server struct {
	Name   string
	Defect Defect
	Fails  string // begin of the ids of the scenarios that must fail of it
	Where  string // where the contract must be found broken; "": the scenario's own sentences must notice
}

// AsPage makes a reply a page of HTML.
func AsPage(p *Reply) {
	p.JSON = nil
	p.Body = bytes.NewBufferString("<html><body><h1>It works</h1></body></html>")
	p.Header().Set("Content-Type", "text/html")
}

// untrueOfReference are servers for which a sentence of the reference is untrue.
func untrueOfReference() []Server {
	const calls, contacts, update = "reference/list_calls/", "reference/list_contacts/", "reference/update_contact/"
	return []Server{
		{"a contact lacks a field", Change("GET /v1/contacts", OfEach("contacts", Lacking("company_name"))), contacts + "a-page-has-20-contacts", ""},
		{"a call lacks a field, in the list alone", Change("GET /v1/calls", OfBody(ofList("calls", func(l []any) []any {
			l[2] = Lacking("sid")(l[2].(orderedjson.Object))
			return l
		}))), "reference/get_call/a-call-of-the-list", "body/calls/*/sid"},
		{"a call lacks a field, in the search alone", Change("GET /v1/calls/search", OfEach("calls", Lacking("archived"))), calls + "the-direction-inbound", ""},
		{"a field has another name", Change("GET /v1/numbers", OfEach("numbers", Renamed("digits", "number"))), "reference/list_numbers/the-list-has-every-number", ""},
		{"a number is a text", Change("GET /v1/calls/12345", OfEach("calls", altered("duration", func(v any) any { return fmt.Sprint(v) + " s" }))), "reference/get_call/the-example", ""},
		{"times are in milliseconds", Change("GET /v1/calls", OfEach("calls", altered("started_at", func(v any) any {
			return 1000 * number(v)
		}))), calls + "the-example", "body/calls/*/started_at"},
		{"the filter direction is ignored", query("/v1/calls/search", drop("direction")), calls + "the-direction-inbound", ""},
		{"the filter user_id is ignored", query("/v1/calls/search", drop("user_id")), calls + "the-parameter-user_id", ""},
		{"the filter tags is ignored", query("/v1/calls/search", drop("tags[]")), calls + "the-parameter-tags-takes-the-name", ""},
		{"one tag of several is enough", query("/v1/calls/search", func(q map[string][]string) {
			if tags := q["tags[]"]; len(tags) > 1 {
				q["tags[]"] = tags[:1]
			}
		}), calls + "several-tags", ""},
		{"from is ignored", query("/v1/calls", drop("from")), calls + "the-parameter-from-excludes", ""},
		{"to is ignored", query("/v1/calls", drop("to")), calls + "the-parameter-to-excludes", ""},
		{"to leaves out its own second", query("/v1/calls", set("to", plusNumber(-1))), calls + "the-parameter-to-excludes", ""},
		{"from leaves out the second after it", query("/v1/calls", set("from", plusNumber(1))), calls + "if-from-and-to-are-one-second", ""},
		{"order is ignored", query("/v1/calls", drop("order")), calls + "order-desc", ""},
		{"order is always desc", query("/v1/calls", func(q map[string][]string) { q["order"] = []string{"desc"} }), calls + "order-asc", ""},
		{"page is ignored", query("/v1/calls", drop("page")), calls + "the-second-page", ""},
		{"per_page is ignored", query("/v1/calls", drop("per_page")), calls + "a-page-with-per_page-7", ""},
		{"pages are one too short", Change("GET /v1/calls", OfBody(ofList("calls", func(l []any) []any { return l[:max(len(l)-1, 1)] }))), calls + "a-page-has-20-calls", ""},
		{"the last page is empty", Change("GET /v2/users", func(p *Reply) {
			if v, ok := p.JSON.Get("meta"); ok && isLast(v) {
				p.JSON = Under("meta", With("count", 0))(With("users", []any{})(p.JSON))
			}
		}), "reference/list_users/the-list-has-every-user", ""},
		{"the total is one too high", Change("GET /v1/contacts", OfBody(Under("meta", altered("total", plus(1))))), contacts + "the-whole-list", ""},
		{"the search is for everybody", query("/v1/contacts/search", drop("email")), contacts + "an-e-mail-address", ""},
		{"the search finds nobody", query("/v1/contacts/search", func(q map[string][]string) { q["email"] = []string{"no@example.com"} }), contacts + "a-phone-number", ""},
		{"sales sees what default holds", leak(""), "reference/multi-account/no-user-belongs", ""},
		{"sales sees the contacts of default", onRequest(func(r *http.Request) {
			if r.URL.Path == "/v1/contacts" {
				asDefault(r, "sales")
			}
		}), "reference/multi-account/no-account-shows-the-contacts", ""},
		{"a call is its neighbor", onRequest(func(r *http.Request) {
			for _, digit := range []string{"1", "2", "3", "4"} {
				if strings.HasPrefix(r.URL.Path, "/v1/calls/"+digit) {
					r.URL.Path = "/v1/calls/12345"
				}
			}
		}), "reference/get_call/a-call-of-the-list", ""},
		{"what is missing is an empty 200", Answer("GET /v1/calls/9007", 200, "{}"), "reference/get_call/the-id-of-no-call", ""},
		{"wrong credentials are a 401", when(func(r *http.Request) bool {
			id, _, _ := r.BasicAuth()
			return !strings.HasPrefix(id, "fake-")
		}, all(401, JSONType, `{"message":"Unauthorized"}`)), "reference/get_call/wrong-credentials", ""},
		{"the current user is somebody else", Change("GET /v2/users/owner@default.example.com", OfEach("users", With("id", 1))), "reference/get_current_user/the-user-is-one-of-the-users", ""},
		{"an update is answered and not kept", ofContact("POST", func([]byte) []byte { return []byte("{}") }), update + "the-field-first_name", ""},
		{"an update takes another field along", ofContact("POST", func(data []byte) []byte {
			return bytes.Replace(data, []byte("{"), []byte(`{"information":"gone",`), 1)
		}), update + "the-field-last_name", ""},
		{"new phone numbers come beside the old", acknowledged("DELETE /v1/contacts/", "/phone_details/", 204), update + "phone-numbers-replace", ""},
		{"new phone numbers are answered and not kept", when(func(r *http.Request) bool {
			return r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/phone_details")
		}, all(201, JSONType, `{"phone_detail":{"id":1,"label":"Work","value":"+33612345678"}}`)), update + "the-only-phone-number", ""},
		{"labels are lost", sent("POST /v1/contacts", func(data []byte) []byte {
			return bytes.ReplaceAll(data, []byte(`"Mobile"`), []byte(`"Work"`))
		}), "reference/create_contact/the-example", ""},
		{"what is created is answered and not kept", Answer("POST /v1/contacts", 201,
			`{"contact":{"id":77,"created_at":1781514000,"updated_at":1781514000,"first_name":"Jane","last_name":"Smith","information":null,"company_name":"Acme Corp","is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/77","phone_numbers":[],"emails":[]}}`),
			"reference/create_contact/the-example", ""},
	}
}

// ofContact changes what is sent to a contact itself.
func ofContact(method string, alter func([]byte) []byte) Defect {
	return when(func(r *http.Request) bool { return strings.Count(r.URL.Path, "/") == 3 }, sent(method+" /v1/contacts/", alter))
}

// isLast says that a meta is of a page beyond the first with none after it.
func isLast(meta any) bool {
	m, _ := meta.(orderedjson.Object)
	next, _ := m.Get("next_page_link")
	previous, _ := m.Get("previous_page_link")
	return next == nil && previous != nil
}

// UntrueOfEachOther are servers whose replies do not agree with each other.
func UntrueOfEachOther() []Server {
	const (
		lists, pages = "relations/lists/", "relations/lists/the-pages-of-"
		contact      = "relations/contacts/"
		alone        = "relations/contacts/no-other-account"
	)
	return []Server{
		{"the links of a search forget its direction", linksWithout("GET /v1/calls/search", "direction=inbound&"), pages + "calls-at-v1-calls-search", ""},
		{"a call links to another call", Change("GET /v1/calls", OfEach("calls", altered("direct_link", func(v any) any { return fmt.Sprint(v, "7") }))), lists, "body/calls/*/direct_link"},
		{"direction is ignored", query("/v1/calls/search", drop("direction")), lists + "a-search-by-direction", ""},
		{"direction finds the other", query("/v1/calls/search", set("direction", func(was string) string {
			return map[string]string{"inbound": "outbound", "outbound": "inbound"}[was]
		})), lists + "a-search-by-direction", ""},
		{"the user is ignored", query("/v1/calls/search", drop("user_id")), lists + "a-search-by-user_id", ""},
		{"the number is ignored", query("/v1/calls/search", drop("phone_number")), lists + "a-search-by-phone_number", ""},
		{"to is ignored in a search", query("/v1/calls/search", drop("to")), lists + "the-calls-of-v1-calls-search-from", ""},
		{"from is ignored in contacts", query("/v1/contacts", drop("from")), lists + "the-contacts-of-v1-contacts-from", ""},
		{"from includes its own second", query("/v1/calls", set("from", plusNumber(-1))), lists + "the-calls-of-v1-calls-from", ""},
		{"from includes its own second in a search", query("/v1/calls/search", set("from", plusNumber(-1))), lists + "the-calls-of-v1-calls-search-from", ""},
		{"from leaves out its own second in contacts", query("/v1/contacts", set("from", plusNumber(1))), lists + "the-contacts-of-v1-contacts-from", ""},
		{"from is ignored in users", query("/v2/users", drop("from")), lists + "the-users-of-v2-users-from", ""},
		{"to is ignored in numbers", query("/v1/numbers", drop("to")), lists + "the-numbers-of-v1-numbers-from", ""},
		{"times are of another zone", query("/v1/contacts", func(q map[string][]string) {
			set("from", plusNumber(3600))(q)
			set("to", plusNumber(3600))(q)
		}), lists + "the-contacts-of-v1-contacts-from", ""},
		{"order is ignored in calls", query("/v1/calls", drop("order")), lists + "the-calls-at-v1-calls-come", ""},
		{"order_by is ignored", query("/v1/contacts", drop("order_by")), lists + "the-contacts-at-v1-contacts-order_by", ""},
		{"order is ignored in a search of contacts", query("/v1/contacts/search", drop("order")), lists + "the-contacts-at-v1-contacts-search", ""},
		{"order is ignored in users", query("/v2/users", drop("order")), lists + "the-users-at", ""},
		{"order is ignored in numbers", query("/v1/numbers", drop("order")), lists + "the-numbers-at", ""},
		{"order is ignored in teams", query("/v1/teams", drop("order")), lists + "the-teams-at", ""},
		{"page is ignored in a search", query("/v1/calls/search", drop("page")), pages + "calls-at-v1-calls-search", ""},
		{"page is ignored in a search of contacts", query("/v1/contacts/search", drop("page")), pages + "contacts-at-v1-contacts-search", ""},
		{"page is ignored in teams", query("/v1/teams", drop("page")), pages + "teams", ""},
		{"per_page is ignored in tags", query("/v1/tags", drop("per_page")), pages + "tags", ""},
		{"an entry is on two pages", Change("GET /v1/contacts", repeated("contacts")), pages + "contacts", ""},
		{"the order is another each time", turning("/v1/tags", "tags"), pages + "tags", ""},
		{"count is one too high", Change("GET /v1/tags", OfBody(Under("meta", altered("count", plus(1))))), pages + "tags", ""},
		{"a page in the middle is called the last", Change("GET /v1/contacts", OfBody(Under("meta", With("next_page_link", nil)))), pages + "contacts", ""},
		{"one contact leaks", leak("/v1/contacts/"), alone, ""},
		{"the list of contacts leaks", leak("/v1/contacts"), alone, ""},
		{"a search of contacts leaks", leak("/v1/contacts/search"), alone, ""},
		{"calls leak", leak("/v1/calls"), lists + "no-two-accounts-share-the-sid", ""},
		{"numbers leak", leak("/v1/numbers"), lists + "no-two-accounts-share-the-id-of-the-numbers", ""},
		{"tags leak", leak("/v1/tags"), lists + "no-two-accounts-share-the-id-of-the-tags", ""},
		{"nobody needs credentials", opened(func(r *http.Request) bool { return r.Header.Get("Authorization") == "" }), "relations/access/", ""},
		{"calls do not say when they ended", Change("GET /v1/calls", OfEach("calls", With("ended_at", nil))), "relations/calls/the-times-of-the-calls-at", ""},
		{"calls take no time", Change("GET /v1/calls", OfEach("calls", With("duration", 0))), "relations/calls/the-times-of-the-calls-at", ""},
		{"calls that ring are answered", Change("GET /v1/calls", OfEach("calls", func(o orderedjson.Object) orderedjson.Object {
			if status, _ := o.Get("status"); status == "initial" {
				return With("status", "answered")(o)
			}
			return o
		})), "relations/calls/the-times-of-the-calls-at", ""},
		{"the line of a call has another name", Change("GET /v1/calls", OfEach("calls", Under("number", With("name", "Another")))), "relations/calls/the-number-of-a-call", ""},
		{"the user of a call has another name", Change("GET /v1/calls", OfEach("calls", Under("user", With("name", "Somebody Else")))), "relations/calls/the-user-of-a-call", ""},
		{"nobody says why a call was missed", Change("GET /v1/calls", OfEach("calls", With("missed_call_reason", nil))), "relations/calls/some-missed-inbound", ""},
		{"teams leak", leak("/v1/teams"), lists + "no-two-accounts-share-the-id-of-the-teams", ""},
		{"one call leaks", leak("/v1/calls/"), lists + "a-call-of-one-account", ""},
		{"one user leaks", leak("/v2/users/"), lists + "a-user-of-one-account", ""},
		{"one number leaks", leak("/v1/numbers/"), lists + "a-number-of-one-account", ""},
		{"one team leaks", leak("/v1/teams/"), lists + "a-team-of-one-account", ""},
		{"one tag leaks", leak("/v1/tags/"), lists + "a-tag-of-one-account", ""},
		{"a call by its id has no comments", Change("GET /v1/calls/", OfEach("calls", With("comments", []any{}))), lists + "an-entry-of-v1-calls-is-the-same", ""},
		{"reads are stale after an update", stale(), contact + "an-update-is-visible", ""},
		{"a deletion is lost", lostDeletion(), contact + "a-deleted-contact", ""},
		{"a changed phone number is answered as it was", Change("PUT /v1/contacts/", OfBody(Under("phone_detail", With("value", "+33600000000")))), contact + "an-entry-of-the-phone", ""},
		{"a changed e-mail is answered as it was", Change("PUT /v1/contacts/", OfBody(Under("email_detail", With("value", "old@example.com")))), contact + "an-entry-of-the-emails", ""},
		{"a creation tells another id", Change("POST /v1/contacts", OfEach("contacts", altered("id", plus(-1)))), contact + "a-new-contact-is-the-same", ""},
		{"a creation makes two", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Method == "POST" && r.URL.Path == "/v1/contacts" {
				data, _ := io.ReadAll(r.Body)
				again := r.Clone(r.Context())
				again.Body = io.NopCloser(bytes.NewReader(data))
				Take(again, next)
				r.Body = io.NopCloser(bytes.NewReader(data))
			}
			next.ServeHTTP(w, r)
		}, "api/contacts/the-same-request-twice", ""},
		{"a write lands in another account", onRequest(func(r *http.Request) {
			if id, _, _ := r.BasicAuth(); id == "fake-default-id" && r.Method == "POST" && r.URL.Path == "/v1/contacts" {
				r.SetBasicAuth("fake-sales-id", "fake-sales-token")
			}
		}), contact + "a-new-contact-is-the-same", ""},
		{"calls end before they begin", Change("GET /v1/calls", OfEach("calls", func(o orderedjson.Object) orderedjson.Object {
			from, _ := o.Get("started_at")
			return altered("ended_at", func(was any) any {
				if was == nil {
					return nil
				}
				return number(from) - 1
			})(o)
		})), "api/calls/durations-times-and-reasons", ""},
	}
}
