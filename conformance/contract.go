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

// envelopes are what Aircall answers to the operations that Lua functions use, by operation.
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

	// Nothing stands in their replies.
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

// promised are the fields that the Lua reference names, or that the binding makes them of, as they are on the wire. A
// reply without them breaks a promise, whatever else it holds; all other fields are the contract's.
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

// anyPosition finds the positions in a finding, which differ from reply to reply.
var anyPosition = regexp.MustCompile(`\[\d+\]`)

// promise is what the reference promises of a pattern: the same with the documented fields alone.
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

// asDocumented allows everything beside what is documented.
var asDocumented = strictness{extra: true}

// seen names a reply; the same one comes many times in a run.
type seen struct {
	op   string
	body [sha256.Size]byte
}

// checkPromises wants the documented fields in the replies to the scenario's scripts, so that a scenario about one thing
// does not pass over a broken other. Our own fakes also keep Aircall's order of keys, of which the contract knows nothing:
// there another order is drift.
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
			return &finding{what: place + " is no JSON"}
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

// mostBreaches bounds what is told of one scenario.
const mostBreaches = 20

// verdict is what an exchange is found to break, once that is known.
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

// judgeExchange judges beside the scenario, which goes on meanwhile: that saves a sixth of a run. It is waited for at its end.
func judgeExchange(x exchange, at url.URL, sent []byte, header http.Header) *verdict {
	v := &verdict{done: make(chan struct{})}
	go func() {
		defer close(v.done)
		v.found = breaches(x, at, sent, header)
	}()
	return v
}

// aboutTheWay reports whether the reply is about credentials, the plan, the rate limit or an outage, or never came. Such an
// exchange says nothing about its operation. The kit's own fakes give these replies on purpose, so there they count like
// any other.
func (x exchange) aboutTheWay(t *target) bool {
	if t.kind == kindFake || x.unsent {
		return false
	}
	switch x.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return x.account != "" // credentials that a scenario made up are refused as they should be
	case http.StatusTooManyRequests:
		return true
	}
	return x.lost || x.status >= 500
}

// breaches holds an exchange against the contract. What a reply is like always counts. What a request is like counts for
// scripts, whose requests the binding makes; a scenario may send what it likes itself.
func breaches(x exchange, u url.URL, sent []byte, header http.Header) (found []report.Breach) {
	c, err := agreement()
	if err != nil {
		return nil // prepare has refused to run
	}
	body := x.reply
	if Loopback(&u) {
		// Fakes differ in their port. With one name for all of them, most replies are found in the cache. A server with
		// a name of its own keeps it: links to api.aircall.io are right only under that name.
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

// withoutProxy is the path behind a proxy. The fake's audio is looked for first: the
// path of a short URL has a version in it, too.
func withoutProxy(path string) string {
	for _, start := range []string{"/_assets/", "/v1/", "/v2/"} {
		if i := strings.Index(path, start); i >= 0 {
			return path[i:]
		}
	}
	return path
}

// plainKey is a key that may be told: one that the target made up may hold anything.
var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,39}$`)

// placeOf makes the places of the entries of a list one, and hides keys that look like no key.
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
		return "no JSON"
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

// sentBody gives the body of a request, and a request that still has it.
func sentBody(r *http.Request) ([]byte, *http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, r, nil
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	r.Body.Close()
	if err == nil && len(data) > most {
		err = fmt.Errorf("%s: a body of more than %d bytes", r.Method, most)
	}
	if err != nil {
		return nil, nil, err
	}
	again := *r
	again.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	again.Body, _ = again.GetBody()
	return data, &again, nil
}

// breaches gathers what the exchanges of the scenario broke, each place once.
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

// What holds of every reply in JSON, whatever its operation: no document says it, and everybody relies on it.

// exact is the largest whole number that every reader of JSON keeps as it is: RFC 8259, section 6. Lua's numbers, and
// JavaScript's, are exact up to it.
const exact = 1<<53 - 1

// malformation is a place where a reply is malformed.
type malformation struct{ where, want, got string }

// malformations looks for numbers that readers would round, and for lists in which one thing stands twice.
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
					found = append(found, malformation{fmt.Sprintf("%s/%d/id", where, i), "each id once in a list", "one that stood there before"})
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

// idIn names an entry of a list, "" if it has no id.
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
// Aircall's own host is right behind a proxy with a host name of its own, and any port of this machine is right for a server on it.
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
