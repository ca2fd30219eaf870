package fakeaircall

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// lastIDs has the newest id of each resource in an account. Aircall numbers every resource in a separate sequence, which
// all accounts share: the ids in one account rise, with gaps. The phones and e-mails of contacts are one sequence (recorded
// 2026-06-19).
type lastIDs struct {
	User        int64 `json:"user,omitzero"`
	Number      int64 `json:"number,omitzero"`
	Team        int64 `json:"team,omitzero"`
	Tag         int64 `json:"tag,omitzero"`
	Contact     int64 `json:"contact,omitzero"`
	Detail      int64 `json:"detail,omitzero"`
	Comment     int64 `json:"comment,omitzero"`
	Webhook     int64 `json:"webhook,omitzero"`
	Association int64 `json:"association,omitzero"`
	Call        int64 `json:"call,omitzero"`

	CallBase int64 `json:"call_base,omitzero"` // the id of a call in second 0 of UNIX time
	CallSlot int64 `json:"call_slot,omitzero"` // the account's place among the calls of one second
}

// Aircall begins about callsPerSecond calls each second (recorded 2026-09-28).
const callsPerSecond = 100

// idsBefore returns the ids before the first records of account i. Their magnitudes are those recorded on 2026-09-28.
// Accounts begin so far from each other that an id of one is not found in another. Ids of calls have ten digits at the
// start of the server's clock, whatever year it reads.
func idsBefore(i int, start int64) lastIDs {
	n := int64(i)
	return lastIDs{
		User: 2_100_000 + 100_000*n, Number: 1_400_000 + 50_000*n, Team: 262_000 + 20_000*n, Tag: 3_000_000 + 50_000*n,
		Contact: 518_000_000 + 5_000_000*n, Detail: 2_170_000_000 + 20_000_000*n, Comment: 150_000_000 + 10_000_000*n,
		Webhook: 44_000_000 + 500_000*n, Association: 30_000 + 10_000*n,
		CallBase: 4_190_000_000 + 10_000_000_000*(n/callsPerSecond) - callsPerSecond*start, CallSlot: n % callsPerSecond,
	}
}

// newID returns the next id of a resource. The gap is what other accounts created meanwhile: two contacts created seven
// seconds apart were 67 ids apart.
func (r *random) newID(last *int64) int64 {
	*last += 1 + int64(r.intn(19))
	return *last
}

// newCall returns the id of a call that starts at a UNIX second. A second has one id for each account, in an order of its
// own; a second call in it takes the id of the next second.
func (l *lastIDs) newCall(at int64) int64 {
	if l.Call != 0 {
		at = max(at, (l.Call-l.CallBase)/callsPerSecond+1)
	}
	slot := (l.CallSlot + int64((&random{uint64(at)}).intn(callsPerSecond))) % callsPerSecond
	l.Call = l.CallBase + callsPerSecond*at + slot
	return l.Call
}

// A random is a splitmix64 sequence: deterministic, seedable with any value, and independent of gofakeit, whose output
// changes between releases.
type random struct {
	State uint64 `json:"state,omitzero"`
}

func (r *random) next() uint64 {
	r.State += 0x9e3779b97f4a7c15
	z := r.State
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// intn returns a number from 0 to n-1. Its bias is far too small to show.
func (r *random) intn(n int) int {
	return int(r.next() % uint64(n))
}

// chance returns true in percent of a hundred draws.
func (r *random) chance(percent int) bool { return r.intn(100) < percent }

// hex returns n lower-case hexadecimal digits, n even.
func (r *random) hex(n int) string { return string(r.appendHex(make([]byte, 0, 80), n)) }

func (r *random) appendHex(b []byte, n int) []byte {
	drawn := make([]byte, 0, 40)
	for len(drawn) < n/2 {
		drawn = binary.BigEndian.AppendUint64(drawn, r.next())
	}
	return hex.AppendEncode(b, drawn[:n/2])
}

// appendGatewayID appends an id in the form of API Gateway's: eleven digits in base64.
func (r *random) appendGatewayID(b []byte) []byte {
	return base64.URLEncoding.AppendEncode(b, r.appendHex(make([]byte, 0, 12), 12)[:11])
}

// uuid returns a text in the form of a version 4 UUID.
func (r *random) uuid() string {
	h := r.hex(32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-" + "89ab"[r.intn(4):][:1] + h[17:20] + "-" + h[20:]
}
