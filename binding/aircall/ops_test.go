package aircall_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// opCase is one exchange: what a typed method sends, what comes back, what it returns.
type opCase struct {
	op      string
	call    func(ctx context.Context, c *aircall.Client) (any, error)
	request string // method and target, below the base path
	body    string // "": no body, and no content type
	status  int
	reply   string
	want    any  // nil: the method returns nothing
	open    bool // without credentials
}

const (
	oneOf   = `"meta":{"count":1,"total":1,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}`
	someISO = "2026-02-03T09:15:00.000Z"
)

var (
	meta1 = aircall.Meta{Count: 1, Total: 1, CurrentPage: 1, PerPage: 20}
	from  = time.Unix(1767225600, 0)
	to    = time.Date(2026, 1, 2, 1, 0, 0, 999, time.FixedZone("", 3600))
)

func at(seconds int64) aircall.Time { return aircall.Time{Time: time.Unix(seconds, 0).UTC()} }

func iso(t *testing.T, s string) aircall.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return aircall.Time{Time: v}
}

func page[T any](items ...T) *aircall.Page[T] { return &aircall.Page[T]{Items: items, Meta: meta1} }

func allCases(t *testing.T) []opCase {
	return slices.Concat(intelligenceCases(t), agentCases(), analyticsCases(t), companyCases(), userCases(t), userV1Cases(t), userCallCases(), teamCases(t), callCases(), callActionCases(), numberCases(t), messageCases(), whatsappCases(), dialerCases(t), campaignCases(t), contactCases(), tagCases(), a2pCases(t), appCases(t))
}

func TestOperations(t *testing.T) {
	for _, tc := range allCases(t) {
		t.Run(tc.request, func(t *testing.T) {
			var asked int
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				checkRequest(t, r, tc)
				w.WriteHeader(tc.status)
				io.WriteString(w, tc.reply)
			})
			got, err := tc.call(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if asked != 1 {
				t.Errorf("sent %d requests, want 1", asked)
			}
		})
	}
}

