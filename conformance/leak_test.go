package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/defect"
)

// Credentials that a fake does not print in its documentation.
const (
	canaryID    = "canary/id+8f31c2d4e5"
	canaryToken = `canary-Token"<7>&b29e41`
)

// canaryNumber draws one of 10,000 people for a text, so that one text is the same person everywhere.
func canaryNumber(text string) int {
	h := fnv.New32a()
	io.WriteString(h, text)
	return int(h.Sum32() % 10_000)
}

// canaryPeople replaces what a value of the API says of people.
func canaryPeople(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, in := range v {
			v[k] = canaryPeople(k, in)
		}
	case []any:
		for i, in := range v {
			v[i] = canaryPeople(key, in)
		}
	case string:
		n := canaryNumber(v)
		switch {
		case strings.Contains(v, "@"):
			return fmt.Sprintf("zanq%d.x@zanq%d.example", n, n)
		case key == "raw_digits" || key == "digits" || key == "value":
			return fmt.Sprintf("+7 812 555 %04d", n)
		case key == "name" || strings.HasSuffix(key, "_name") || key == "information":
			return fmt.Sprintf("Zanq%d Zanqson-%d", n, n)
		}
	}
	return v
}

// inTenEncodings are the ways in which a target repeats a secret.
func inTenEncodings(secret string) []string {
	each := func(format string) string {
		var b strings.Builder
		for i := range len(secret) {
			fmt.Fprintf(&b, format, secret[i])
		}
		return b.String()
	}
	return []string{
		secret, base64.StdEncoding.EncodeToString([]byte(canaryID + ":" + canaryToken)),
		base64.RawURLEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("x" + secret)),
		each("%%%02X"), secret[:5] + each("%%%02x")[15:], each(`\u%04x`), each("&#%d;"), each("&#x%x;"),
		hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))), each("=%02X"),
	}
}

// gossip is all that a target can say that must not leave.
var gossip = "Zanq7 Zanqson-7 zanq7.x@zanq7.example +7 812 555 0007 " +
	strings.Join(append(inTenEncodings(canaryToken), inTenEncodings(canaryID)...), " ")

// escaped fits the gossip into a header field, a URL or a key.
var escaped = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "&", "%26", "\\", "%5C", "#", "%23").Replace(gossip)

// canariesIn returns the canaries that a text holds.
func canariesIn(text string) (found []string) {
	low := strings.ToLower(text)
	for _, secret := range []string{canaryToken, canaryID} {
		for _, form := range inTenEncodings(secret) {
			if strings.Contains(low, strings.ToLower(form)) {
				found = append(found, form)
			}
			if n := len(form) * 2 / 3; strings.Contains(low, strings.ToLower(form[:n])) {
				found = append(found, form[:n])
			}
		}
	}
	return append(found, canaryForm.FindAllString(text, 3)...)
}

var canaryForm = regexp.MustCompile(`(?i).{0,30}(?:zanq|7\D{0,4}812\D{0,3}555\D{0,3}\d{4}).{0,20}`)

