package contract

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const petShop = `{
"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"},
"servers": [{"url": "https://pets.test"}],
"x-unknown-route": {"status": 404, "response": "NoRoute"},
"x-outside": ["/static/"],
"paths": {
 "/pets": {
  "get": {"operationId": "list-pets",
   "parameters": [
    {"name": "page", "in": "query", "allowEmptyValue": true, "schema": {"type": "integer", "minimum": 1}},
    {"name": "order", "in": "query", "x-invalid": "ignored", "schema": {"type": "string", "enum": ["asc", "desc"]}}],
   "responses": {"200": {"description": "OK", "headers": {"X-Total": {"required": true, "schema": {"type": "integer"}}},
     "content": {"application/json; charset=utf-8": {"schema": {"type": "object", "additionalProperties": false, "required": ["pets"],
      "properties": {"pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}}}}}},
    "400": {"$ref": "#/components/responses/Refused"}, "5XX": {"$ref": "#/components/responses/Refused"}}},
  "post": {"operationId": "create-a-pet",
   "requestBody": {"required": true, "content": {
    "application/json": {"schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}},
    "application/x-www-form-urlencoded": {"schema": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}}}},
   "responses": {"201": {"description": "Created", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
    "400": {"$ref": "#/components/responses/Refused"}}}},
 "/pets/{id}": {
  "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
  "get": {"operationId": "retrieve-a-pet", "responses": {"200": {"description": "OK", "content": {"application/json": {"schema":
    {"anyOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object", "additionalProperties": false, "required": ["gone"], "properties": {"gone": {"type": "boolean"}}}]}}}},
    "400": {"$ref": "#/components/responses/Refused"}}},
  "delete": {"operationId": "delete-a-pet", "responses": {"204": {"description": "No Content"}}}},
 "/pets/all": {"get": {"operationId": "count-pets", "responses": {"204": {"description": "No Content"}}}}
},
"components": {
 "schemas": {"Pet": {"type": "object", "additionalProperties": false, "required": ["id", "name", "born"], "properties": {
   "id": {"type": "integer"}, "name": {"type": "string", "pattern": "^[A-Z]"}, "born": {"type": "string", "nullable": true}, "kind": {"type": "string", "enum": ["cat", "dog"]}}}},
 "responses": {
  "NoRoute": {"description": "Not Found", "content": {"application/json": {"schema": {"type": "object", "additionalProperties": false, "required": ["message"], "properties": {"message": {"type": "string"}}}}}},
  "Refused": {"description": "Bad Request", "content": {"application/json": {"schema": {"type": "object", "additionalProperties": false, "required": ["error"], "properties": {"error": {"type": "string"}}}}}}}
}}`

