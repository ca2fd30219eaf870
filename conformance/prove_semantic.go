package conformance

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// semantic is a server that is wrong in one way: each of its replies may be well-formed, and be untrue.
type semantic struct {
	name   string
	defect defect
	fails  string // begin of the ids of the scenarios that must fail of it
	where  string // where the contract must be found broken; "": the scenario's own sentences must notice
}

// semantics makes mutants of all servers that are wrong in one way, each with the scenarios that are named for it. They run as
// against an address, unless those need a fake of the kit's own.
func (p *prover) semantics() (all []mutant, err error) {
	for _, s := range slices.Concat(malformed(), untrueOfReference(), untrueOfEachOther(), untrueOfTheWire()) {
		m := mutant{id: "semantic " + s.name, family: familySemantic, fails: s.fails, where: s.where, own: s.where == "", remote: true, defect: s.defect.counted}
		for i, of := range p.plan {
			if strings.HasPrefix(of.ID, s.fails) {
				m.scenarios = append(m.scenarios, i)
				m.remote = m.remote && !of.Has("@fake")
			}
		}
		if len(m.scenarios) == 0 {
			return nil, fmt.Errorf("mutant %q: there is no scenario %s…", s.name, s.fails)
		}
		all = append(all, m)
	}
	return all, nil
}

// malformed are servers whose replies break the contract of their operation.
func malformed() []semantic {
	const (
		list, get    = "reference/list_contacts/a-page-holds-20", "relations/lists/what-v1-calls-lists-is-the-same"
		pages        = "relations/lists/the-pages-of-"
		contact      = "relations/contacts/"
		contacts, of = "GET /v1/contacts", "GET /v1/calls"
	)
	return []semantic{
		{"a field is dropped", change(contacts, ofEach("contacts", lacking("information"))), list, "body/contacts/*/information"},
		{"a field of one is dropped", change(of+"/", ofEach("calls", lacking("direct_link"))), get, "body/call/direct_link"},
		{"a field within a field is dropped", change(of, ofEach("calls", under("user", lacking("email")))), get, "body/calls/*/user/email"},
		{"a field of an entry is dropped", change(contacts, ofEach("contacts", under("phone_numbers", lacking("label")))), list, "body/contacts/*/phone_numbers/*/label"},
		{"a field is renamed", change("GET /v2/users", ofEach("users", renamed("email", "mail"))), pages + "users", "body/users/*/mail"},
		{"a field is retyped", change("GET /v1/numbers", ofEach("numbers", with("digits", 7))), pages + "numbers", "body/numbers/*/digits"},
		{"a word is not one of its kind", change(of, ofEach("calls", with("direction", "sideways"))), get, "body/calls/*/direction"},
		{"a field is added", change("GET /v1/teams", ofEach("teams", with("extra", 1))), pages + "teams", "body/teams/*/extra"},
		{"a field of a tag is dropped", change("GET /v1/tags", ofEach("tags", lacking("color"))), pages + "tags", "body/tags/*/color"},
		{"the company has no name", change("GET /v1/company", ofEach("company", lacking("name"))), "relations/lists/the-api-and-the-company", "body/company/name"},
		{"meta gains a field", change("GET /v1/tags", ofBody(under("meta", with("extra", 1)))), pages + "tags", "body/meta/extra"},
		{"meta is dropped", change(contacts, ofBody(lacking("meta"))), list, "body/meta"},
		{"meta holds texts", change(of, ofBody(under("meta", with("total", "21")))), get, "body/meta/total"},
		{"the envelope is another", change(contacts, ofBody(renamed("contact", "data"))), contact + "a-new-contact-is-the-same", "body/contact"},
		{"the envelope of a list is another", change(of, ofBody(renamed("calls", "data"))), get, "body/calls"},
		{"one comes without its envelope", change("GET /v1/numbers/", ofBody(func(o orderedjson.Object) orderedjson.Object {
			v, _ := o.Get("number")
			one, _ := v.(orderedjson.Object)
			return one
		})), "relations/lists/what-v1-numbers-lists-is-the-same", "body/number"},
		{"a creation is a 200", change("POST /v1/contacts", status(201, 200)), contact + "a-new-contact-is-the-same", "status"},
		{"a deletion is a 200", change("DELETE /v1/contacts", status(204, 200)), contact + "a-deleted-contact", "status"},
		{"what is missing is a 200", change(contacts, status(404, 200)), contact + "a-deleted-contact", "body/contact"},
		{"the content type is text", change(of, header("Content-Type", "text/plain")), get, "header Content-Type"},
		{"the content type has no charset", change(of, header("Content-Type", "application/json")), get, "header Content-Type"},
		{"there is no ETag", change(of, header("ETag", "")), get, "header ETag"},
		{"a refusal is a page", change("POST /v1/contacts", func(p *passing) {
			if p.Code == http.StatusBadRequest {
				asPage(p)
			}
		}), "api/contacts/a-new-contact-without-", "header Content-Type"},
		{"a refusal has another key", change("POST /v1/contacts", ofBody(renamed("troubleshoot", "trouble"))),
			"api/contacts/a-new-contact-without-", "body/trouble"},
	}
}

