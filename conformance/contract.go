package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// envelopes are the patterns of the replies to the operations that the documented Lua functions use.
var envelopes = map[string]orderedjson.Object{
	"list-all-calls":    pattern(`{"calls": ["<call>*"], "meta": "<meta>"}`),
	"search-calls":      pattern(`{"calls": ["<call>*"], "meta": "<meta>"}`),
	"retrieve-a-call":   pattern(`{"call": "<call>"}`),
	"list-all-contacts": pattern(`{"meta": "<meta>", "contacts": ["<contact>*"]}`),
	"search-contacts":   pattern(`{"meta": "<meta>", "contacts": ["<contact>*"]}`),

	"retrieve-a-contact":               pattern(`{"contact": "<contact>"}`),
	"create-a-contact":                 pattern(`{"contact": "<contact>"}`),
	"update-a-contact":                 pattern(`{"contact": "<contact>"}`),
	"add-phone-number-to-a-contact":    pattern(`{"phone_detail": "<detail>"}`),
	"update-phone-number-to-a-contact": pattern(`{"phone_detail": "<detail>"}`),
	"add-email-to-a-contact":           pattern(`{"email_detail": "<detail>"}`),
	"update-email-to-a-contact":        pattern(`{"email_detail": "<detail>"}`),

	// Their replies are empty.
	"delete-phone-number-from-a-contact": nil,
	"delete-email-from-a-contact":        nil,

	"list-all-users":          pattern(`{"users": ["<user>*"], "meta": "<meta>"}`),
	"retrieve-a-user":         pattern(`{"user": "<user>"}`),
	"retrieve-an-integration": pattern(`{"integration": "<any>"}`),
	"list-all-numbers":        pattern(`{"numbers": ["<listed_number>*"], "meta": "<meta>"}`),
	"list-all-tags":           pattern(`{"tags": ["<tag>*"], "meta": "<meta>"}`),
}

// pattern reads a pattern of [shapes] that is an object. The text is a constant of this package.
func pattern(text string) orderedjson.Object {
	v, err := orderedjson.Decode([]byte(text))
	if err != nil {
		panic(err)
	}
	return v.(orderedjson.Object)
}

// promised are the fields on the wire that the Lua reference names, or that the binding computes such fields from. A reply
// without them breaks a promise; all other fields are checked by the contract.
var promised = shapes{
	"promised_call": pattern(`{"id": "<id>", "direction": "<inbound|outbound>", "status": "<text>", "duration": "<count>"}`),
	"promised_contact": pattern(`{"id": "<id>", "first_name": "<string?>", "last_name": "<string?>", "company_name": "<string?>",
		"information": "<string?>", "phone_numbers": ["<promised_detail>*"], "emails": ["<promised_detail>*"]}`),
	"promised_detail":        pattern(`{"label": "<string?>", "value": "<text>"}`),
	"promised_user":          pattern(`{"id": "<id>", "name": "<string>", "email": "<string>"}`),
	"promised_number":        pattern(`{"id": "<id>", "name": "<string>", "digits": "<text>"}`),
	"promised_listed_number": "<promised_number>",
	"promised_tag":           pattern(`{"id": "<id>", "name": "<text>"}`),
	"promised_meta":          orderedjson.Object{},
	"promised_any":           "<any>",
}

// anyPosition matches the positions in a finding, which differ between replies.
var anyPosition = regexp.MustCompile(`\[\d+\]`)

// promise returns a pattern with only the fields that the reference documents.
func promise(pattern any) any {
	switch p := pattern.(type) {
	case orderedjson.Object:
		out := orderedjson.Object{}
		for _, m := range p {
			out = append(out, orderedjson.Member{Key: m.Key, Value: promise(m.Value)})
		}
		return out
	case []any:
		return []any{promise(p[0])}
	case string:
		return "<promised_" + strings.TrimPrefix(p, "<")
	}
	return pattern
}

// asDocumented allows undocumented keys, and any order.
var asDocumented = strictness{extra: true}

// seen identifies a reply: the same one comes many times in a run.
type seen struct {
	op   string
	body [sha256.Size]byte
}

// checkPromises checks the documented fields in the replies to the scenario's scripts, so that a scenario about one field
// does not ignore another that is broken. Our own fakes also keep Aircall's order of keys, which the contract does not have:
// on them another order is drift.
func (w *world) checkPromises() error {
	for _, x := range w.exchanges.by(forScript, 0) {
		pattern := envelopes[x.op]
		if pattern == nil || x.status/100 != 2 {
			continue
		}
		place := "the reply to " + x.op
		key := seen{x.op, sha256.Sum256(x.reply)}
		if w.t.kept[key] {
			continue
		}
		v, err := orderedjson.Decode(x.reply)
		if err != nil {
			return &finding{what: place + " is not JSON"}
		}
		if w.t.kind == kindFake {
			err := w.run.shapes.match(pattern, v, strictness{order: true}, "")
			if err == nil {
				w.t.kept[key] = true
				continue
			}
			if f, departs := errors.AsType[*finding](err); departs && len(x.verdict.wait()) == 0 {
				w.noted = append(w.noted, report.Breach{
					Op: x.op, Purpose: x.purpose, Account: x.account, Where: "body", Times: 1,
					Want: "the keys and kinds of features/shapes", Got: "that it" + anyPosition.ReplaceAllString(f.what, "[*]"),
				})
			}
		}
		if err := w.run.shapes.match(promise(pattern), v, asDocumented, place); err != nil {
			return err
		}
		w.t.kept[key] = true
	}
	return nil
}