// TestNothingLeaves: of 10,000 people and of the credentials in every encoding, wherever a target puts them, nothing is in
// what a run, a plan or a sweep prints, writes and returns.
func TestNothingLeaves(t *testing.T) {
	say := func(status int, header http.Header, body string) defect.Defect {
		return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			maps.Copy(w.Header(), header)
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	quoted, _ := json.Marshal(gossip)
	failure := fmt.Sprintf(`{"error":%s,"troubleshoot":%s}`, quoted, quoted)
	isPing := func(r *http.Request) bool { return r.URL.Path == "/v1/ping" || r.URL.Path == "/v1/company" }
	// most answers everything but a few requests as the defect does.
	except := func(some func(*http.Request) bool, d defect.Defect) defect.Defect {
		return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if some(r) {
				next.ServeHTTP(w, r)
				return
			}
			d(w, r, next)
		}
	}
	raw := func(reply string) defect.Defect {
		return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
				io.WriteString(conn, reply)
				conn.Close()
			}
		}
	}
	everything := Options{Tags: "not @fake", AllowWrites: true}
	some := Options{Tags: "(@example:get_call or @example:list_contacts or @example:create_contact or @example:list_users) and not @fake", AllowWrites: true}
	for _, c := range []struct {
		name string
		o    Options
		d    defect.Defect
	}{
		{"people", everything, func(w http.ResponseWriter, r *http.Request, next http.Handler) { next.ServeHTTP(w, r) }},
		{"errors", everything, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if !isPing(r) && canaryNumber(r.URL.String())%3 == 0 {
				w.WriteHeader(http.StatusBadRequest)
				io.WriteString(w, failure)
				return
			}
			next.ServeHTTP(w, r)
		}},
		{"headers", some, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			h := w.Header()
			for i, form := range inTenEncodings(canaryToken) {
				h.Set(fmt.Sprint("X-Echo-", i), form)
			}
			h.Set("X-Zanq7", gossip)
			h.Set("Server", "Zanq7 Zanqson")
			h[strings.NewReplacer(`"`, "", "<", "", ">", "").Replace(canaryToken)] = []string{"1"}
			h[hex.EncodeToString([]byte(canaryToken))] = []string{"1"}
			next.ServeHTTP(w, r)
			h.Set("Content-Type", gossip)
		}},
		{"keys", some, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			body := rec.Body.String()
			if strings.HasPrefix(body, "{") {
				body = fmt.Sprintf(`{%s:1,"zanq7.x@zanq7.example":2,"+7 812 555 0007":[],"%x":3,%s`, quoted, canaryToken, body[1:])
			}
			say(rec.Code, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body)(w, r, next)
		}},
		{"texts of another form", some, except(isPing, say(200, nil, gossip))},
		{"redirects", some, except(isPing, say(302, http.Header{"Location": {"https://zanq7.example/?q=" + escaped}}, gossip))},
		{"server errors", some, except(isPing, say(503, nil, "<title>"+gossip+"</title>"))},
		{"no HTTP", some, except(isPing, raw(gossip+"\r\n\r\n"))},
		{"a reason", some, except(isPing, raw("HTTP/1.1 500 "+gossip+"\r\nContent-Length: 0\r\n\r\n"))},
		{"a broken header", some, except(isPing, raw("HTTP/1.1 200 OK\r\n"+gossip+"\r\n\r\n"))},
		{"refused at once", some, say(403, nil, failure)},
		{"redirected at once", some, say(302, http.Header{"Location": {"https://zanq7.example/?q=" + escaped}}, gossip)},
		{"noise at once", some, raw(gossip + "\r\n\r\n")},
		{"no company", some, except(func(r *http.Request) bool { return r.URL.Path == "/v1/ping" }, say(200, nil, `{"company":{"name":[`+string(quoted)+`]}}`))},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !full() && slices.Contains([]string{"no HTTP", "a broken header", "server errors"}, c.name) {
				t.Skip("it takes seconds of waiting: AIRCALLKIT_FULL=1 runs it")
			}
			t.Parallel() // most of them wait before they try again
			url, _ := behind(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				if id, token, _ := r.BasicAuth(); id == canaryID && token == canaryToken {
					r.SetBasicAuth("fake-default-id", "fake-default-token")
				}
				c.d(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					rec := httptest.NewRecorder()
					next.ServeHTTP(rec, r)
					maps.Copy(w.Header(), rec.Header())
					body := rec.Body.Bytes()
					var v any
					d := json.NewDecoder(bytes.NewReader(body))
					d.UseNumber()
					if d.Decode(&v) == nil {
						// The company is told to those who run the kit, so that they know whose account it is.
						if r.URL.Path != "/v1/company" && r.Method == http.MethodGet {
							v = canaryPeople("", v)
						}
						body, _ = json.Marshal(v)
						w.Header().Del("Content-Length")
					}
					w.WriteHeader(rec.Code)
					w.Write(body)
				}))
			})
			o := c.o
			o.Target, o.Accounts = url, map[string]binding.Account{"default": {APIID: canaryID, APIToken: canaryToken}}
			o.UndoLog = filepath.Join(t.TempDir(), "undo-log")
			look := func(where, text string) {
				t.Helper()
				if found := canariesIn(text); len(found) > 0 {
					t.Errorf("%s: %.300q", where, found)
				}
			}
			for _, format := range []string{"text", "json", "markdown", "terminal"} {
				var out bytes.Buffer
				o.Format, o.Stdout, o.ReportDir = format, &out, ""
				switch format {
				case "text":
					o.ReportDir = filepath.Join(t.TempDir(), "report")
				case "terminal": // values may be shown there, credentials may not
					o.Format, o.Terminal = "text", true
				}
				if format != "text" && c.o.Tags == everything.Tags {
					continue
				}
				rep, err := Run(t.Context(), checkedRun(t, o))
				shown := out.String()
				if format == "terminal" {
					shown = canaryForm.ReplaceAllString(shown, "")
				}
				look(format, shown)
				look("error of "+format, fmt.Sprint(err))
				if ExitCode(rep, err) == ExitDefect {
					t.Errorf("%s: %v", format, err)
				}
				if o.ReportDir == "" {
					continue
				}
				files, _ := filepath.Glob(filepath.Join(o.ReportDir, "*"))
				if rep != nil && len(files) != len(reportFiles) {
					t.Errorf("the report is %v, %v", files, err)
				}
				for _, name := range files {
					data, err := os.ReadFile(name)
					if err != nil {
						t.Fatal(err)
					}
					look(filepath.Base(name), string(data))
				}
			}
			var out bytes.Buffer
			o.Format, o.Terminal, o.Stdout = "", false, &out
			err := Plan(t.Context(), checkedRun(t, o))
			look("plan", out.String()+fmt.Sprint(err))
			out.Reset()
			err = Sweep(t.Context(), SweepOptions{Target: url, Accounts: o.Accounts, Yes: true, Stdout: &out, pause: noPause})
			look("sweep", out.String()+fmt.Sprint(err))
		})
	}
}
