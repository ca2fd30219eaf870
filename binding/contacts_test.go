package binding_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding"
)

func TestListContactsRoutes(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/contacts": `{"contacts":[]}`, "GET /v1/contacts/search": `{"contacts":[]}`})
	r := runner(t, srv.URL)
	const page = "order=desc&page=1&per_page=20"
	for _, c := range []struct{ name, args, want string }{
		{"all", ``, "GET /v1/contacts?" + page},
		{"empty q", `q = " "`, "GET /v1/contacts?" + page},
		{"e-mail", `q = " ada+x@example.com "`, "GET /v1/contacts/search?email=ada%2Bx%40example.com&" + page},
		{"E.164", `q = "+33612345678", per_page = 5`, "GET /v1/contacts/search?order=desc&page=1&per_page=5&phone_number=%2B33612345678"},
		{"as people write it", `q = "+33 (0)6-12.34/56 78"`, "GET /v1/contacts/search?" + page + "&phone_number=%2B330612345678"},
		{"typed as a number", `q = 33612345678`, "GET /v1/contacts/search?" + page + "&phone_number=33612345678"},
		{"a name", `q = "John"`, "GET /v1/contacts?order=desc&page=1&per_page=50"},
		{"a name with a digit", `q = "R2 D2"`, "GET /v1/contacts?order=desc&page=1&per_page=50"},
		{"a plus in a name", `q = "a+b"`, "GET /v1/contacts?order=desc&page=1&per_page=50"},
		{"signs alone", `q = "+ -"`, "GET /v1/contacts?order=desc&page=1&per_page=50"},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv.lines()
			run(t, r, "app.integrations.aircall.list_contacts({"+c.args+"})")
			if diff := cmp.Diff([]string{c.want}, srv.lines()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNamesAreSoughtInNames(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/contacts": `{"meta":{"total":8,"next_page_link":null},"contacts":[` +
		`{"id":1,"first_name":"John","last_name":"Smith","company_name":"Acme"},` +
		`{"id":2,"first_name":"JOHN","last_name":null,"company_name":null},` +
		`{"id":3,"first_name":null,"last_name":"Johnson"},` +
		`{"id":4,"first_name":"Ann","last_name":"Smith","company_name":"John & Sons","information":"John"},` +
		`{"id":5,"first_name":"Éloïse","last_name":"ÅNGSTRÖM"},` +
		`{"id":6,"first_name":null,"last_name":null},` +
		`{"id":7,"first_name":"Mary  Ann","last_name":"Lee"},` +
		`{"id":8,"first_name":"Lee","last_name":"Mary"}]}`})
	r := runner(t, srv.URL)
	for q, ids := range map[string]string{
		"John": "1 2 3", "john": "1 2 3", "ohn smi": "1", "Smith": "1 4", "smith john": "", "Acme": "", "Sons": "",
		"éLOÏSE ångström": "5", "mary ann  lee": "7", "lee mary": "8", "nobody": "",
	} {
		want(t, q, run(t, r, `
			local ids = {}
			for _, c in ipairs(app.integrations.aircall.list_contacts({q = ...}).contacts) do table.insert(ids, c.id) end
			print(table.concat(ids, " "))`, q), ids+"\n")
	}
}

func TestCreateContact(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		return 201, `{"contact":{"id":500001,"first_name":"Jane","last_name":null,"information":null,"company_name":null,"phone_numbers":[],"emails":[]}}`
	})
	got := run(t, runner(t, srv.URL), `
		local c = app.integrations.aircall.create_contact({
			emails = {{label = "Work", value = "jane@acme.com"}}, first_name = "Jane", company_name = "A & B",
			phone_numbers = {{value = "+33612345678", label = "Mobile"}},
		}).contact
		print(c.id, c.last_name == "", json.encode(c.emails))`)
	want(t, "output", got, "500001\ttrue\t[]\n")
	want(t, "request", strings.Join(srv.lines(), "\n"), `POST /v1/contacts {"first_name":"Jane","company_name":"A & B",`+
		`"phone_numbers":[{"label":"Mobile","value":"+33612345678"}],"emails":[{"label":"Work","value":"jane@acme.com"}]}`)
}

