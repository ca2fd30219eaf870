package fakeaircall

import (
	"encoding/binary"
	"encoding/hex"
)

// random is a splitmix64 sequence: deterministic, seedable with any value, and
// independent of gofakeit, whose output changes between releases.
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
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
