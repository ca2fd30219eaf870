// Package ui shows a fake Aircall to people, in a browser: calls that ring and move
// on, who and what is in a company, what was asked and delivered, faults and the clock.
//
// It knows the fake by its control API alone, see docs/control.md, and has types of its
// own for what that says. Package control serves it if control.Options.Page is set.
//
// Everything works without script; with it, what is shown follows what happens.
package ui

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
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
	ops       func() ([]string, error)      // Aircall's, read once: the document is large
	streams   chan struct{}                 // has one for each that is open
}

// New makes the page out of a handler of the control API. It is to stand at /_fake/ and
// below /_fake/page/, behind whatever decides who may use that API.
func New(api http.Handler) http.Handler {
	p := &page{control: control{api}, ops: sync.OnceValues(control{api}.operations), templates: map[string]*template.Template{}, streams: make(chan struct{}, maxStreams)}
	base := template.Must(template.New("base").Funcs(words).ParseFS(files, "templates/base.html", "templates/parts.html"))
	mux := http.NewServeMux()
	for _, v := range views {
		p.templates[v.name] = template.Must(template.Must(base.Clone()).ParseFS(files, "templates/"+v.name+".html"))
		mux.HandleFunc("GET "+v.path(), func(w http.ResponseWriter, req *http.Request) { p.show(w, req, v, req.URL, nil) })
	}
	for _, d := range deeds {
		mux.HandleFunc("POST "+below+"do/"+d.name, func(w http.ResponseWriter, req *http.Request) { p.do(w, req, d) })
	}
	mux.HandleFunc("GET "+below+"live", p.live)
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err) // the name is no path
	}
	mux.Handle("GET "+below+"static/", http.StripPrefix(below+"static/", http.FileServerFS(static)))
	mux.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) {
		p.show(w, req, views[0], &url.URL{Path: home}, &refusal{404, "there is no such page", req.URL.Path, "the pages are in the menu"})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // without one there is no Origin to check
		h.Set("Cache-Control", "no-cache")
		mux.ServeHTTP(w, req)
	})
}

// A view is one page: its name is that of its template, and its place in the menu that
// in the table.
type view struct {
	name, title string
	inMenu      bool
	load        func(asked) (any, error)
}

var views = []view{
	{"calls", "Calls", true, loadCalls},
	{"contacts", "Contacts", true, list[contactsView]("contacts")},
	{"users", "Users", true, list[usersView]("users")},
	{"numbers", "Numbers", true, list[numbersView]("numbers")},
	{"tags", "Tags", true, list[tagsView]("tags")},
	{"webhooks", "Webhooks", true, loadWebhooks},
	{"requests", "Requests", true, loadRequests},
	{"request", "Request", false, loadRequest},
	{"faults", "Faults", true, loadFaults},
	{"clock", "Clock", true, loadClock},
	{"snapshots", "Snapshots", true, loadSnapshots},
}

func (v view) path() string {
	if v.name == views[0].name {
		return home + "{$}"
	}
	return below + v.name
}

// link is where a view of an account is.
func link(view, account string) string {
	at := below + view
	if view == views[0].name {
		at = home
	}
	return at + "?" + url.Values{"account": {account}}.Encode()
}

// asked is what a view is loaded for.
type asked struct {
	control control
	ops     func() ([]string, error)
	req     *http.Request
	account string
	query   url.Values
}

func (a asked) get(path string, query url.Values, into any) error {
	return a.control.get(a.req.Context(), path, query, into)
}

// ofAccount is a query about the account.
func (a asked) ofAccount(pairs ...string) url.Values {
	q := url.Values{"account": {a.account}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// A frame is what every view has around its own.
type frame struct {
	View, Title string
	Account     string
	Accounts    []string
	Now         time.Time
	Speed       float64
	Limit       limit
	Changes     uint64
	Back        string // the address of what is shown
	Refusal     *refusal
	Posted      url.Values // what was refused
	Data        any

	query url.Values
}

// Menu lists the views.
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

// Link is a view of this account.
func (f frame) Link(view string) string { return link(view, f.Account) }

// Here is this view without a query, or the list that what it shows stands in.
func (f frame) Here() string {
	name := f.View
	if name == "request" {
		name = "requests"
	}
	at, _, _ := strings.Cut(link(name, ""), "?")
	return at
}

// With is this view with another value of its query.
func (f frame) With(name string, value any) string {
	q := url.Values{}
	for k, v := range f.query {
		q[k] = v
	}
	q.Set("account", f.Account)
	q.Set(name, text(value))
	return f.Here() + "?" + q.Encode()
}

// Asked is a value of the query.
func (f frame) Asked(name string) string { return f.query.Get(name) }

// Was is what stood in a field of a form that was refused.
func (f frame) Was(name string) string { return f.Posted.Get(name) }

// show answers with a view as it is at an address; refused is what came of a form that
// stood there, nil: nothing.
func (p *page) show(w http.ResponseWriter, req *http.Request, v view, at *url.URL, refused *refusal) {
	f := frame{View: v.name, Title: v.title, Refusal: refused, Posted: req.PostForm, Back: at.RequestURI(), query: at.Query()}
	if err := p.load(req, v, &f); err != nil {
		f.Refusal, f.Data = refusalOf(err), nil
	}
	var b bytes.Buffer
	if err := p.templates[v.name].ExecuteTemplate(&b, "base", f); err != nil {
		http.Error(w, "the page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if f.Refusal != nil {
		w.WriteHeader(f.Refusal.Status)
	}
	w.Write(b.Bytes()) // the client is gone if this fails
}

// load fills the frame. The count of changes is read first: what comes later is seen.
func (p *page) load(req *http.Request, v view, f *frame) error {
	var (
		changes  struct{ Changes uint64 }
		clock    fakeaircall.Clock
		accounts struct{ Accounts []struct{ Name string } }
		limits   struct{ Limits []limit }
	)
	a := asked{control: p.control, ops: p.ops, req: req, query: f.query}
	if err := a.get("changes", nil, &changes); err != nil {
		return err
	}
	if err := a.get("accounts", nil, &accounts); err != nil {
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
	if err := a.get("clock", a.ofAccount(), &clock); err != nil {
		return err
	}
	if err := a.get("limits", a.ofAccount(), &limits); err != nil {
		return err
	}
	f.Changes, f.Now, f.Speed = changes.Changes, clock.Now, clock.Speed
	for _, l := range limits.Limits {
		f.Limit = l
	}
	if wanted != "" && !known {
		return &refusal{404, "there is no such account", wanted, "choose one above"}
	}
	data, err := v.load(a)
	f.Data = data
	return err
}

// A limit is what an account has used up of its rate limit.
type limit struct{ fakeaircall.RateLimit }

// Full says that the next request is refused.
func (l limit) Full() bool { return l.Limit > 0 && l.Used >= l.Limit }