func checkRequest(t *testing.T, r *http.Request, tc opCase) {
	t.Helper()
	method, target, _ := strings.Cut(tc.request, " ")
	if got, want := r.Method+" "+r.RequestURI, method+" "+basePath+target; got != want {
		t.Errorf("request\n got %s\nwant %s", got, want)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	if string(body) != tc.body {
		t.Errorf("body\n got %s\nwant %s", body, tc.body)
	}
	wantType, wantAuthorization := "", "Basic "+basicPair
	if tc.open {
		wantAuthorization = ""
	}
	if tc.body != "" {
		wantType = "application/json"
	}
	for name, want := range map[string]string{
		"Authorization": wantAuthorization, "Content-Type": wantType,
		"Accept": "application/json", "User-Agent": "aircallkit/devel",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// TestEveryOperation ties the cases to the table, and the methods to the cases.
func TestEveryOperation(t *testing.T) {
	cased := map[string]int{}
	for _, tc := range allCases(t) {
		cased[tc.op]++
	}
	for _, op := range aircall.Ops() {
		if cased[op.Name] == 0 {
			t.Errorf("%s: no case, and so perhaps no method", op.Name)
		}
		delete(cased, op.Name)
	}
	for name := range cased {
		t.Errorf("%s: a case without an operation", name)
	}
}

// TestCasesSendTheirOperation asks the client itself which operation each case is: the errors carry it.
func TestCasesSendTheirOperation(t *testing.T) {
	c := serve(t, reply(400, `{"error":"Bad Request"}`))
	paths := map[string]aircall.Op{}
	for _, op := range aircall.Ops() {
		paths[op.Name] = op
	}
	for _, tc := range allCases(t) {
		_, err := tc.call(t.Context(), c)
		e := wantError(t, err)
		if e.Op != tc.op || e.Method != paths[tc.op].Method {
			t.Errorf("case %s of %s sends %s %s", tc.request, tc.op, e.Method, e.Op)
		}
	}
}

func TestOpsIsACopy(t *testing.T) {
	aircall.Ops()[0].Name = "changed"
	if got := aircall.Ops()[0].Name; got != "ping" {
		t.Errorf("the table can be changed from outside: %s", got)
	}
}

// TestEveryFieldIsRead decodes the fullest objects of the cases and looks for fields that stayed empty: a
// key with a typing error would.
func TestEveryFieldIsRead(t *testing.T) {
	full := map[reflect.Type]bool{}
	for _, tc := range allCases(t) {
		v := reflect.Indirect(reflect.ValueOf(tc.want))
		if !strings.HasPrefix(tc.op, "retrieve-") || v.FieldByName("Items").IsValid() {
			continue
		}
		full[v.Type()] = true
		wantNoZero(t, tc.op, v)
	}
	if len(full) < 8 {
		t.Errorf("looked at %d types only: %v", len(full), full)
	}
}

func wantNoZero(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s: the case leaves %s.%s empty", name, v.Type().Name(), v.Type().Field(i).Name)
		}
	}
}

// TestBadPathValues proves that nothing is sent for a path that would lead elsewhere.
func TestBadPathValues(t *testing.T) {
	a := answers(reply(200, `{}`))
	c := serve(t, a.ServeHTTP)
	for name, req := range map[string]struct {
		op   string
		path []string
	}{
		"unknown operation": {"list-all-cats", nil},
		"too few":           {"retrieve-a-call", nil},
		"too many":          {"retrieve-a-call", []string{"1", "2"}},
		"values for none":   {"list-all-calls", []string{"1"}},
		"empty":             {"retrieve-a-call", []string{""}},
		"dot":               {"retrieve-a-call", []string{"."}},
		"dots":              {"retrieve-a-call", []string{".."}},
		"line break":        {"retrieve-a-call", []string{"1\r\nHost: other"}},
		"nul":               {"retrieve-a-call", []string{"1\x00"}},
		"broken UTF-8":      {"retrieve-a-call", []string{"1\xff"}},
		"huge":              {"retrieve-a-call", []string{strings.Repeat("9", 5000)}},
		"second empty":      {"add-a-user-to-a-team", []string{"1", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Do(t.Context(), req.op, aircall.Request{Path: req.path})
			if e := wantError(t, err); e.Kind != aircall.KindInvalidRequest || e.Message == "" || e.Retryable {
				t.Errorf("got %#v", e)
			}
		})
	}
	if a.count() != 0 {
		t.Errorf("%d requests were sent", a.count())
	}
}

func TestPathValuesAreEscaped(t *testing.T) {
	for value, want := range map[string]string{
		"ada@acme.test":    "ada@acme.test",
		"a+b@acme.test":    "a+b@acme.test",
		"a/b":              "a%2Fb",
		"a b?c#d%e":        "a%20b%3Fc%23d%25e",
		"../../v1/numbers": "..%2F..%2Fv1%2Fnumbers",
		"é":                "%C3%A9",
	} {
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if got := r.RequestURI; got != basePath+"/v2/users/"+want {
				t.Errorf("%q: got %s, want …/%s", value, got, want)
			}
			io.WriteString(w, `{"user":{"id":1}}`)
		})
		if _, err := c.UserByEmail(t.Context(), value); err != nil {
			t.Error(err)
		}
	}
}

func TestDoBodies(t *testing.T) {
	for name, tc := range map[string]struct {
		body any
		want string
	}{
		"none":       {nil, ""},
		"raw":        {json.RawMessage(`{ "b":1, "a":"<x>" }`), `{ "b":1, "a":"<x>" }`},
		"raw broken": {json.RawMessage(`{"a":`), `{"a":`},
		"map":        {map[string]any{"b": nil, "a": []int{}}, `{"a":[],"b":null}`},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if got, _ := io.ReadAll(r.Body); string(got) != tc.want {
					t.Errorf("got %s, want %s", got, tc.want)
				}
				w.Header().Set("X-Seen", "yes")
				w.WriteHeader(201)
				io.WriteString(w, `{"tag":{}}`)
			})
			res, err := c.Do(t.Context(), "create-a-tag", aircall.Request{Body: tc.body})
			if err != nil {
				t.Fatal(err)
			}
			if res.Status != 201 || string(res.Body) != `{"tag":{}}` || res.Header.Get("X-Seen") != "yes" {
				t.Errorf("got %+v", res)
			}
		})
	}
	c := serve(t, reply(200, `{}`))
	for name, body := range map[string]any{"not JSON": func() {}, "too large": json.RawMessage(make([]byte, 8<<20+1))} {
		_, err := c.Do(t.Context(), "create-a-tag", aircall.Request{Body: body})
		if e := wantError(t, err); e.Kind != aircall.KindInvalidRequest {
			t.Errorf("%s: got %v", name, e)
		}
	}
}
