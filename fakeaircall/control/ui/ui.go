// Package ui is the web page of a fake: it shows live calls, the records of an account, requests, deliveries, faults and
// the clock, and has forms to change them.
//
// It uses only the control API, see docs/control.md. Package control serves it if control.Options.Page is set.
//
// Everything works without JavaScript; with it, the page updates itself.
package ui

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

//go:embed templates static
var files embed.FS

const (
	home   = "/_fake/"
	below  = home + "page/"
	policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

type page struct {
	control   control
	templates map[string]*template.Template // by view
	streams   chan struct{}                 // has a value for each open stream
	csrf      string                        // is in every form, so that only the page can send one
}

// New returns the page for a handler of the control API. The caller serves it at /_fake/ and below /_fake/page/, with the
// same access rules as that API.
func New(api http.Handler) http.Handler {
	p := &page{control: control{api}, templates: map[string]*template.Template{}, streams: make(chan struct{}, maxStreams), csrf: rand.Text()}
	base := template.Must(template.New("base").Funcs(words).ParseFS(files, "templates/base.html", "templates/parts.html"))
	mux := http.NewServeMux()
	for _, v := range append(views, missing) {
		p.templates[v.name] = template.Must(template.Must(base.Clone()).ParseFS(files, "templates/"+v.name+".html"))
	}
	for _, v := range views {
		mux.HandleFunc("GET "+v.path(), func(w http.ResponseWriter, req *http.Request) { p.show(w, req, v, req.URL, nil) })
	}
	for _, d := range forms {
		mux.HandleFunc("POST "+below+"do/"+d.name, func(w http.ResponseWriter, req *http.Request) { p.do(w, req, d) })
	}
	mux.HandleFunc("GET "+below+"live", p.live)
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the name is not a valid path
	}
	mux.Handle("GET "+below+"static/", http.StripPrefix(below+"static/", http.FileServerFS(static)))
	mux.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) {
		p.show(w, req, missing, &url.URL{Path: home}, nil)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // otherwise browsers send no Origin to check
		h.Set("Cache-Control", "no-cache")
		mux.ServeHTTP(w, req)
	})
}

// A view is one page. Its name is that of its template; the menu has the order of the table.
type view struct {
	name, title string
	inMenu      bool
	load        func(asked) (any, error)
}

var views = []view{
	{"calls", "Calls", true, loadCalls},
	{"contacts", "Contacts", true, loadList},
	{"users", "Users", true, loadList},
	{"numbers", "Numbers", true, loadList},
	{"tags", "Tags", true, loadList},
	{"webhooks", "Webhooks", true, loadWebhooks},
	{"requests", "Requests", true, loadRequests},
	{"request", "Request", false, loadRequest},
	{"faults", "Faults", true, loadFaults},
	{"clock", "Clock", true, loadClock},
	{"snapshots", "Snapshots", true, loadSnapshots},
}

// missing is the page of all other addresses.
var missing = view{"missing", "Page not found", false, func(a asked) (any, error) { return a.req.URL.Path, nil }}

func (v view) path() string {
	if v.name == views[0].name {
		return home + "{$}"
	}
	return below + v.name
}

// link returns the address of a view of an account.
func link(view, account string) string {
	at := below + view
	if view == views[0].name {
		at = home
	}
	return at + "?" + url.Values{"account": {account}}.Encode()
}

// asked is a request for a view.
type asked struct {
	control control
	req     *http.Request
	view    string
	account string
	query   url.Values
}

func (a asked) get(path string, query url.Values, into any) error {
	return a.control.get(a.req.Context(), path, query, into)
}