// agreement is the contract that every exchange of a run is checked against. Reading it takes a tenth of a second.
var agreement = sync.OnceValues(func() (*contract.Contract, error) { return contract.New(fakeaircall.OpenAPI()) })

// mostBreaches is the number of breaches that one scenario reports at most.
const mostBreaches = 20

// verdict holds the breaches of an exchange, once they are known.
type verdict struct {
	done  chan struct{}
	found []report.Breach
}

func (v *verdict) wait() []report.Breach {
	if v == nil {
		return nil // there was no reply
	}
	<-v.done
	return v.found
}

// judgeExchange checks an exchange in the background, which saves a sixth of a run. The scenario waits for it at its end.
func judgeExchange(x exchange, at url.URL, sent []byte, header http.Header) *verdict {
	v := &verdict{done: make(chan struct{})}
	go func() {
		defer close(v.done)
		v.found = breaches(x, at, sent, header)
	}()
	return v
}

// aboutTheWay reports whether the reply is about credentials, the plan, the rate limit or an outage, or never came. Such an
// exchange shows nothing about its operation. The kit's own fakes give these replies on purpose, so that there they count.
func (x exchange) aboutTheWay(t *target) bool {
	if t.kind == kindFake || x.unsent {
		return false
	}
	switch x.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return x.account != "" // invented credentials must be refused
	case http.StatusTooManyRequests:
		return true
	}
	return x.lost || x.status >= 500
}

// breaches checks an exchange against the contract. Replies always count. Requests count only if a script made them, through
// the binding: the steps of a scenario may send invalid requests.
func breaches(x exchange, u url.URL, sent []byte, header http.Header) (found []report.Breach) {
	c, err := agreement()
	if err != nil {
		return nil // prepare has refused to run
	}
	body := x.reply
	if Loopback(&u) {
		// Fakes differ in their port. With one name for all of them, the cache has most replies. Other servers keep their
		// host name: links to api.aircall.io are right only under that name.
		body = bytes.ReplaceAll(body, []byte("://"+u.Host+"/"), []byte("://host/"))
	}
	u.Path, u.RawPath = withoutProxy(u.Path), withoutProxy(u.RawPath)
	for _, d := range c.Check(contract.Exchange{
		Method: x.method, URL: &u, RequestBody: sent, Status: x.status, Header: header, Body: body,
	}) {
		where, ofRequest := strings.CutPrefix(d.Where, "request ")
		if ofRequest && x.purpose != forScript {
			continue
		}
		of := body
		if ofRequest {
			of = sent
		}
		found = append(found, report.Breach{
			Op: d.Operation, Purpose: x.purpose, Account: x.account, Times: 1,
			Where: placeOf(d.Where), Want: d.Want, Got: kindAt(where, d, of),
		})
	}
	if len(found) > 0 {
		return found
	}
	for _, o := range slices.Concat(malformations(body), strayLinks(x.reply, &u)) {
		found = append(found, report.Breach{
			Op: x.op, Purpose: x.purpose, Account: x.account, Times: 1,
			Where: placeOf(o.where), Want: o.want, Got: o.got,
		})
	}
	return found
}

// withoutProxy returns the path without the prefix of a proxy. It looks for the fake's audio first: the path of a short URL
// has a version in it too.
func withoutProxy(path string) string {
	for _, start := range []string{"/_assets/", "/v1/", "/v2/"} {
		if i := strings.Index(path, start); i >= 0 {
			return path[i:]
		}
	}
	return path
}

// plainKey matches keys that may be reported: a key that the target invents may hold anything.
var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,39}$`)

// placeOf replaces positions in lists by * and hides keys that may hold anything.
func placeOf(where string) string {
	head, pointer, ok := strings.Cut(where, "/")
	if !ok || strings.HasPrefix(where, "header ") {
		return where
	}
	keys := strings.Split(pointer, "/")
	for i, key := range keys {
		if _, err := strconv.Atoi(key); err == nil {
			keys[i] = "*"
		} else if !plainKey.MatchString(key) {
			keys[i] = "(a key)"
		}
	}
	return head + "/" + strings.Join(keys, "/")
}

// plainMedia are the content types that are reported; any other may hold anything.
var plainMedia = regexp.MustCompile(`^"?(application/json|application/problem\+json|application/xml|text/html|text/plain)(; ?charset=[uU][tT][fF]-8)?"?$`)

// kindAt describes the value at a place by its kind. It does not repeat the value, which may be personal.
func kindAt(where string, d contract.Difference, body []byte) string {
	head, pointer, _ := strings.Cut(where, "/")
	switch {
	case d.Got == "nothing", where == "status":
		return d.Got
	case where == "header Content-Type":
		switch {
		case d.Got == `""`:
			return "none"
		case plainMedia.MatchString(d.Got):
			return strings.Trim(d.Got, `"`)
		}
		return "another"
	case head != "body":
		return "another text"
	case pointer == "" && (d.Want == "JSON" || d.Want == "nothing"):
		return fmt.Sprintf("%d bytes", len(body))
	}
	var v any
	if json.Unmarshal(body, &v) != nil {
		return "invalid JSON"
	}
	for key := range strings.SplitSeq(pointer, "/") {
		switch in := v.(type) {
		case map[string]any:
			v = in[strings.NewReplacer("~1", "/", "~0", "~").Replace(key)]
		case []any:
			v, _ = at(in, key)
		}
	}
	return kindOf(v)
}

