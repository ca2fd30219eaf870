package conformance

import (
	"crypto/sha256"
	"fmt"
	"net/http"
)

// envelopes are what Aircall answers to the operations that Lua functions use, by operation. They are held against every
// reply to every script, so that a scenario about one thing does not pass over a broken other.
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

// strictness of comparisons with a pattern: our own fake has every key in its place; others may know more keys.
func (t *target) strictness() strictness {
	return strictness{order: t.kind == kindFake, extra: t.kind != kindFake}
}

// seen names a reply; the same one comes many times in a run.
type seen struct {
	op   string
	body [sha256.Size]byte
}

// keepsEnvelopes holds the replies that the scenario's scripts got against their envelopes.
func (w *world) keepsEnvelopes() error {
	for _, x := range w.journal.by(forScript, 0) {
		pattern, known := envelopes[x.op]
		if !known || x.status/100 != 2 {
			continue
		}
		place := "the reply to " + x.op
		if pattern == nil {
			if x.status != http.StatusNoContent || len(x.reply) > 0 {
				return &finding{what: fmt.Sprintf("%s is %d with %d bytes, not 204 with none", place, x.status, len(x.reply))}
			}
			continue
		}
		key := seen{x.op, sha256.Sum256(x.reply)}
		if w.t.kept[key] {
			continue
		}
		v, err := decode(x.reply)
		if err != nil {
			return &finding{what: place + " is no JSON"}
		}
		if err := w.run.shapes.match(pattern, v, w.t.strictness(), place); err != nil {
			return err
		}
		w.t.kept[key] = true
	}
	return nil
}
