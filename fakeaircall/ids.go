package fakeaircall

import (
	"encoding/binary"
	"encoding/hex"
)

// lastIDs has the newest id that a company gave to each resource. Aircall numbers every
// resource in a sequence of its own, which all companies share: the ids of one company rise,
// with gaps. A contact's phones and e-mails are one sequence (recorded 2026-06-19).
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
	CallSlot int64 `json:"call_slot,omitzero"` // where the company's calls lie among those of one second
}

// Aircall begins about callsPerSecond calls each second (recorded 2026-09-28).
const callsPerSecond = 100

// idsBefore are the ids before the first record of the company i. Their magnitudes are those
// recorded on 2026-09-28. Companies begin far enough from each other that the id of one is not
// found in another. The clock of the server decides when calls are as many as then: their ids keep ten digits
// whatever year it reads.
func idsBefore(i int, start int64) lastIDs {
	n := int64(i)
	return lastIDs{
		User: 2_100_000 + 100_000*n, Number: 1_400_000 + 50_000*n, Team: 262_000 + 20_000*n, Tag: 3_000_000 + 50_000*n,
		Contact: 518_000_000 + 5_000_000*n, Detail: 2_170_000_000 + 20_000_000*n, Comment: 150_000_000 + 10_000_000*n,
		Webhook: 44_000_000 + 500_000*n, Association: 30_000 + 10_000*n,
		CallBase: 4_190_000_000 + 10_000_000_000*(n/callsPerSecond) - callsPerSecond*start, CallSlot: n % callsPerSecond,
	}
}

// newID is the id after the last one of a resource. The gap is what other companies made
// meanwhile: two contacts made seven seconds apart were 67 ids apart.
func (r *random) newID(last *int64) int64 {
	*last += 1 + int64(r.intn(19))
	return *last
}

// newCall is the id of a call that starts at a UNIX second. A second has one id for each
// company, in an order of its own; a second call takes that of the next second.
func (l *lastIDs) newCall(at int64) int64 {
	if l.Call != 0 {
		at = max(at, (l.Call-l.CallBase)/callsPerSecond+1)
	}
	slot := (l.CallSlot + int64((&random{uint64(at)}).intn(callsPerSecond))) % callsPerSecond
	l.Call = l.CallBase + callsPerSecond*at + slot
	return l.Call
}

// random is a splitmix64 sequence: deterministic, seedable with any value, and
// independent of gofakeit, whose output changes between releases.
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

// intn is a number from 0 to n-1. The bias is far below what a seed could show.
func (r *random) intn(n int) int {
	return int(r.next() % uint64(n))
}

// chance is true in percent of a hundred draws.
func (r *random) chance(percent int) bool { return r.intn(100) < percent }

// hex is n lower-case hexadecimal digits, n even.
func (r *random) hex(n int) string {
	var room [64]byte
	return string(r.appendHex(room[:0], n))
}

func (r *random) appendHex(b []byte, n int) []byte {
	var room [40]byte
	drawn := room[:0]
	for len(drawn) < n/2 {
		drawn = binary.BigEndian.AppendUint64(drawn, r.next())
	}
	return hex.AppendEncode(b, drawn[:n/2])
}

// uuid has the form of a version 4 UUID.
func (r *random) uuid() string {
	h := r.hex(32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-" + "89ab"[r.intn(4):][:1] + h[17:20] + "-" + h[20:]
}