// aContact is a contact as Aircall sends it. The lists are "id label value" triples.
func aContact(id int, phones, emails []string) string {
	list := func(entries []string) string {
		var out []string
		for _, e := range entries {
			f := strings.Fields(e)
			out = append(out, fmt.Sprintf(`{"value":"%s","id":%s,"label":"%s"}`, f[2], f[0], f[1]))
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	return fmt.Sprintf(`{"contact":{"id":%d,"first_name":"Jane","last_name":null,"company_name":null,"information":null,"phone_numbers":%s,"emails":%s}}`,
		id, list(phones), list(emails))
}

func TestUpdateContactPlansTheDifference(t *testing.T) {
	const read = "GET /v1/contacts/5"
	add := func(kind, label, value string) string {
		return fmt.Sprintf(`POST /v1/contacts/5/%s_details {"label":"%s","value":"%s"}`, kind, label, value)
	}
	relabel := func(kind string, id int, label string) string {
		return fmt.Sprintf(`PUT /v1/contacts/5/%s_details/%d {"label":"%s"}`, kind, id, label)
	}
	remove := func(kind string, id int) string { return fmt.Sprintf("DELETE /v1/contacts/5/%s_details/%d", kind, id) }
	for _, c := range []struct {
		name           string
		phones, emails []string // as they are
		args           string
		want           []string
	}{
		{"fields only", []string{"1 Work +1"}, nil, `first_name = "A", information = "B"`, []string{`POST /v1/contacts/5 {"first_name":"A","information":"B"}`}},
		{"nothing differs", []string{"1 Work +1", "2 Home +2"}, []string{"3 Work a@b"},
			`phone_numbers = {{label = "Home", value = "+2"}, {label = "Work", value = "+1"}}, emails = {{label = "Work", value = "a@b"}}`, []string{read}},
		{"what it holds, given back", []string{"1 Work +1"}, nil, `phone_numbers = {{id = 1, label = "Work", value = "+1"}}`, []string{read}},
		{"the last phone is replaced", []string{"1 Work +1"}, nil, `phone_numbers = {{label = "Work", value = "+2"}}`,
			[]string{read, add("phone", "Work", "+2"), remove("phone", 1), read}},
		{"add, relabel, delete", []string{"1 Work +1", "2 Home +2", "3 Fax +3"}, nil,
			`phone_numbers = {{label = "Mobile", value = "+4"}, {label = "Main", value = "+2"}, {label = "Work", value = "+1"}}`,
			[]string{read, add("phone", "Mobile", "+4"), relabel("phone", 2, "Main"), remove("phone", 3), read}},
		{"relabel only", []string{"1 Work +1"}, nil, `phone_numbers = {{label = "Home", value = "+1"}}`, []string{read, relabel("phone", 1, "Home"), read}},
		{"labels change places", []string{"1 Work +1", "2 Home +2"}, nil, `phone_numbers = {{label = "Home", value = "+1"}, {label = "Work", value = "+2"}}`,
			[]string{read, relabel("phone", 1, "Home"), relabel("phone", 2, "Work"), read}},
		{"an unsaid label stays", []string{"1 Home +1"}, nil, `phone_numbers = {{value = "+1"}, {value = "+2"}}`, []string{read, add("phone", "Work", "+2"), read}},
		{"one of two alike goes", []string{"1 Work +1", "2 Home +1"}, nil, `phone_numbers = {{label = "Home", value = "+1"}}`, []string{read, remove("phone", 1), read}},
		{"a second alike comes", []string{"1 Work +1"}, nil, `phone_numbers = {{label = "Home", value = "+1"}, {label = "Work", value = "+1"}}`,
			[]string{read, add("phone", "Home", "+1"), read}},
		{"alike, one relabelled", []string{"1 Work +1", "2 Home +1"}, nil, `phone_numbers = {{label = "Home", value = "+1"}, {label = "Fax", value = "+1"}}`,
			[]string{read, relabel("phone", 1, "Fax"), read}},
		{"other spelling is another value", []string{"1 Work +1 "}, nil, `phone_numbers = {{label = "Work", value = "+ 1"}}`,
			[]string{read, add("phone", "Work", "+ 1"), remove("phone", 1), read}},
		{"all e-mails go", []string{"1 Work +1"}, []string{"2 Work a@b", "3 Home c@d"}, `emails = {}`, []string{read, remove("email", 2), remove("email", 3), read}},
		{"first e-mail", []string{"1 Work +1"}, nil, `emails = {{label = "Work", value = "a@b"}}`, []string{read, add("email", "Work", "a@b"), read}},
		{"everything", []string{"1 Work +1"}, []string{"2 Work a@b"}, `company_name = json.null, phone_numbers = {{label = "Work", value = "+2"}}, emails = {{label = "Home", value = "a@b"}}`,
			[]string{read, `POST /v1/contacts/5 {"company_name":null}`, add("phone", "Work", "+2"), remove("phone", 1), relabel("email", 2, "Home"), read}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := serve(t, func(r request) (int, string) {
				switch {
				case strings.HasPrefix(r.line, "DELETE"):
					return 204, ""
				case strings.Contains(r.line, "_details"):
					return 200, `{"phone_detail":{}}`
				}
				return 200, aContact(5, c.phones, c.emails)
			})
			got := run(t, runner(t, srv.URL), "print(app.integrations.aircall.update_contact({contact_id = 5, "+c.args+"}).contact.first_name)")
			want(t, "output", got, "Jane\n")
			if diff := cmp.Diff(c.want, srv.lines()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdateContactAtTheLimit(t *testing.T) {
	var have, want []string
	for i := range 20 {
		have = append(have, fmt.Sprintf("%d Work +%d", i+1, i+1))
		want = append(want, fmt.Sprintf(`{label = "Work", value = "+%d"}`, i+3)) // two go, two come
	}
	srv := serve(t, func(r request) (int, string) {
		if strings.HasPrefix(r.line, "GET") {
			return 200, aContact(5, have, nil)
		}
		return 204, ""
	})
	run(t, runner(t, srv.URL), "app.integrations.aircall.update_contact({contact_id = 5, phone_numbers = {"+strings.Join(want, ", ")+"}})")
	wantLines := []string{
		"GET /v1/contacts/5",
		"DELETE /v1/contacts/5/phone_details/1", `POST /v1/contacts/5/phone_details {"label":"Work","value":"+21"}`,
		"DELETE /v1/contacts/5/phone_details/2", `POST /v1/contacts/5/phone_details {"label":"Work","value":"+22"}`,
		"GET /v1/contacts/5",
	}
	if diff := cmp.Diff(wantLines, srv.lines()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// failAt serves a contact whose n-th write, from 1, is answered with status and body.
func failAt(t *testing.T, n, status int, body string) *server {
	writes := 0
	return serve(t, func(r request) (int, string) {
		if strings.HasPrefix(r.line, "GET") {
			return 200, aContact(5, []string{"1 Work +1"}, []string{"2 Work a@b"})
		}
		if writes++; writes == n {
			return status, body
		}
		return 204, ""
	})
}

const wideUpdate = `app.integrations.aircall.update_contact({contact_id = 5, company_name = "New",
	phone_numbers = {{label = "Work", value = "+2"}}, emails = {{label = "Home", value = "a@b"}}})`

func TestUpdateContactFailsMidway(t *testing.T) {
	const refused = `{"error":"Bad Request","troubleshoot":"No"}`
	for _, c := range []struct {
		name           string
		at, status     int
		body           string
		message        string
		effect         string
		done, notDone  []any
		holdsTheOutput bool
	}{
		{"first write refused", 1, 400, refused, "Aircall API error (400): Bad Request. No", "none", nil, nil, false},
		{"first write in doubt", 1, 500, `{}`, "Aircall API error (500): Internal Server Error", "unknown", nil, nil, false},
		{"second refused", 2, 400, refused, `Aircall API error (400): Bad Request. No. Contact 5 was changed in part. Done: set company_name. ` +
			`Not done: add phone number "+2" (Work); delete phone number "+1"; relabel e-mail "a@b" as "Home".`, "partial",
			[]any{"set company_name"}, []any{`add phone number "+2" (Work)`, `delete phone number "+1"`, `relabel e-mail "a@b" as "Home"`}, true},
		{"last in doubt", 4, 500, `{}`, `Aircall API error (500): Internal Server Error. Contact 5 was changed in part. ` +
			`Done: set company_name; add phone number "+2" (Work); delete phone number "+1". Not done: relabel e-mail "a@b" as "Home" (may have happened).`, "partial",
			[]any{"set company_name", `add phone number "+2" (Work)`, `delete phone number "+1"`}, []any{`relabel e-mail "a@b" as "Home" (may have happened)`}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := failAt(t, c.at, c.status, c.body)
			failed := fails(t, runner(t, srv.URL), wideUpdate)
			want(t, "message", failed.Message, c.message)
			want(t, "effect", string(failed.Effect)+" "+string(failed.EffectStatus), "write "+c.effect)
			if failed.Retryable {
				t.Error("it says it may be tried again as it is")
			}
			got := run(t, runner(t, failAt(t, c.at, c.status, c.body).URL), `
				local ok, e = pcall(function() `+wideUpdate+` end)
				print(json.encode({done = e.details.done, not_done = e.details.not_done, contact = e.details.contact and e.details.contact.last_name}))`)
			wantOutput := "{}\n"
			if c.holdsTheOutput {
				wantOutput = fmt.Sprintf(`{"not_done":%s,"done":%s,"contact":""}`+"\n", jsonOf(t, c.notDone), jsonOf(t, c.done))
			}
			if !sameJSON(t, got, wantOutput) {
				t.Errorf("details: got %s want %s", got, wantOutput)
			}
		})
	}
}

// A 429 says "again later" for the write it answers; for the whole update it does not.
func TestUpdateContactHeldMidway(t *testing.T) {
	srv := failAt(t, 2, 429, `{"error":"Too Many Requests"}`)
	failed := fails(t, runner(t, srv.URL, func(c *binding.Config) { c.Limits.Timeout = 5 * time.Second }), wideUpdate)
	if failed.Type != "rate_limited" || failed.EffectStatus != "partial" || failed.Retryable {
		t.Errorf("got %s, %s, retryable %v", failed.Type, failed.EffectStatus, failed.Retryable)
	}
	// Nor can the contact be read before the limit ends.
	want(t, "message", failed.Message, "Aircall API error (429): Too Many Requests. Contact 5 was changed in part. Done: set company_name. "+
		`Not done: add phone number "+2" (Work); delete phone number "+1"; relabel e-mail "a@b" as "Home". What it holds now could not be read.`)
}

func TestUpdateContactCannotBeReadAgain(t *testing.T) {
	gets := 0
	srv := serve(t, func(r request) (int, string) {
		if !strings.HasPrefix(r.line, "GET") {
			return 204, ""
		}
		if gets++; gets == 2 {
			return 404, `{"error":"Not Found"}`
		}
		return 200, aContact(5, []string{"1 Work +1"}, nil)
	})
	failed := fails(t, runner(t, srv.URL), `app.integrations.aircall.update_contact({contact_id = 5, phone_numbers = {{label = "Home", value = "+1"}}})`)
	want(t, "message", failed.Message, "Contact 5 was updated, but could not be read again. Aircall API error (404): Not Found")
	want(t, "effect", string(failed.EffectStatus), "succeeded")
}