// sentBody returns a copy of the body of a request. The body stays as it is: net/http can read again what has a length.
func sentBody(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.GetBody == nil || r.ContentLength > most {
		return nil, fmt.Errorf("%s: the body cannot be read twice, or has more than %d bytes", r.Method, most)
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(body)
}

// breaches collects the breaches of all exchanges of the scenario, each place once.
func (w *world) breaches() (all []report.Breach) {
	at := map[string]int{}
	add := func(b report.Breach) {
		key := b.Purpose + " " + b.Account + " " + b.String()
		if i, known := at[key]; known {
			all[i].Times++
		} else if len(all) < mostBreaches {
			at[key] = len(all)
			all = append(all, b)
		}
	}
	for _, x := range w.exchanges.all() {
		for _, b := range x.verdict.wait() {
			add(b)
		}
	}
	for _, b := range w.noted {
		add(b)
	}
	return all
}

// The following checks apply to every JSON reply: no document has them, and every client relies on them.

// exact is the largest whole number that every JSON reader keeps exactly: RFC 8259, section 6. Numbers of Lua and JavaScript
// are exact up to it.
const exact = 1<<53 - 1

// malformation is a place where a reply is malformed.
type malformation struct{ where, want, got string }

// malformations finds numbers that readers would round, entries that a list has twice, and direct_links of another record.
func malformations(body []byte) (found []malformation) {
	if v, err := orderedjson.Decode(body); err == nil {
		found = findMalformed("body", v)
	}
	return found
}

func findMalformed(where string, v any) (found []malformation) {
	switch v := v.(type) {
	case orderedjson.Object:
		if hasWrongLink(v) {
			found = append(found, malformation{where + "/direct_link", "a link that ends in the id", "one that ends in another id"})
		}
		for _, m := range v {
			found = append(found, findMalformed(where+"/"+m.Key, m.Value)...)
		}
	case []any:
		ids := map[string]bool{}
		for i, e := range v {
			if id := idIn(e); id != "" {
				if ids[id] {
					found = append(found, malformation{fmt.Sprintf("%s/%d/id", where, i), "each id once in a list", "a repeated one"})
				}
				ids[id] = true
			}
			found = append(found, findMalformed(fmt.Sprintf("%s/%d", where, i), e)...)
		}
	case json.Number:
		if f, err := v.Float64(); err != nil || f > exact || f < -exact {
			found = append(found, malformation{where, "a number that readers of JSON keep exactly", "one beyond 2^53"})
		}
	}
	return found
}

// idIn returns the id of an entry of a list, or "".
func idIn(e any) string {
	o, _ := e.(orderedjson.Object)
	id, ok := o.Get("id")
	if !ok || id == nil {
		return ""
	}
	return fmt.Sprint(id)
}

// hasWrongLink reports whether the direct_link of a record with a number for its id ends in another number.
func hasWrongLink(o orderedjson.Object) bool {
	id, _ := o.Get("id")
	n, isNumber := id.(json.Number)
	link, _ := o.Get("direct_link")
	text, isText := link.(string)
	last := text[strings.LastIndexByte(text, '/')+1:]
	return isNumber && isText && last != "" && strings.Trim(last, "0123456789") == "" && last != n.String()
}

// pageLink is a link of a page, with its key and its host.
var pageLink = regexp.MustCompile(`^"\w+":\s*"https?://([^/"\\?#]*)`)

// strayLinks finds links of a page that lead to another host: a client that follows them sends its credentials there.
// Behind a proxy, links may also lead to Aircall's host; those of a server on this machine may lead to any port of it.
func strayLinks(body []byte, target *url.URL) (found []malformation) {
	for _, key := range []string{"next", "previous"} {
		i := bytes.Index(body, []byte(`"`+key+`_page_link"`))
		if i < 0 {
			continue
		}
		m := pageLink.FindSubmatch(body[i:])
		if m == nil {
			continue // null
		}
		at := &url.URL{Host: string(m[1])}
		if at.Host != target.Host && at.Host != "api.aircall.io" && !(Loopback(target) && Loopback(at)) {
			found = append(found, malformation{"body/meta/" + key + "_page_link", "a link to the target", "one to another host"})
		}
	}
	return found
}