// asPage makes a reply a page of HTML.
func asPage(p *passing) {
	p.body = nil
	p.Body = bytes.NewBufferString("<html><body><h1>It works</h1></body></html>")
	p.Header().Set("Content-Type", "text/html")
}

// untrueOfReference are servers for which a sentence of the reference is untrue.
func untrueOfReference() []semantic {
	const calls, contacts, update = "reference/list_calls/", "reference/list_contacts/", "reference/update_contact/"
	return []semantic{
		{"a contact lacks a field", change("GET /v1/contacts", ofEach("contacts", lacking("company_name"))), contacts + "a-page-holds-20-contacts", ""},
		{"a call lacks a field, in the list alone", change("GET /v1/calls", ofBody(ofList("calls", func(l []any) []any {
			l[2] = lacking("sid")(l[2].(orderedjson.Object))
			return l
		}))), "reference/get_call/a-call-found-in-the-list", "body/calls/*/sid"},
		{"a call lacks a field, in the search alone", change("GET /v1/calls/search", ofEach("calls", lacking("archived"))), calls + "direction-inbound", ""},
		{"a field has another name", change("GET /v1/numbers", ofEach("numbers", renamed("digits", "number"))), "reference/list_numbers/every-number-of-every-page", ""},
		{"a number is a text", change("GET /v1/calls/12345", ofEach("calls", altered("duration", func(v any) any { return show(v) + " s" }))), "reference/get_call/the-example", ""},
		{"times are in milliseconds", change("GET /v1/calls", ofEach("calls", altered("started_at", func(v any) any {
			n, _ := integer(v)
			return n * 1000
		}))), calls + "the-example", "body/calls/*/started_at"},
		{"the filter direction is ignored", query("/v1/calls/search", drop("direction")), calls + "direction-inbound", ""},
		{"the filter user_id is ignored", query("/v1/calls/search", drop("user_id")), calls + "user_id-keeps", ""},
		{"the filter tags is ignored", query("/v1/calls/search", drop("tags[]")), calls + "tags-take-the-name", ""},
		{"one tag of several is enough", query("/v1/calls/search", func(q map[string][]string) {
			if tags := q["tags[]"]; len(tags) > 1 {
				q["tags[]"] = tags[:1]
			}
		}), calls + "of-several-tags", ""},
		{"from is ignored", query("/v1/calls", drop("from")), calls + "from-leaves-out", ""},
		{"to is ignored", query("/v1/calls", drop("to")), calls + "to-leaves-out", ""},
		{"to leaves out its own second", query("/v1/calls", set("to", plusOne(-1))), calls + "to-leaves-out", ""},
		{"from leaves out the second after it", query("/v1/calls", set("from", plusOne(1))), calls + "from-and-to-of-one-second", ""},
		{"order is ignored", query("/v1/calls", drop("order")), calls + "order-desc", ""},
		{"order is always desc", query("/v1/calls", func(q map[string][]string) { q["order"] = []string{"desc"} }), calls + "order-asc", ""},
		{"page is ignored", query("/v1/calls", drop("page")), calls + "the-second-page", ""},
		{"per_page is ignored", query("/v1/calls", drop("per_page")), calls + "a-page-of-per_page-7", ""},
		{"pages are one too short", change("GET /v1/calls", ofBody(ofList("calls", func(l []any) []any { return l[:max(len(l)-1, 1)] }))), calls + "a-page-holds-20-calls", ""},
		{"the last page is empty", change("GET /v2/users", func(p *passing) {
			if v, ok := p.body.Get("meta"); ok && isLast(v) {
				p.body = under("meta", with("count", 0))(with("users", []any{})(p.body))
			}
		}), "reference/list_users/every-user", ""},
		{"the total is one too high", change("GET /v1/contacts", ofBody(under("meta", altered("total", plus(1))))), contacts + "the-list-as-a-whole", ""},
		{"the search is for everybody", query("/v1/contacts/search", drop("email")), contacts + "an-e-mail-address", ""},
		{"the search finds nobody", query("/v1/contacts/search", func(q map[string][]string) { q["email"] = []string{"no@example.com"} }), contacts + "a-phone-number", ""},
		{"sales sees what default holds", leak(""), "reference/multi-account/no-user-of-one-account", ""},
		{"sales sees the contacts of default", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.URL.Path == "/v1/contacts" {
				leak("")(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		}, "reference/multi-account/no-account-shows-the-contacts", ""},
		{"a call is its neighbour", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			for _, digit := range []string{"1", "2", "3", "4"} {
				if strings.HasPrefix(r.URL.Path, "/v1/calls/"+digit) {
					r.URL.Path = "/v1/calls/12345"
				}
			}
			next.ServeHTTP(w, r)
		}, "reference/get_call/a-call-found-in-the-list", ""},
		{"what is missing is an empty 200", answer("GET /v1/calls/9007", 200, "{}"), "reference/get_call/an-id-that-is-no-call", ""},
		{"wrong credentials are a 401", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if id, _, _ := r.BasicAuth(); !strings.HasPrefix(id, "fake-") {
				answer("", 401, `{"message":"Unauthorized"}`)(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		}, "reference/get_call/wrong-credentials", ""},
		{"the current user is somebody else", change("GET /v2/users/owner@default.example.com", ofEach("users", with("id", 1))), "reference/get_current_user/the-user-is-one-of-the-users", ""},
		{"an update is answered and not kept", ofContact("POST", func([]byte) []byte { return []byte("{}") }), update + "the-field-first_name", ""},
		{"an update takes another field along", ofContact("POST", func(data []byte) []byte {
			return bytes.Replace(data, []byte("{"), []byte(`{"information":"gone",`), 1)
		}), update + "the-field-last_name", ""},
		{"new phone numbers come beside the old", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Method == "DELETE" && strings.Contains(r.URL.Path, "/phone_details/") {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			next.ServeHTTP(w, r)
		}, update + "phone-numbers-replace", ""},
		{"new phone numbers are answered and not kept", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/phone_details") {
				answer("", 201, `{"phone_detail":{"id":1,"label":"Work","value":"+33612345678"}}`)(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		}, update + "the-only-phone-number", ""},
		{"labels are lost", sent("POST /v1/contacts", func(data []byte) []byte {
			return bytes.ReplaceAll(data, []byte(`"Mobile"`), []byte(`"Work"`))
		}), "reference/create_contact/the-example", ""},
		{"what is created is answered and not kept", answer("POST /v1/contacts", 201,
			`{"contact":{"id":77,"created_at":1781514000,"updated_at":1781514000,"first_name":"Jane","last_name":"Smith","information":null,"company_name":"Acme Corp","is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/77","phone_numbers":[],"emails":[]}}`),
			"reference/create_contact/the-example", ""},
	}
}

// ofContact changes what is sent to a contact itself.
func ofContact(method string, alter func([]byte) []byte) defect {
	d := sent(method+" /v1/contacts/", alter)
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.Count(r.URL.Path, "/") == 3 {
			d(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
}

// isLast says that a meta is of a page beyond the first with none after it.
func isLast(meta any) bool {
	m, _ := meta.(orderedjson.Object)
	next, _ := m.Get("next_page_link")
	previous, _ := m.Get("previous_page_link")
	return next == nil && previous != nil
}

// untrueOfEachOther are servers whose replies do not agree with each other.
func untrueOfEachOther() []semantic {
	const (
		lists, pages = "relations/lists/", "relations/lists/the-pages-of-"
		contact      = "relations/contacts/"
		alone        = "relations/contacts/no-other-account"
	)
	return []semantic{
		{"the links of a search forget its direction", change("GET /v1/calls/search", ofBody(under("meta", altered("next_page_link", func(v any) any {
			if link, ok := v.(string); ok {
				return strings.Replace(link, "direction=inbound&", "", 1)
			}
			return v
		})))), pages + "calls-at-v1-calls-search", ""},
		{"a call links to another call", change("GET /v1/calls", ofEach("calls", altered("direct_link", func(v any) any { return fmt.Sprint(v, "7") }))), lists, "body/calls/*/direct_link"},
		{"direction is ignored", query("/v1/calls/search", drop("direction")), lists + "a-search-for-direction", ""},
		{"direction finds the other", query("/v1/calls/search", set("direction", func(was string) string {
			return map[string]string{"inbound": "outbound", "outbound": "inbound"}[was]
		})), lists + "a-search-for-direction", ""},
		{"the user is ignored", query("/v1/calls/search", drop("user_id")), lists + "a-search-for-user_id", ""},
		{"the number is ignored", query("/v1/calls/search", drop("phone_number")), lists + "a-search-for-phone_number", ""},
		{"to is ignored in a search", query("/v1/calls/search", drop("to")), lists + "what-v1-calls-search-lists-after", ""},
		{"from is ignored in contacts", query("/v1/contacts", drop("from")), lists + "what-v1-contacts-lists-between", ""},
		{"from includes its own second", query("/v1/calls", set("from", plusOne(-1))), lists + "what-v1-calls-lists-after", ""},
		{"from includes its own second in a search", query("/v1/calls/search", set("from", plusOne(-1))), lists + "what-v1-calls-search-lists-after", ""},
		{"from leaves out its own second in contacts", query("/v1/contacts", set("from", plusOne(1))), lists + "what-v1-contacts-lists-between", ""},
		{"from is ignored in users", query("/v2/users", drop("from")), lists + "what-v2-users-lists-between", ""},
		{"to is ignored in numbers", query("/v1/numbers", drop("to")), lists + "what-v1-numbers-lists-between", ""},
		{"times are of another zone", query("/v1/contacts", func(q map[string][]string) {
			set("from", plusOne(3600))(q)
			set("to", plusOne(3600))(q)
		}), lists + "what-v1-contacts-lists-between", ""},
		{"order is ignored in calls", query("/v1/calls", drop("order")), lists + "the-calls-at-v1-calls-rise", ""},
		{"order_by is ignored", query("/v1/contacts", drop("order_by")), lists + "the-contacts-at-v1-contacts-order_by", ""},
		{"order is ignored in a search of contacts", query("/v1/contacts/search", drop("order")), lists + "the-contacts-at-v1-contacts-search", ""},
		{"order is ignored in users", query("/v2/users", drop("order")), lists + "the-users-at", ""},
		{"order is ignored in numbers", query("/v1/numbers", drop("order")), lists + "the-numbers-at", ""},
		{"order is ignored in teams", query("/v1/teams", drop("order")), lists + "the-teams-at", ""},
		{"page is ignored in a search", query("/v1/calls/search", drop("page")), pages + "calls-at-v1-calls-search", ""},
		{"page is ignored in a search of contacts", query("/v1/contacts/search", drop("page")), pages + "contacts-at-v1-contacts-search", ""},
		{"page is ignored in teams", query("/v1/teams", drop("page")), pages + "teams", ""},
		{"per_page is ignored in tags", query("/v1/tags", drop("per_page")), pages + "tags", ""},
		{"an entry stands on two pages", change("GET /v1/contacts", repeated("contacts")), pages + "contacts", ""},
		{"the order is another each time", turning("/v1/tags", "tags"), pages + "tags", ""},
		{"count is one too high", change("GET /v1/tags", ofBody(under("meta", altered("count", plus(1))))), pages + "tags", ""},
		{"a page in the middle is called the last", change("GET /v1/contacts", ofBody(under("meta", with("next_page_link", nil)))), pages + "contacts", ""},
		{"one contact leaks", leak("/v1/contacts/"), alone, ""},
		{"the list of contacts leaks", leak("/v1/contacts"), alone, ""},
		{"a search of contacts leaks", leak("/v1/contacts/search"), alone, ""},
		{"calls leak", leak("/v1/calls"), lists + "no-two-of-the-accounts-share-the-sid", ""},
		{"numbers leak", leak("/v1/numbers"), lists + "no-two-of-the-accounts-share-the-id-of-one-of-their-numbers", ""},
		{"tags leak", leak("/v1/tags"), lists + "no-two-of-the-accounts-share-the-id-of-one-of-their-tags", ""},
		{"nobody needs credentials", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Header.Get("Authorization") == "" {
				r.SetBasicAuth("fake-default-id", "fake-default-token")
			}
			next.ServeHTTP(w, r)
		}, "relations/access/", ""},
		{"calls do not say when they ended", change("GET /v1/calls", ofEach("calls", with("ended_at", nil))), "relations/calls/the-calls-at", ""},
		{"calls take no time", change("GET /v1/calls", ofEach("calls", with("duration", 0))), "relations/calls/the-calls-at", ""},
		{"calls that ring are answered", change("GET /v1/calls", ofEach("calls", func(o orderedjson.Object) orderedjson.Object {
			if status, _ := o.Get("status"); status == "initial" {
				return with("status", "answered")(o)
			}
			return o
		})), "relations/calls/the-calls-at", ""},
		{"the line of a call has another name", change("GET /v1/calls", ofEach("calls", under("number", with("name", "Another")))), "relations/calls/the-number-of-a-call", ""},
		{"the user of a call has another name", change("GET /v1/calls", ofEach("calls", under("user", with("name", "Somebody Else")))), "relations/calls/the-user-of-a-call", ""},
		{"nobody says why a call was missed", change("GET /v1/calls", ofEach("calls", with("missed_call_reason", nil))), "relations/calls/of-the-inbound", ""},
		{"teams leak", leak("/v1/teams"), lists + "no-two-of-the-accounts-share-the-id-of-the-teams", ""},
		{"one call leaks", leak("/v1/calls/"), lists + "the-first-call-of-an-account", ""},
		{"one user leaks", leak("/v2/users/"), lists + "the-first-user-of-an-account", ""},
		{"one number leaks", leak("/v1/numbers/"), lists + "the-first-number-of-an-account", ""},
		{"one team leaks", leak("/v1/teams/"), lists + "the-first-team-of-an-account", ""},
		{"one tag leaks", leak("/v1/tags/"), lists + "the-first-tag-of-an-account", ""},
		{"a call by its id has no comments", change("GET /v1/calls/", ofEach("calls", with("comments", []any{}))), lists + "what-v1-calls-lists-is-the-same", ""},
		{"reads are stale after an update", stale(), contact + "a-change-is-kept", ""},
		{"a deletion is lost", lostDeletion(), contact + "a-deleted-contact", ""},
		{"a changed phone number is answered as it was", change("PUT /v1/contacts/", ofBody(under("phone_detail", with("value", "+33600000000")))), contact + "a-new-entry-of-the-phone", ""},
		{"a changed e-mail is answered as it was", change("PUT /v1/contacts/", ofBody(under("email_detail", with("value", "old@example.com")))), contact + "a-new-entry-of-the-emails", ""},
		{"a creation tells another id", change("POST /v1/contacts", ofEach("contacts", altered("id", plus(-1)))), contact + "a-new-contact-is-the-same", ""},
		{"a creation makes two", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if r.Method == "POST" && r.URL.Path == "/v1/contacts" {
				data, _ := io.ReadAll(r.Body)
				again := r.Clone(r.Context())
				again.Body = io.NopCloser(bytes.NewReader(data))
				take(again, next)
				r.Body = io.NopCloser(bytes.NewReader(data))
			}
			next.ServeHTTP(w, r)
		}, "api/contacts/the-same-contact-twice", ""},
		{"a write lands in another account", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if id, _, _ := r.BasicAuth(); id == "fake-default-id" && r.Method == "POST" && r.URL.Path == "/v1/contacts" {
				r.SetBasicAuth("fake-sales-id", "fake-sales-token")
			}
			next.ServeHTTP(w, r)
		}, contact + "a-new-contact-is-the-same", ""},
		{"calls end before they begin", change("GET /v1/calls", ofEach("calls", func(o orderedjson.Object) orderedjson.Object {
			from, _ := o.Get("started_at")
			return altered("ended_at", func(was any) any {
				n, _ := integer(from)
				if was == nil {
					return nil
				}
				return n - 1
			})(o)
		})), "api/calls/durations-times-and-reasons", ""},
	}
}
