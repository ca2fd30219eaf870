package ui

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A form is a form of the page and the request of the control API that it makes. If its path begins with /v1/, it is a
// request of Aircall's API, which the control API sends. The fields are those of the request's body; # marks a number, ? a
// checkbox, ! a checkbox whose false is sent, * a list, = a text that becomes null when it is empty. Other empty fields are
// not sent.
type form struct {
	name, method, path string // a name in braces is a field of the form
	fields             string
	adapt              func(url.Values)     // changes the values where the form differs from the API; may be nil
	shape              func(map[string]any) // changes the body; may be nil
}

var forms = []form{
	{name: "simulate-call", method: "POST", path: "calls", fields: "account direction from to #number_id #user_id outcome ring talk", adapt: sides},
	{name: "act-in-call", method: "POST", path: "calls/{id}/actions", fields: "account do #user_id number key reason", adapt: oneAction},
	{name: "simulate-message", method: "POST", path: "messages", fields: "account from body #number_id"},
	{name: "simulate-campaign", method: "POST", path: "campaigns", fields: "account *contacts *outcomes"},
	{name: "set-presence", method: "POST", path: "users/{id}/presence", fields: "account do reason", adapt: availability},
	{name: "set-traffic", method: "POST", path: "traffic", fields: "account #calls_per_day"},
	{name: "create-contact", method: "POST", path: "/v1/contacts", fields: "first_name last_name company_name information phone email", shape: details},
	{name: "update-contact", method: "POST", path: "/v1/contacts/{id}", fields: "=first_name =last_name =company_name =information"},
	{name: "delete-contact", method: "DELETE", path: "/v1/contacts/{id}"},
	{name: "add-detail", method: "POST", path: "/v1/contacts/{id}/{kind}_details", fields: "label value"},
	{name: "update-detail", method: "PUT", path: "/v1/contacts/{id}/{kind}_details/{detail}", fields: "label value"},
	{name: "delete-detail", method: "DELETE", path: "/v1/contacts/{id}/{kind}_details/{detail}"},
	{name: "create-tag", method: "POST", path: "/v1/tags", fields: "name color"},
	{name: "update-tag", method: "PUT", path: "/v1/tags/{id}", fields: "name color"},
	{name: "delete-tag", method: "DELETE", path: "/v1/tags/{id}"},
	{name: "create-webhook", method: "POST", path: "/v1/webhooks", fields: "url *events"},
	{name: "update-webhook", method: "PUT", path: "/v1/webhooks/{id}", fields: "url *events !active"},
	{name: "delete-webhook", method: "DELETE", path: "/v1/webhooks/{id}"},
	{name: "send-event", method: "POST", path: "events/{seq}/send", fields: "account"},
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

// availability makes an action of the selected availability: available, unavailable, or a reason to be unavailable.
func availability(v url.Values) {
	if v.Get("do") != "set" {
		return
	}
	switch to := v.Get("to"); to {
	case "available":
		v.Set("do", "open")
	case "unavailable":
		v.Set("do", "close")
	default:
		v.Set("do", "close")
		v.Set("reason", to)
	}
}

// details makes lists of the phone number and the e-mail address of a new contact.
func details(body map[string]any) {
	for field, list := range map[string]string{"phone": "phone_numbers", "email": "emails"} {
		if value, ok := body[field]; ok {
			body[list] = []any{map[string]any{"label": "Work", "value": value}}
			delete(body, field)
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

var inBraces = regexp.MustCompile(`\{\w+\}`)

// body returns the body of the request to the control API.
func (d form) body(values url.Values) (map[string]any, error) {
	if d.fields == "" {
		return nil, nil
	}
	sent := map[string]any{}
	for _, field := range strings.Fields(d.fields) {
		name := strings.TrimLeft(field, "#?!*=")
		v := strings.TrimSpace(values.Get(name))
		switch {
		case field[0] == '!':
			sent[name] = v == "true"
		case field[0] == '=' && v == "":
			sent[name] = nil
		case v == "":
		case field[0] == '*':
			sent[name] = values[name]
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
	if d.shape != nil {
		d.shape(sent)
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
		path := inBraces.ReplaceAllStringFunc(d.path, func(name string) string { return url.PathEscape(values.Get(name[1 : len(name)-1])) })
		if strings.HasPrefix(path, "/") {
			err = p.control.sendAs(req.Context(), values.Get("account"), d.method, path, body)
		} else {
			err = p.control.send(req.Context(), d.method, path, body, nil)
		}
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
