package conformance

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aircallkit/aircallkit/internal/contract"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
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
	if v, err := orderedjson.Decode(body); err == nil {
		found = odd("body", v)
	}
	if l.n.Add(1) <= mostLooked {
		l.looked.Store(key, found)
	}
	return found
}

func odd(where string, v any) (found []oddity) {
	switch v := v.(type) {
	case orderedjson.Object:
		if leadsElsewhere(v) {
			found = append(found, oddity{where + "/direct_link", "a link that ends in the id", "one that ends in another id"})
		}
		for _, m := range v {
			found = append(found, odd(where+"/"+m.Key, m.Value)...)
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
	o, _ := e.(orderedjson.Object)
	id, ok := o.Get("id")
	if !ok || id == nil {
		return ""
	}
	return fmt.Sprint(id)
}

// leadsElsewhere reports whether the direct_link of a record with a number for its id ends in another number.
func leadsElsewhere(o orderedjson.Object) bool {
	id, _ := o.Get("id")
	n, isNumber := id.(json.Number)
	link, _ := o.Get("direct_link")
	text, isText := link.(string)
	last := text[strings.LastIndexByte(text, '/')+1:]
	return isNumber && isText && last != "" && strings.Trim(last, "0123456789") == "" && last != n.String()
}

// pageLinks finds the hosts of the links of a page.
var pageLinks = regexp.MustCompile(`"(next|previous)_page_link":\s*"https?://([^/"\\?#]*)`)

// strayLinks finds links of a page that lead to another host: a client that follows them sends its credentials there.
// Aircall's own host is right behind a proxy with a name of its own, and so is any port of this machine for a server on it.
func strayLinks(body []byte, target *url.URL) (found []oddity) {
	for _, m := range pageLinks.FindAllSubmatch(body, -1) {
		at := &url.URL{Host: string(m[2])}
		if at.Host != target.Host && at.Host != "api.aircall.io" && !(Loopback(target) && Loopback(at)) {
			found = append(found, oddity{"body/meta/" + string(m[1]) + "_page_link", "a link to the target", "one to another host"})
		}
	}
	return found
}