// ofAccount returns a query for the account, with the pairs whose value is not empty.
func (a asked) ofAccount(pairs ...string) url.Values {
	q := url.Values{"account": {a.account}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// A frame is the data of a template: what every view has, and the view's own Data.
type frame struct {
	View, Title string
	Account     string
	Accounts    []string
	Now         time.Time
	Speed       float64
	Limit       limit
	Changes     uint64
	Back        string // the address of the view
	CSRF        string // the token of the page
	Refusal     *refusal
	Posted      url.Values // the form that was refused
	Data        any

	query url.Values
}

// Menu returns the views of the menu.
func (f frame) Menu() (list []item) {
	for _, v := range views {
		if v.inMenu {
			list = append(list, item{v.title, link(v.name, f.Account), v.name == f.View || v.name == f.View+"s"})
		}
	}
	return list
}

type item struct {
	Title, Link string
	Here        bool
}

// Link returns the address of a view of this account.
func (f frame) Link(view string) string { return link(view, f.Account) }

// Here returns the address of this view, or of the list that its record is in, without a query.
func (f frame) Here() string {
	name := f.View
	switch name {
	case "request":
		name = "requests"
	case missing.name:
		name = views[0].name
	}
	at, _, _ := strings.Cut(link(name, ""), "?")
	return at
}

// With returns the address of this view with another value in its query.
func (f frame) With(name string, value any) string {
	q := maps.Clone(f.query)
	q.Set("account", f.Account)
	q.Set(name, text(value))
	return f.Here() + "?" + q.Encode()
}

// Ops returns the names of Aircall's operations, sorted.
func (f frame) Ops() (ops []string) {
	for _, r := range fakeaircall.Routes() {
		ops = append(ops, r.Op)
	}
	slices.Sort(ops)
	return slices.Compact(ops)
}

// Asked returns a value of the query.
func (f frame) Asked(name string) string { return f.query.Get(name) }

// Was returns the value of a field in a form that was refused.
func (f frame) Was(name string) string { return f.Posted.Get(name) }

// show answers with the view at an address; refused is the error of a form in it, or nil.
func (p *page) show(w http.ResponseWriter, req *http.Request, v view, at *url.URL, refused *refusal) {
	f := frame{View: v.name, Title: v.title, Refusal: refused, Posted: req.PostForm, Back: at.RequestURI(), CSRF: p.csrf, query: at.Query()}
	if err := p.load(req, v, &f); err != nil {
		f.Refusal, f.Data = refusalOf(err), nil
	}
	var b bytes.Buffer
	if err := p.templates[v.name].ExecuteTemplate(&b, "base", f); err != nil {
		http.Error(w, "the page failed: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch {
	case f.Refusal != nil:
		w.WriteHeader(f.Refusal.Status)
	case v.name == missing.name:
		w.WriteHeader(http.StatusNotFound)
	}
	w.Write(b.Bytes()) // fails only if the client is gone
}

// load fills the frame. It reads the count of changes first, so that the page sees later changes.
func (p *page) load(req *http.Request, v view, f *frame) error {
	var (
		changes  struct{ Changes uint64 }
		clock    fakeaircall.Clock
		accounts struct{ Accounts []struct{ Name string } }
		limits   struct{ Limits []limit }
	)
	a := asked{control: p.control, req: req, view: v.name, query: f.query}
	err := cmp.Or(a.get("changes", nil, &changes), a.get("accounts", nil, &accounts))
	if err != nil {
		return err
	}
	for _, each := range accounts.Accounts {
		f.Accounts = append(f.Accounts, each.Name)
	}
	if len(f.Accounts) == 0 {
		return errors.New("the fake has no accounts")
	}
	wanted := f.query.Get("account")
	known := slices.Contains(f.Accounts, wanted)
	f.Account = f.Accounts[0]
	if known {
		f.Account = wanted
	}
	a.account = f.Account
	if err := cmp.Or(a.get("clock", a.ofAccount(), &clock), a.get("limits", a.ofAccount(), &limits)); err != nil {
		return err
	}
	f.Changes, f.Now, f.Speed = changes.Changes, clock.Now, clock.Speed
	for _, l := range limits.Limits {
		f.Limit = l
	}
	if wanted != "" && !known {
		return &refusal{404, "there is no such account", wanted, "choose one above"}
	}
	f.Data, err = v.load(a)
	return err
}

// A limit is the rate limit of an account.
type limit struct{ fakeaircall.RateLimit }

// Full reports whether the next request is refused.
func (l limit) Full() bool { return l.Limit > 0 && l.Used >= l.Limit }

// words are the functions of the templates.
var words = template.FuncMap{
	"words":   readable,
	"hour":    func(t time.Time) string { return t.UTC().Format("15:04:05") },
	"day":     func(t time.Time) string { return t.UTC().Format("2006-01-02") },
	"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
	"field":   func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") },
	"unix":    func(t time.Time) int64 { return t.UnixMilli() },
	"elapsed": func(from, to time.Time) string { return elapsed(to.Sub(from)) },
	"length":  elapsed,
	"join":    func(list []string) string { return strings.Join(list, ", ") },
	"tone":    tone,
}

// readable returns a word of the API as text: on_hold is on hold.
func readable(s string) string { return strings.ReplaceAll(s, "_", " ") }

// elapsed returns a duration as a telephone shows it, such as 1:05.
func elapsed(d time.Duration) string {
	s := max(0, int(d/time.Second))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// tone returns the color class of an HTTP status; 0 means that the connection was cut.
func tone(status int) string {
	switch {
	case status == 0 || status >= 500:
		return "bad"
	case status >= 400:
		return "warn"
	}
	return "good"
}
