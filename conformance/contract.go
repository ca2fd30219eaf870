package conformance

import (
	"crypto/sha256"
	"errors"
	"regexp"
	"strings"

	"github.com/aircallkit/aircallkit/conformance/report"
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

// keepsPromises wants the documented fields in the replies to the scenario's scripts, so that a scenario about one thing
// does not pass over a broken other. Our own fakes also keep Aircall's order of keys, of which the contract knows nothing:
// there another order is drift.
func (w *world) keepsPromises() error {
	for _, x := range w.journal.by(forScript, 0) {
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
