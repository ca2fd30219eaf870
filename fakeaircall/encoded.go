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
type cachedJSON struct {
	body  raw
	epoch uint64
	key   cacheKey
}

// epoch is a number that changes with every user, number, tag and team.
func (s *state) epoch() uint64 {
	return s.users.version + s.numbers.version + s.tags.version + s.teams.version
}

// told is what else kept JSON depends on: URLs tell the second they were signed in
// and lead to where one client came. Most JSON depends on neither.
type cacheKey struct {
	second int64
	base   string
}

// maxEncoded bounds the records of a company whose JSON is kept.
const maxEncoded = 8192

// encoding is the kept JSON, or what view makes now.
func (t *tx) encoding(e *cachedJSON, to cacheKey, view func() any) raw {
	if e.body == nil || e.epoch != t.epoch() || e.key != to {
		*e = cachedJSON{encode(view()), t.epoch(), to}
		t.keep(e)
	}
	return e.body
}

// keep remembers who has JSON, and takes it from the one who has had it longest.
func (t *tx) keep(e *cachedJSON) {
	if len(t.kept) < maxEncoded {
		t.kept = append(t.kept, e)
		return
	}
	if oldest := t.kept[t.nextKept]; oldest != e {
		*oldest = cachedJSON{}
	}
	t.kept[t.nextKept] = e
	t.nextKept = (t.nextKept + 1) % maxEncoded
}
