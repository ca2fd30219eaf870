package binding_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/binding/aircall"
)

// A watch looks at the contact after every write, and can cut the n-th one off.
type watch struct {
	t      testing.TB
	next   http.RoundTripper
	look   func() (phones, emails int)
	failAt int
	writes int
}

func (w *watch) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet {
		return w.next.RoundTrip(r)
	}
	if w.writes++; w.writes == w.failAt {
		return nil, errors.New("cut off")
	}
	res, err := w.next.RoundTrip(r)
	if phones, emails := w.look(); err == nil && (phones < 1 || phones > 20 || emails > 20) {
		w.t.Errorf("after %s %s the contact has %d phone numbers and %d e-mails", r.Method, r.URL.Path, phones, emails)
	}
	return res, err
}

type detail struct{ Label, Value string }

func details(kind string) *rapid.Generator[[]detail] {
	return rapid.Custom(func(t *rapid.T) []detail {
		least := 0
		if kind == "phone" {
			least = 1
		}
		values := rapid.SliceOfN(rapid.IntRange(0, 25), least, 20).Draw(t, "values")
		var out []detail
		for _, v := range values {
			d := detail{rapid.SampledFrom([]string{"Work", "Home", "Fax"}).Draw(t, "label"), fmt.Sprintf("+336123456%02d", v)}
			if kind == "email" {
				d.Value = fmt.Sprintf("a%d@example.com", v)
			}
			out = append(out, d)
		}
		return out
	})
}

// From any lists to any other, on a real contact of the fake: it ends as asked, was never without a phone number nor over
// the limit, and doing it again writes nothing. Cut off anywhere, the error tells the contact as it is.
func TestAnyListsBecomeAnyOthers(t *testing.T) {
	w := &watch{t: t, next: http.DefaultTransport}
	fake, r := fakeRunner(t, func(c *binding.Config) { c.Transport, c.Limits.Calls = w, 10 })
	account := fake.Accounts()[0]
	api, err := aircall.New(aircall.Options{BaseURL: fake.URL(), APIID: account.APIID, APIToken: account.APIToken})
	if err != nil {
		t.Fatal(err)
	}
	var id string
	read := func() (phones, emails []detail) {
		res, err := api.Do(context.Background(), "retrieve-a-contact", aircall.Request{Path: []string{id}})
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Contact struct {
				Phones []detail `json:"phone_numbers"`
				Emails []detail `json:"emails"`
			} `json:"contact"`
		}
		if err := json.Unmarshal(res.Body, &body); err != nil {
			t.Fatal(err)
		}
		return body.Contact.Phones, body.Contact.Emails
	}
	w.look = func() (int, int) {
		if id == "" {
			return 1, 0
		}
		phones, emails := read()
		return len(phones), len(emails)
	}
	sorted := cmpopts.SortSlices(func(a, b detail) bool { return a.Value+a.Label < b.Value+b.Label })
	rapid.Check(t, func(rt *rapid.T) {
		before := map[string]any{"first_name": "A", "phone_numbers": entries(details("phone").Draw(rt, "phones")), "emails": entries(details("email").Draw(rt, "emails"))}
		phones, emails := details("phone").Draw(rt, "new phones"), details("email").Draw(rt, "new emails")
		id, w.failAt, w.writes = "", 0, 0
		id = strings.TrimSpace(run(t, r, `print(app.integrations.aircall.create_contact(...).contact.id)`, before))
		after := map[string]any{"contact_id": id, "phone_numbers": entries(phones), "emails": entries(emails)}
		w.writes, w.failAt = 0, rapid.IntRange(0, 8).Draw(rt, "cut off at write")
		res, err := r.Run(context.Background(), "", `return app.integrations.aircall.update_contact(...)`, binding.RunOptions{Args: []any{after}})
		nowPhones, nowEmails := read()
		var failed *binding.ScriptError
		if errors.As(err, &failed) {
			if w.failAt == 0 || failed.EffectStatus != "partial" && w.failAt > 1 {
				rt.Fatalf("%v, %s", err, failed.EffectStatus)
			}
			if shown, ok := failed.Details["contact"].(map[string]any); ok != (w.failAt > 1) || ok && len(shown["phone_numbers"].([]any)) != len(nowPhones) {
				rt.Fatalf("details %v, the contact has %v", failed.Details, nowPhones)
			}
			w.failAt = 0
			if res, err = r.Run(context.Background(), "", `return app.integrations.aircall.update_contact(...)`, binding.RunOptions{Args: []any{after}}); err != nil {
				rt.Fatal(err)
			}
			nowPhones, nowEmails = read()
		}
		if diff := cmp.Diff(phones, nowPhones, sorted, cmpopts.EquateEmpty()) + cmp.Diff(emails, nowEmails, sorted, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("lists (-want +got):\n%s", diff)
		}
		shown := res.Values[0].(map[string]any)["contact"].(map[string]any)
		if len(shown["phone_numbers"].([]any)) != len(phones) || len(shown["emails"].([]any)) != len(emails) {
			rt.Fatalf("the answer is not the contact as it is: %v", shown)
		}
		w.writes = 0
		run(t, r, `app.integrations.aircall.update_contact(...)`, after)
		if w.writes > 0 {
			rt.Fatalf("%d writes for what is so already", w.writes)
		}
	})
}

