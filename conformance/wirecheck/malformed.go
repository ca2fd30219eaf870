package wirecheck

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// The following checks apply to every JSON reply: no document has them, and every client relies on them.

// exact is the largest whole number that every JSON reader keeps exactly: RFC 8259, section 6. Numbers of Lua and JavaScript
// are exact up to it.
const exact = 1<<53 - 1

// malformation is a place where a reply is malformed.
type malformation struct{ where, want, got string }

// malformations finds numbers that readers would round, entries that a list has twice, and direct_links of another record.
func malformations(body []byte) []malformation {
	v, err := orderedjson.Decode(body)
	if err != nil {
		return nil
	}
	return findMalformed(v).below("body")
}

type malformed []malformation

// below puts a place before those of malformations. Places are not built in advance: most replies have none.
func (list malformed) below(place string) []malformation {
	for i := range list {
		list[i].where = place + list[i].where
	}
	return list
}

// escape escapes a key for a JSON pointer.
var escape = strings.NewReplacer("~", "~0", "/", "~1")

func findMalformed(v any) (found malformed) {
	switch v := v.(type) {
	case orderedjson.Object:
		if hasWrongLink(v) {
			found = append(found, malformation{"/direct_link", "a link that ends in the id", "one that ends in another id"})
		}
		for _, m := range v {
			if in := findMalformed(m.Value); in != nil {
				found = append(found, in.below("/"+escape.Replace(m.Key))...)
			}
		}
	case []any:
		ids := map[string]bool{}
		for i, e := range v {
			if id := idIn(e); id != "" {
				if ids[id] {
					found = append(found, malformation{fmt.Sprintf("/%d/id", i), "each id once in a list", "a repeated one"})
				}
				ids[id] = true
			}
			if in := findMalformed(e); in != nil {
				found = append(found, in.below(fmt.Sprintf("/%d", i))...)
			}
		}
	case json.Number:
		if f, err := v.Float64(); err != nil || f > exact || f < -exact {
			found = append(found, malformation{"", "a number that readers of JSON keep exactly", "one beyond 2^53"})
		}
	}
	return found
}

// idIn returns the id of an entry of a list, or "".
func idIn(e any) string {
	o, _ := e.(orderedjson.Object)
	id, ok := o.Get("id")
	if !ok || id == nil {
		return ""
	}
	return fmt.Sprint(id)
}

// hasWrongLink reports whether the direct_link of a record with a number for its id ends in another number.
func hasWrongLink(o orderedjson.Object) bool {
	id, _ := o.Get("id")
	n, isNumber := id.(json.Number)
	link, _ := o.Get("direct_link")
	text, isText := link.(string)
	last := text[strings.LastIndexByte(text, '/')+1:]
	return isNumber && isText && last != "" && strings.Trim(last, "0123456789") == "" && last != n.String()
}

// pageLink is a link of a page, with its key and its host.
var pageLink = regexp.MustCompile(`^"\w+":\s*"https?://([^/"\\?#]*)`)

// strayLinks finds links of a page that lead to another host: a client that follows them sends its credentials there.
// Behind a proxy, links may also lead to Aircall's host; those of a server on this machine may lead to any port of it.
func strayLinks(body []byte, target *url.URL) (found []malformation) {
	for _, key := range []string{"next", "previous"} {
		i := bytes.Index(body, []byte(`"`+key+`_page_link"`))
		if i < 0 {
			continue
		}
		m := pageLink.FindSubmatch(body[i:])
		if m == nil {
			continue // null
		}
		at := &url.URL{Host: string(m[1])}
		if at.Host != target.Host && at.Host != "api.aircall.io" && !(Loopback(target) && Loopback(at)) {
			found = append(found, malformation{"body/meta/" + key + "_page_link", "a link to the target", "one to another host"})
		}
	}
	return found
}
