package conformance

import (
	"crypto/sha256"
	"errors"
	"strings"
)

// envelopes are what Aircall answers to the operations that Lua functions use, by operation.
var envelopes = map[string]object{
	"list-all-calls":    {{"calls", []any{"<call>*"}}, {"meta", "<meta>"}},
	"search-calls":      {{"calls", []any{"<call>*"}}, {"meta", "<meta>"}},
	"retrieve-a-call":   {{"call", "<call>"}},
	"list-all-contacts": {{"meta", "<meta>"}, {"contacts", []any{"<contact>*"}}},
	"search-contacts":   {{"meta", "<meta>"}, {"contacts", []any{"<contact>*"}}},

	"retrieve-a-contact":               {{"contact", "<contact>"}},
	"create-a-contact":                 {{"contact", "<contact>"}},
	"update-a-contact":                 {{"contact", "<contact>"}},
	"add-phone-number-to-a-contact":    {{"phone_detail", "<detail>"}},
	"update-phone-number-to-a-contact": {{"phone_detail", "<detail>"}},
	"add-email-to-a-contact":           {{"email_detail", "<detail>"}},
	"update-email-to-a-contact":        {{"email_detail", "<detail>"}},

	// Nothing stands in their replies.
	"delete-phone-number-from-a-contact": nil,
	"delete-email-from-a-contact":        nil,

	"list-all-users":          {{"users", []any{"<user>*"}}, {"meta", "<meta>"}},
	"retrieve-a-user":         {{"user", "<user>"}},
	"retrieve-an-integration": {{"integration", "<any>"}},
	"list-all-numbers":        {{"numbers", []any{"<listed_number>*"}}, {"meta", "<meta>"}},
	"list-all-tags":           {{"tags", []any{"<tag>*"}}, {"meta", "<meta>"}},
}

// promised are the fields that the Lua reference names, or that the binding makes them of, as they are on the wire. A
// reply without them breaks a promise, whatever else it holds; all other fields are the contract's.
var promised = shapes{
	"promised_call":          object{{"id", "<id>"}, {"direction", "<inbound|outbound>"}, {"status", "<text>"}, {"duration", "<count>"}},
	"promised_contact":       object{{"id", "<id>"}, {"first_name", "<string?>"}, {"last_name", "<string?>"}, {"company_name", "<string?>"}, {"information", "<string?>"}, {"phone_numbers", []any{"<promised_detail>*"}}, {"emails", []any{"<promised_detail>*"}}},
	"promised_detail":        object{{"label", "<string?>"}, {"value", "<text>"}},
	"promised_user":          object{{"id", "<id>"}, {"name", "<string>"}, {"email", "<string>"}},
	"promised_number":        object{{"id", "<id>"}, {"name", "<string>"}, {"digits", "<text>"}},
	"promised_listed_number": "<promised_number>",
	"promised_tag":           object{{"id", "<id>"}, {"name", "<text>"}},
	"promised_meta":          object{},
	"promised_any":           "<any>",
}

// promise is what the reference promises of a pattern: the same with the documented fields alone.
func promise(pattern any) any {
	switch p := pattern.(type) {
	case object:
		out := object{}
		for _, m := range p {
			out = append(out, member{m.key, promise(m.value)})
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
		v, err := decode(x.reply)
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
				w.noted = append(w.noted, Breach{
					Op: x.op, Purpose: x.purpose, Account: x.account, Where: "body", Times: 1,
					Want: "the keys and kinds of features/shapes", Got: "that it" + positions.ReplaceAllString(f.what, "[*]"),
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