func entries(list []detail) []any {
	out := []any{}
	for _, d := range list {
		out = append(out, map[string]any{"label": d.Label, "value": d.Value})
	}
	return out
}

// The operations the table names are those the functions use, and the client knows them all.
func TestOperations(t *testing.T) {
	for name, scripts := range map[string][]string{
		"list_calls":       {`list_calls()`, `list_calls({tags = {"vip"}})`},
		"get_call":         {`get_call(1)`},
		"list_contacts":    {`list_contacts()`, `list_contacts({q = "a@b"})`},
		"create_contact":   {`create_contact("A")`},
		"update_contact":   {`update_contact(5, "A")`, `update_contact({contact_id = 5, phone_numbers = {{value = "+1", label = "x"}, {value = "+9"}}, emails = {{value = "a@b", label = "x"}, {value = "n@b"}}})`},
		"list_users":       {`list_users()`},
		"list_numbers":     {`list_numbers()`},
		"get_current_user": {`get_current_user()`, `sales.get_current_user()`},
	} {
		t.Run(name, func(t *testing.T) {
			srv := serve(t, func(r request) (int, string) {
				switch {
				case strings.HasPrefix(r.line, "GET /v1/contacts/5"):
					return 200, aContact(5, []string{"1 Work +1", "2 Work +2"}, []string{"3 Work a@b", "4 Work c@d"})
				case strings.HasPrefix(r.line, "GET /v1/tags"):
					return 200, tagsPage
				}
				return 200, `{"users":[],"numbers":[],"integration":{"user":{}}}`
			})
			r := runner(t, srv.URL, func(c *binding.Config) { c.Accounts["sales"] = binding.Account{AccessToken: "b", URL: srv.URL} })
			for _, s := range scripts {
				run(t, r, "app.integrations.aircall."+s)
			}
			var used []string
			for _, r := range srv.requests() {
				if op := opOf(t, r.line); !slices.Contains(used, op) {
					used = append(used, op)
				}
			}
			fns := binding.Functions()
			named := fns[slices.IndexFunc(fns, func(f binding.Function) bool { return f.Name == name })].Ops
			if diff := cmp.Diff(named, used, cmpopts.SortSlices(strings.Compare)); diff != "" {
				t.Errorf("operations (-table +used):\n%s", diff)
			}
		})
	}
}

func opOf(t *testing.T, line string) string {
	t.Helper()
	line, _, _ = strings.Cut(line, "?")
	method, path, _ := strings.Cut(line, " ")
	parts := strings.Split(path, "/")
	for _, op := range aircall.Ops() {
		want := strings.Split(op.Path, "/")
		if op.Method == method && len(want) == len(parts) && !slices.ContainsFunc(want, func(s string) bool {
			i := slices.Index(want, s)
			return !strings.HasPrefix(s, "{") && s != parts[i]
		}) {
			return op.Name
		}
	}
	t.Errorf("no operation for %s", line)
	return ""
}