func shop(t *testing.T) *Contract {
	t.Helper()
	c, err := New([]byte(petShop))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A case is an exchange in short: "GET /pets", what was sent, and the reply.
func exchange(t *testing.T, request, sent string, status int, content, body string) Exchange {
	t.Helper()
	method, target, _ := strings.Cut(request, " ")
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	x := Exchange{Method: method, URL: u, RequestBody: []byte(sent), Status: status, Header: http.Header{"X-Total": {"1"}}, Body: []byte(body)}
	if content != "" {
		x.Header.Set("Content-Type", content)
	}
	return x
}

func TestCheck(t *testing.T) {
	const list, plain = "application/json; charset=utf-8", "application/json"
	for _, c := range []struct {
		name, request, sent string
		status              int
		content, body       string
		want                []string
	}{
		{"a list", "GET /pets?page=1&order=desc", "", 200, list, `{"pets":[{"id":1,"name":"Bo","born":null}]}`, nil},
		{"an optional member", "GET /pets", "", 200, list, `{"pets":[{"id":1,"name":"Bo","born":"x","kind":"cat"}]}`, nil},
		{"a member is missing", "GET /pets", "", 200, list, `{"pets":[{"id":1,"name":"Bo","born":null},{"id":2,"born":null}]}`,
			[]string{`list-pets: body/pets/1/name: want to be there, got nothing`}},
		{"a member is too much", "GET /pets", "", 200, list, `{"pets":[{"id":1,"name":"Bo","born":null,"a/b":1}]}`,
			[]string{`list-pets: body/pets/0/a~1b: want nothing, got 1`}},
		{"another type", "GET /pets", "", 200, list, `{"pets":[{"id":"1","name":"Bo","born":null}]}`,
			[]string{`list-pets: body/pets/0/id: want integer, got "1"`}},
		{"null", "GET /pets", "", 200, list, `{"pets":[{"id":1,"name":null,"born":null}]}`,
			[]string{`list-pets: body/pets/0/name: want string, got null`}},
		{"all of them at once", "GET /pets", "", 200, list, `{"pets":[{"id":1.5,"name":"bo","born":7,"kind":"cow"}],"x":0}`, []string{
			`list-pets: body/pets/0/born: want string or null, got 7`,
			`list-pets: body/pets/0/id: want integer, got 1.5`,
			`list-pets: body/pets/0/kind: want one of ["cat","dog"], got "cow"`,
			`list-pets: body/pets/0/name: want text like ^[A-Z], got "bo"`,
			`list-pets: body/x: want nothing, got 0`,
		}},
		{"no JSON", "GET /pets", "", 200, list, `<html>`, []string{`list-pets: body: want JSON, got <html>`}},
		{"a status", "GET /pets", "", 206, list, `{}`, []string{`list-pets: status: want one of 200, 400, 5XX, got 206`}},
		{"a content type without its charset", "GET /pets", "", 200, plain, `{"pets":[]}`,
			[]string{`list-pets: header Content-Type: want "application/json; charset=utf-8", got "application/json"`}},
		{"an error", "GET /pets?page=0", "", 400, plain, `{"error":"no"}`, nil},
		{"an error with a member too few and one too many", "GET /pets", "", 400, plain, `{"errors":[]}`,
			[]string{`list-pets: body/error: want to be there, got nothing`, `list-pets: body/errors: want nothing, got []`}},
		{"a failure", "GET /pets", "", 502, plain, `{"error":"down"}`, nil},
		{"a bad request that was taken", "GET /pets?page=0", "", 200, list, `{"pets":[]}`,
			[]string{`list-pets: request query page: want number must be at least 1, got 0`}},
		{"a parameter that is ignored", "GET /pets?order=up&page=&more=1", "", 200, list, `{"pets":[]}`, nil},
		{"a body that was taken", "POST /pets", `{"name":""}`, 201, plain, `{"id":1,"name":"Bo","born":null}`,
			[]string{`create-a-pet: request body/name: want minimum string length is 1, got ""`}},
		{"no body at all", "POST /pets", ``, 201, plain, `{"id":1,"name":"Bo","born":null}`,
			[]string{`create-a-pet: request body/name: want to be there, got nothing`}},
		{"a body that was refused", "POST /pets", `{`, 400, plain, `{"error":"no"}`, nil},
		{"a form", "POST /pets", `name=Bo`, 201, plain, `{"id":1,"name":"Bo","born":null}`, nil},
		{"a form without the name", "POST /pets", `nam=Bo`, 201, plain, `{"id":1,"name":"Bo","born":null}`,
			[]string{`create-a-pet: request body/name: want to be there, got nothing`}},
		{"the nearest of two", "GET /pets/1", "", 200, plain, `{"gone":1}`, []string{`retrieve-a-pet: body/gone: want boolean, got 1`}},
		{"a path that was taken", "GET /pets/x", "", 200, plain, `{"gone":true}`,
			[]string{`retrieve-a-pet: request path id: want a value of its schema, got value x: an invalid integer: invalid syntax`}},
		{"literal before template", "GET /pets/all/", "", 204, "", ``, nil},
		{"of another method", "DELETE /pets/all", "", 204, "", ``, []string{`delete-a-pet: request path id: want a value of its schema, got value all: an invalid integer: invalid syntax`}},
		{"a body where none is", "DELETE /pets/1", "", 204, plain, `{}`,
			[]string{`delete-a-pet: body: want nothing, got {}`, `delete-a-pet: header Content-Type: want none, got "application/json"`}},
		{"no route", "GET /dogs", "", 404, plain, `{"message":"Not Found"}`, nil},
		{"no such method", "PATCH /pets", "", 404, plain, `{"error":"Not Found"}`,
			[]string{`no operation: body/error: want nothing, got "Not Found"`, `no operation: body/message: want to be there, got nothing`}},
		{"a route that is not there", "GET /dogs", "", 200, plain, `{}`, []string{`no operation: status: want 404, got 200`}},
		{"outside", "GET /static/x.css", "", 200, "text/css", `{`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			contract := shop(t)
			for range 2 { // the second time from memory
				var got []string
				for _, d := range contract.Check(exchange(t, c.request, c.sent, c.status, c.content, c.body)) {
					got = append(got, d.String())
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("differences (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	x := exchange(t, "GET /pets", "", 200, "application/json; charset=utf-8", `{"pets":[]}`)
	x.Header = http.Header{"Content-Type": x.Header["Content-Type"]}
	want := []Difference{{"list-pets", "header X-Total", "to be there", "nothing"}}
	if diff := cmp.Diff(want, shop(t).Check(x)); diff != "" {
		t.Error(diff)
	}
	x.Header["x-tOTAL"] = []string{"many"}
	want = []Difference{{"list-pets", "header X-Total", "integer", `"many"`}}
	if diff := cmp.Diff(want, shop(t).Check(x)); diff != "" {
		t.Error(diff)
	}
}

func TestBadContract(t *testing.T) {
	for _, c := range []struct{ from, to, says string }{
		{`"openapi": "3.0.3"`, `"openapi": 3`, "read the contract"},
		{`"title": "Pets"`, `"title": ""`, "not valid"},
		{`"response": "NoRoute"`, `"response": "Nothing"`, `there is no response "Nothing"`},
		{`["/static/"]`, `"/static/"`, "x-outside"},
	} {
		if _, err := New([]byte(strings.Replace(petShop, c.from, c.to, 1))); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want one with %q", c.to, err, c.says)
		}
	}
}

// Handler reports exchanges and changes nothing.
func TestBothSides(t *testing.T) {
	shopkeeper := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/pets/2" {
			w.WriteHeader(204)
			return
		}
		fmt.Fprintf(w, `{"id":1,"name":%q,"born":null}`, sent)
	})
	var mu sync.Mutex
	var got []string
	report := func(side string) func(Exchange, []Difference) {
		return func(_ Exchange, found []Difference) {
			mu.Lock()
			defer mu.Unlock()
			for _, d := range found {
				got = append(got, side+": "+d.String())
			}
		}
	}
	srv := httptest.NewServer(shop(t).Handler(shopkeeper, report("handler")))
	client := srv.Client()
	resp, err := client.Post(srv.URL+"/pets", "text/plain", strings.NewReader(`{"name":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if want := `{"id":1,"name":"{\"name\":\"x\"}","born":null}`; err != nil || string(body) != want {
		t.Errorf("body %s, %v", body, err)
	}
	resp, err = client.Get(srv.URL + "/pets/2") // 204 is not documented
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	srv.Close() // the handlers have ended
	want := []string{
		"handler: create-a-pet: status: want one of 201, 400, got 200",
		"handler: retrieve-a-pet: status: want one of 200, 400, got 204",
	}
	if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
		t.Error(diff)
	}
}

func sorted(s []string) map[string]int {
	m := map[string]int{}
	for _, v := range s {
		m[v]++
	}
	return m
}

// A handler that hijacks the connection, or panics, leaves no reply to check.
func TestNoReply(t *testing.T) {
	looked := 0
	srv := httptest.NewServer(shop(t).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/pets" {
			panic(http.ErrAbortHandler)
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		conn.Close()
	}), func(Exchange, []Difference) { looked++ }))
	for _, path := range []string{"/pets", "/pets/1"} {
		if resp, err := http.Post(srv.URL+path, "", nil); err == nil {
			t.Errorf("%s: %s", path, resp.Status)
			resp.Body.Close()
		}
	}
	srv.Close()
	if looked > 0 {
		t.Errorf("looked at %d replies", looked)
	}
}

// told is a test whose failures are looked at.
type told struct {
	*testing.T
	ends []func()
	said []string
}

func (r *told) Cleanup(f func()) { r.ends = append(r.ends, f) }
func (r *told) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func TestEnforce(t *testing.T) {
	down := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/pets" {
			w.WriteHeader(503)
			io.WriteString(w, `{"error":"down"}`)
			return
		}
		w.WriteHeader(200)
		io.WriteString(w, `{"gone":7}`)
	})
	rec := &told{T: t}
	h := Enforce(rec, []byte(petShop), "retrieve-a-pet: body/gone", "delete-a-pet: status")(down)
	for _, path := range []string{"/pets", "/pets/1"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	for _, end := range rec.ends {
		end()
	}
	want := []string{
		"contract: GET /pets: 503: list-pets: status: want no failure of the server, got 503",
		`contract: "delete-a-pet: status" is an exception that did not occur`,
	}
	if diff := cmp.Diff(want, rec.said); diff != "" {
		t.Error(diff)
	}
}
