package conformance

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
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
func breaches(x exchange, u url.URL, sent []byte, header http.Header) []report.Breach {
	found := wirecheck.Check(wirecheck.Exchange{Op: x.op, Method: x.method, URL: u, Sent: sent, Status: x.status, Header: header, Body: x.reply}, x.purpose == forScript)
	for i := range found {
		found[i].Purpose, found[i].Account = x.purpose, x.account
	}
	return found
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
