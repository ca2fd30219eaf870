package fakeaircall

import "encoding/json"

// raw is JSON that is ready to be sent.
type raw []byte

// encode is the JSON of a view. Views are plain data: encoding them cannot fail.
func encode(view any) raw {
	b, err := json.Marshal(view)
	if err != nil {
		panic(err)
	}
	return b
}

// encoded keeps the JSON of a record, so that it is made once a change and not
// once a request. What it embeds of other records is covered by the company's
// epoch, which every change of a user, number, tag or team moves on.
type encoded struct {
	body   raw
	epoch  uint64
	second int64 // of the clock, where the JSON tells time; else 0
}

// maxEncoded bounds the records of a company whose JSON is kept.
const maxEncoded = 8192

// encoding is the kept JSON, or what view makes now.
func (t *tx) encoding(e *encoded, second int64, view func() any) raw {
	if e.body == nil || e.epoch != t.epoch || e.second != second {
		*e = encoded{encode(view()), t.epoch, second}
		t.keep(e)
	}
	return e.body
}

// keep remembers who has JSON, and takes it from the one who has had it longest.
func (t *tx) keep(e *encoded) {
	if len(t.kept) < maxEncoded {
		t.kept = append(t.kept, e)
		return
	}
	if oldest := t.kept[t.nextKept]; oldest != e {
		*oldest = encoded{}
	}
	t.kept[t.nextKept] = e
	t.nextKept = (t.nextKept + 1) % maxEncoded
}
