package conformance

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/aircallkit/aircallkit/internal/contract"
)

// What holds of every reply in JSON, whatever its operation: no document says it, and everybody relies on it.

// exact is the largest whole number that every reader of JSON keeps as it is: RFC 8259, section 6. Lua's numbers, and
// JavaScript's, are exact up to it.
const exact = 1<<53 - 1

// oddity is a place where a reply is not sane.
type oddity struct{ where, want, got string }

// law is what every exchange is held against. It remembers the bodies it has looked at: the same one comes many times.
type law struct {
	*contract.Contract
	looked sync.Map // what is odd, by the hash of a body
	n      atomic.Int64
}

const mostLooked = 20_000

// oddities looks for numbers that readers would round, and for lists in which one thing stands twice.
func (l *law) oddities(body []byte) []oddity {
	key := sha256.Sum256(body)
	if known, ok := l.looked.Load(key); ok {
		return known.([]oddity)
	}
	var found []oddity
	if v, err := decode(body); err == nil {
		found = odd("body", v)
	}
	if l.n.Add(1) <= mostLooked {
		l.looked.Store(key, found)
	}
	return found
}

func odd(where string, v any) (found []oddity) {
	switch v := v.(type) {
	case object:
		for _, m := range v {
			found = append(found, odd(where+"/"+m.key, m.value)...)
		}
	case []any:
		ids := map[string]bool{}
		for i, e := range v {
			if id := idIn(e); id != "" {
				if ids[id] {
					found = append(found, oddity{fmt.Sprintf("%s/%d/id", where, i), "each id once in a list", "one that stood there before"})
				}
				ids[id] = true
			}
			found = append(found, odd(fmt.Sprintf("%s/%d", where, i), e)...)
		}
	case json.Number:
		if f, err := v.Float64(); err != nil || f > exact || f < -exact {
			found = append(found, oddity{where, "a number that readers of JSON keep exactly", "one beyond 2^53"})
		}
	}
	return found
}

// idIn names an entry of a list, "" if it has no id.
func idIn(e any) string {
	o, _ := e.(object)
	id, ok := o.get("id")
	if !ok || id == nil {
		return ""
	}
	return fmt.Sprint(id)
}
