package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
)

// people are what every text that the API sends of people becomes.
var people = strings.NewReplacer(
	`_name":"`, `_name":"Canaryfirst Zanzibarson `,
	`"name":"`, `"name":"Canaryfirst Zanzibarson `,
)

// withPeople sends data that would be recognized anywhere, and makes searches and writes fail with an error that
// repeats the credentials.
func withPeople(w http.ResponseWriter, r *http.Request, next http.Handler) {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	body := []byte(people.Replace(rec.Body.String()))
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) == nil {
		seedPeople(v)
		body, _ = json.Marshal(v)
	}
	if strings.Contains(r.URL.Path, "search") || r.Method == http.MethodPost {
		rec.Code = 400
		body = []byte(`{"error":"Canaryfirst Zanzibarson ` + r.Header.Get("Authorization") + ` fake-default-token","troubleshoot":"call canary@people.example or +44 20 7946 0958"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(rec.Code)
	w.Write(body)
}

func seedPeople(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, in := range v {
			_, text := in.(string)
			switch {
			case text && (key == "email" || key == "value" && strings.Contains(in.(string), "@")):
				v[key] = "canary@people.example"
			case text && (key == "raw_digits" || key == "value"):
				v[key] = "+44 20 7946 0958"
			case text && key == "information":
				v[key] = "collects rare ornamental zeppelins"
			default:
				seedPeople(in)
			}
		}
	case []any:
		for _, in := range v {
			seedPeople(in)
		}
	}
}

var canaries = []string{
	"fake-default-token", "fake-sales-token", "ZmFrZS1kZWZhdWx0LWlkOmZha2UtZGVmYXVsdC10b2tlbg==",
	"Canaryfirst", "Zanzibarson", "canary@people.example", "7946 0958", "79460958", "ornamental",
}

// TestNothingPrivateLeaves: neither credentials nor what a foreign account holds get into a file; credentials get nowhere.
func TestNothingPrivateLeaves(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at, _ := behind(t, withPeople)
	var out bytes.Buffer
	o := Options{Target: at, AllowWrites: true, Tags: "not @fake", ReportDir: dir, Stdout: &out}
	rep, err := Run(t.Context(), checkedRun(t, o))
	if mayLeave(err) != nil {
		t.Fatal(err)
	}
	if rep.Summary.Fail < 10 {
		t.Fatalf("too few failures to prove anything: %+v", rep.Summary)
	}
	for _, f := range reportFiles {
		data := file(t, dir, f.Name)
		for _, s := range canaries {
			if bytes.Contains(data, []byte(s)) {
				t.Errorf("%q got into %s", s, f.Name)
			}
		}
	}
	for _, s := range canaries { // what is no terminal may be the log of a job
		if strings.Contains(out.String(), s) {
			t.Errorf("%q was printed", s)
		}
	}
	out.Reset()
	on := o
	on.Terminal, on.ReportDir, on.Tags = true, "", "@op:search-calls and not @function:list_calls and not @fake"
	if rep, err := Run(t.Context(), checkedRun(t, on)); err != nil || rep.Summary.Fail == 0 {
		t.Fatalf("%+v %v", rep.Summary, err)
	}
	for _, s := range canaries[:3] {
		if strings.Contains(out.String(), s) {
			t.Errorf("the secret %q was printed", s)
		}
	}
	if !strings.Contains(out.String(), "Zanzibarson [secret]") && !strings.Contains(out.String(), "Zanzibarson Basic [secret]") {
		t.Error("at a terminal of the own machine the text should show the values, without the secrets")
	}
	// The same run with a kit that does not redact: no file is left, none that was there before either.
	o.unredacted, o.Stdout, o.Tags = true, io.Discard, "@function:list_contacts"
	rep, err = Run(t.Context(), checkedRun(t, o))
	if code := ExitCode(rep, err); code != ExitDefect || !strings.Contains(err.Error(), "run.json holds ") {
		t.Errorf("exit code %d, %v", code, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("the directory holds %v", left)
	}
}

// TestRedactionOff: each kind of leak alone is noticed, in each file.
func TestRedactionOff(t *testing.T) {
	for _, c := range []struct{ name, reply, want string }{
		{"a name", `{"error":"Zanzibarson","first_name":"Zanzibarson"}`, "a name of the target"},
		{"an e-mail", `{"error":"canary@people.example"}`, "an e-mail address of the target"},
		{"a phone number", `{"error":"+44 20 7946 0958"}`, "a phone number of the target"},
		{"a note", `{"error":"collects rare ornamental zeppelins"}`, "a text of the target"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "report")
			at, _ := behind(t, defect.Answer("GET /v1/calls/", 422, c.reply))
			o := Options{Target: at, Tags: "@example:get_call", ReportDir: dir}
			if rep, err := Run(t.Context(), checkedRun(t, o)); ExitCode(rep, err) != ExitFailed {
				t.Fatalf("with redaction: %v", err)
			}
			o.unredacted = true
			rep, err := Run(t.Context(), checkedRun(t, o))
			if code := ExitCode(rep, err); code != ExitDefect || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("exit code %d, %v\n%+v", code, err, rep.Scenarios)
			}
		})
	}
}

// TestValuesInEveryForm: a value is removed in whatever form it got out, and nothing is removed where nothing is.
func TestValuesInEveryForm(t *testing.T) {
	const token = `tok"en&<secret>/1234`
	c := newRedactor(true, token, "my-id:"+token)
	c.allow("Ada Kit")
	c.note([]byte(`{"users":[{"name":"Jean-Luc Ångström","email":"Jl.A@people.example","id":12345678901},{"name":"王"},{"name":"support line"},{"first_name":"zanzibar"}],
		"numbers":[{"digits":"+33 1 99 00 31 87"}],"calls":[{"raw_digits":"+442079460958","recording":"https://asset.example/a/b.mp3","started_at":"2026-06-15"}]}`), nil)
	c.note(nil, http.Header{"X-Contact": {"x.y@people.example"}})
	quoted, _ := json.Marshal(token)
	for _, x := range []struct {
		name, text, kept string
		want             value
	}{
		{"secret", "x " + token, "x [secret]", credential},
		{"secret in JSON", string(quoted), `"[secret]"`, credential},
		{"secret in base64", base64.StdEncoding.EncodeToString([]byte("my-id:" + token)), "", credential},
		{"name", "of Ångström, who", "of [removed], who", personName},
		{"name in JSON", `of \u00c5ngstr\u00f6m!`, "of [removed]!", personName},
		{"name in HTML", `&Aring;ngstr&ouml;m`, "[removed]", personName},
		{"name in a URL", `GET ?q=%C3%85ngstr%C3%B6m&page=1`, "GET ?q=[removed]&page=1", personName},
		{"first name", "Jean called", "[removed] called", personName},
		{"name of one sign", "王さん", "王さん", ""},
		{"name of one sign alone", "(王)", "(王)", ""},
		{"lower case name", "a zanzibar", "a [removed]", personName},
		{"a name of words that the kit uses", "the support line", "the support line", ""},
		{"one word of it", "the line 12", "the line 12", ""},
		{"e-mail", "<jl.a@people.example>", "<[removed]>", email},
		{"e-mail of a header", "<x.y@people.example>", "<[removed]>", email},
		{"e-mail in an address", "?q=JL.A%40people.example", "?q=[removed]", email},
		{"phone as sent", "+33 1 99 00 31 87", "[removed]", phone},
		{"phone in one", "33199003187", "[removed]", phone},
		{"phone at home", "01.99.00.31.87", "[removed]", phone},
		{"phone with brackets", "+44 (0)20-7946-0958", "[removed]", phone},
		{"phone in an address", "%2B44%2020%207946%200958", "[removed]", phone},
		{"phone among digits", "0044207946095800", "[removed]", phone},
		{"another phone", "+44 20 7946 0959", "+44 20 7946 0959", ""},
		{"recording", "see https://asset.example/a/b.mp3", "see [removed]", freeText},
		{"an id", "12345678901", "12345678901", ""},
		{"a date", "2026-06-15", "2026-06-15", ""},
		{"what every run says", "the call lacks the key", "the call lacks the key", ""},
	} {
		got, removed := c.clean(x.text)
		if x.kept != "" && got != x.kept || removed != x.want {
			t.Errorf("%s: %q became %q, removed %q", x.name, x.text, got, removed)
		}
	}
	c.note([]byte(`{"users":[{"name":"Ada"}]}`), nil)
	if got, _ := c.clean("as Ada says"); got != "as Ada says" {
		t.Errorf("what the user said is removed: %q", got)
	}
	var out bytes.Buffer
	fmt.Fprint(newRedactor(false, token).writer(&out, false), "Jean "+token)
	if out.String() != "Jean [secret]" {
		t.Errorf("on our own fake: %q", out.String())
	}
}

// TestRedactorIsBounded: more people than it can remember is no reason to be silent.
func TestRedactorIsBounded(t *testing.T) {
	c := newRedactor(true)
	c.most = 10
	for i := range 100 {
		c.note(fmt.Appendf(nil, `{"name":"Person%d"}`, i), nil)
	}
	if len(c.values) > 10 {
		t.Errorf("it holds %d", len(c.values))
	}
	var rep report.Report
	if c.report(&rep); len(rep.Removed) != 1 || !strings.HasPrefix(rep.Removed[0], "only the first 10 values of the target") {
		t.Errorf("it says %q", rep.Removed)
	}
}

// TestValuesOfBrokenReplies: what is not JSON is about people all the same, but its keys and addresses are not.
func TestValuesOfBrokenReplies(t *testing.T) {
	const reply = `{"contacts":[{"id":1,"direct_link":"http://127.0.0.1:8787/v1/contacts/1","first_name":"Zanzibar","last_name":"Canaryson",` +
		`"information":"collects rare ornamental zeppelins","phone_numbers":[{"id":2,"label":"Work","value":"+44 20 7946 0958"}],` +
		`"emails":[{"id":3,"label":"Work","value":"canary@people.example"}]}],"meta":{"count":1,"next_page_link":null}}`
	for name, body := range map[string]string{
		"whole": reply, "half": reply[:len(reply)-9], "with a mark before it": "\uFEFF" + reply, "as a call": "callback(" + reply + ")",
		"with a comma too many": reply[:len(reply)-1] + ",}", "in other quotes": strings.ReplaceAll(reply, `"`, `'`),
	} {
		c := newRedactor(true)
		c.note([]byte(body), nil)
		for text, want := range map[string]bool{
			"canary@people.example": true, "+442079460958": true, "rare ornamental zeppelins": true,
			"Zanzibar": true,
			"curl http://127.0.0.1:8787/v1/contacts/1":     false,
			`{"id":"...","direct_link":"...","first_name"`: false,
		} {
			if got, _ := c.clean(text); (got != text) != want {
				t.Errorf("%s: %q became %q", name, text, got)
			}
		}
	}
}

// TestValuesOfAFakeAreShown: a server on this machine that says that it is the fake holds nobody's data, so that its values are
// printed and stored. Its credentials are not, and values of a server that speaks for another one are not either.
func TestValuesOfAFakeAreShown(t *testing.T) {
	for _, c := range []struct {
		name, health string
		shown        bool
	}{
		{"the fake", `{"status":"ok","rate_limit":0,"url":""}`, true},
		{"a fake at another address", `{"status":"ok","rate_limit":0,"url":"http://127.0.0.1:1"}`, false},
		{"another server", `{"status":"fine"}`, false},
		{"a server without health", `{"message":"Not Found"}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			over := defect.Change("GET /v1/calls/12345", defect.OfEach("calls", defect.With("direction", "Zanzibarson fake-default-token")))
			at, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if r.URL.Path == "/_fake/health" {
					io.WriteString(w, c.health)
					return
				}
				over(w, r, next)
			})
			dir := t.TempDir()
			var out bytes.Buffer
			rep, err := Run(t.Context(), checkedRun(t, Options{Target: at, Tags: "@example:get_call", ReportDir: dir, Stdout: &out}))
			if ExitCode(rep, err) != ExitFailed {
				t.Fatal(err)
			}
			for name, text := range map[string]string{"the output": out.String(), "report.html": string(file(t, dir, "report.html"))} {
				if strings.Contains(text, "Zanzibarson") != c.shown {
					t.Errorf("%s shows the value: %v\n%s", name, !c.shown, text)
				}
				if strings.Contains(text, "fake-default-token") {
					t.Errorf("%s shows a credential", name)
				}
			}
			if hidden := strings.Contains(out.String(), "values     not shown: "); hidden == c.shown {
				t.Errorf("the output says that the value is hidden: %v\n%s", hidden, out.String())
			}
		})
	}
}
