package ui

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A form is a form of the page and the request of the control API that it makes. The fields are those of the request's
// body; # marks a number, ? a checkbox. Empty fields are not sent.
type form struct {
	name, method, path string // {id} in the path is also a field of the form
	fields             string
	adapt              func(url.Values) // changes the values where the form differs from the API; may be nil
}

var forms = []form{
	{name: "simulate-call", method: "POST", path: "calls", fields: "account direction from to #number_id #user_id outcome ring talk", adapt: sides},
	{name: "act-in-call", method: "POST", path: "calls/{id}/actions", fields: "account do #user_id number key reason", adapt: oneAction},
	{name: "simulate-message", method: "POST", path: "messages", fields: "account from body #number_id"},
	{name: "set-presence", method: "POST", path: "users/{id}/presence", fields: "account do reason"},
	{name: "set-traffic", method: "POST", path: "traffic", fields: "account #calls_per_day"},
	{name: "redeliver", method: "POST", path: "deliveries/{id}/redeliver"},
	{name: "add-fault", method: "POST", path: "faults", fields: "op account method path #times #probability #status body retry_after delay ?late ?reset ?truncate ?malformed content_type #slow stale search_lag", adapt: anyAccount},
	{name: "remove-fault", method: "DELETE", path: "faults/{id}"},
	{name: "clear-faults", method: "DELETE", path: "faults"},
	{name: "move-clock", method: "POST", path: "clock", fields: "account advance set #speed", adapt: local},
	{name: "save-snapshot", method: "POST", path: "snapshots", fields: "name"},
	{name: "restore-snapshot", method: "POST", path: "snapshots/{id}/restore"},
	{name: "remove-snapshot", method: "DELETE", path: "snapshots/{id}"},
	{name: "reset", method: "POST", path: "reset"},
}

// sides sets from or to: the form has one field for the other party.
func sides(v url.Values) {
	side := "from"
	if v.Get("direction") == "outbound" {
		side = "to"
	}
	v.Set(side, v.Get("party"))
}

// oneAction removes the fields of other buttons: each call has one form with all its buttons.
func oneAction(v url.Values) {
	if v.Get("do") == "miss" {
		v.Set("do", "hangup")
		v.Set("reason", "agents_did_not_answer")
	} else {
		v.Del("reason")
	}
	for field, of := range map[string]string{"user_id": "transfer", "number": "transfer_external", "key": "press"} {
		if v.Get("do") != of {
			v.Del(field)
		}
	}
}

// anyAccount sets the account of a fault from the field of, because the field account is that of the page.
func anyAccount(v url.Values) { v.Set("account", v.Get("of")) }

// local adds the zone UTC, which all times of the page have, to the value of a datetime-local field.
func local(v url.Values) {
	if at := v.Get("set"); at != "" && !strings.HasSuffix(at, "Z") {
		if strings.Count(at, ":") == 1 {
			at += ":00"
		}
		v.Set("set", at+"Z")
	}
}

// body returns the body of the request to the control API.
func (d form) body(values url.Values) (map[string]any, error) {
	if d.fields == "" {
		return nil, nil
	}
	sent := map[string]any{}
	for _, field := range strings.Fields(d.fields) {
		name := strings.TrimLeft(field, "#?")
		v := strings.TrimSpace(values.Get(name))
		switch {
		case v == "":
		case field[0] == '?':
			sent[name] = true
		case field[0] == '#':
			if _, err := strconv.ParseFloat(v, 64); err != nil || !json.Valid([]byte(v)) {
				return nil, &refusal{400, name + ": that is not a number", v, "give a number such as 60"}
			}
			sent[name] = json.Number(v)
		default:
			sent[name] = v
		}
	}
	return sent, nil
}

const maxForm = 1 << 20 // bytes

// do performs a form, and redirects to the view that it is in.
func (p *page) do(w http.ResponseWriter, req *http.Request, d form) {
	req.Body = http.MaxBytesReader(w, req.Body, maxForm)
	if err := req.ParseForm(); err != nil {
		p.show(w, req, views[0], &url.URL{Path: home}, &refusal{400, "the form could not be read", err.Error(), "send it again"})
		return
	}
	back := backOf(req.PostForm.Get("back"))
	if subtle.ConstantTimeCompare([]byte(req.PostForm.Get("csrf")), []byte(p.csrf)) != 1 {
		p.show(w, req, viewAt(back), back, &refusal{403, "the form is not from this page, or the fake was restarted since", d.name, "send it again from here; programs use the control API"})
		return
	}
	values := maps.Clone(req.PostForm)
	if d.adapt != nil {
		d.adapt(values)
	}
	body, err := d.body(values)
	if err == nil {
		path := strings.ReplaceAll(d.path, "{id}", url.PathEscape(values.Get("id")))
		err = p.control.send(req.Context(), d.method, path, body, nil)
	}
	if err != nil {
		p.show(w, req, viewAt(back), back, refusalOf(err))
		return
	}
	http.Redirect(w, req, back.RequestURI(), http.StatusSeeOther)
}

// backOf returns the address of a view: a form must not redirect to another place.
func backOf(s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.Path != home && !strings.HasPrefix(u.Path, below) || strings.HasPrefix(u.Path, below+"do/") {
		return &url.URL{Path: home}
	}
	return &url.URL{Path: u.Path, RawQuery: u.RawQuery}
}

func viewAt(u *url.URL) view {
	i := slices.IndexFunc(views, func(v view) bool { return strings.TrimSuffix(v.path(), "{$}") == u.Path })
	return views[max(i, 0)]
}

// text returns a value of a query as text.
func text(v any) string { return fmt.Sprint(v) }
