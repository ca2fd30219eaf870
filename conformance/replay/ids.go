package replay

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// errNoRecord is the error for an id of a collection of which the fake has no record.
var errNoRecord = errors.New("the fake has no such record")

const (
	missingID   = "99999999999" // no record has it
	missingUUID = "00000000-0000-4000-8000-000000000000"
	mostKnown   = 100_000 // ids that are remembered
	mostPages   = 20      // of a list of the fake
)

// An idMap maps ids of a recording to ids of the fake: the same id to the same id, and different ones in the order of the
// fake's lists.
type idMap struct {
	read  func(path string) ([]byte, error) // of the fake; nil if the reply is not 200
	known map[string]string                 // by collection and recorded id
	lists map[string]*idList
}

// An idList holds the ids of a collection of the fake.
type idList struct {
	ids  []string
	used int
	next string // path of the next page
	left int    // pages that may still be read
}

// idForm matches ids: numbers and the opaque ids of webhooks and campaigns.
var idForm = regexp.MustCompile(`^([1-9][0-9]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26})$`)

// aliases are the names of collections that a path names otherwise than the reply.
var aliases = map[string]string{"phone_details": "phone_numbers", "email_details": "emails"}

// collections are the paths of the operations that list records, by the name of the list.
var collections = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, r := range fakeaircall.Routes() {
		if name := r.Path[strings.LastIndex(r.Path, "/")+1:]; r.Method == "GET" && strings.Count(r.Path, "/") == 2 {
			all[name] = max(all[name], r.Path) // version 2 has priority
		}
	}
	return all
})

// id returns the id of the fake for an id of the recording.
func (m *idMap) id(collection, recorded string) (string, error) {
	if name := aliases[collection]; name != "" {
		collection = name
	}
	key := collection + " " + recorded
	if id, ok := m.known[key]; ok {
		return id, nil
	}
	l := m.lists[collection]
	if l == nil {
		l = &idList{left: mostPages}
		if path := collections()[collection]; path != "" {
			l.next = path + "?per_page=50"
		}
		m.lists[collection] = l
	}
	for l.used >= len(l.ids) && l.next != "" && l.left > 0 {
		if err := m.readPage(collection, l); err != nil {
			return "", err
		}
	}
	if len(l.ids) == 0 {
		return "", errNoRecord
	}
	id := l.ids[l.used%len(l.ids)] // a recording may have more records than the fake
	l.used++
	m.set(key, id)
	return id, nil
}

func (m *idMap) set(key, id string) {
	if len(m.known) < mostKnown {
		m.known[key] = id
	}
}

// readPage reads the next page of a list of the fake.
func (m *idMap) readPage(collection string, l *idList) error {
	body, err := m.read(l.next)
	l.next, l.left = "", l.left-1
	if err != nil || body == nil {
		return err
	}
	v, err := orderedjson.Decode(body)
	if err != nil {
		return nil // it has no ids
	}
	o, _ := v.(orderedjson.Object)
	records, _ := o.Get(collection)
	list, _ := records.([]any)
	for _, r := range list {
		if id := idOf(r); id != "" {
			l.ids = append(l.ids, id)
		}
	}
	meta, _ := o.Get("meta")
	page, _ := meta.(orderedjson.Object)
	next, _ := page.Get("next_page_link")
	if link, ok := next.(string); ok {
		if u, err := url.Parse(link); err == nil {
			l.next = u.RequestURI()
		}
	}
	return nil
}

// idOf returns the id of a record, or "".
func idOf(record any) string {
	o, _ := record.(orderedjson.Object)
	for _, key := range []string{"id", "webhook_id"} {
		switch v, _ := o.Get(key); v := v.(type) {
		case json.Number:
			return v.String()
		case string:
			return v
		}
	}
	return ""
}

// path maps the ids in a path. If the recorded reply says that there is no such record, the last id is one that does not exist.
func (m *idMap) path(q question) (string, error) {
	if q.template == "" {
		return q.path, nil
	}
	parts, template := strings.Split(q.path, "/"), strings.Split(q.template, "/")
	last := strings.Count(q.template, "{")
	for i := range template {
		if !strings.HasPrefix(template[i], "{") {
			continue
		}
		last--
		switch {
		case !idForm.MatchString(parts[i]):
		case q.asks == "missing" && last == 0 && strings.Contains(parts[i], "-"):
			parts[i] = missingUUID
		case q.asks == "missing" && last == 0:
			parts[i] = missingID
		default:
			id, err := m.id(template[i-1], parts[i])
			if err != nil {
				return "", err
			}
			recorded := parts[i]
			parts[i] = id
			if last == 0 && i+1 < len(parts) && template[i-1] == "calls" && q.found && q.method == http.MethodGet {
				if err := m.findCall(parts, i, recorded); err != nil {
					return "", err
				}
			}
		}
	}
	return strings.Join(parts, "/"), nil
}

// mostTried bounds the calls of the fake that findCall asks for.
const mostTried = 50

// findCall replaces the id at an index of a path by that of a call that has what the path asks for, as the recorded one does:
// only some calls have a transcription. If none of the first has it, the id stays.
func (m *idMap) findCall(parts []string, at int, recorded string) error {
	first := parts[at]
	candidates := []string{first}
	if l := m.lists["calls"]; l != nil { // nil: the recording made the call
		candidates = append(candidates, l.ids...)
	}
	for _, id := range candidates[:min(len(candidates), mostTried)] {
		parts[at] = id
		body, err := m.read(strings.Join(parts, "/"))
		if err != nil {
			return err
		}
		if body != nil {
			m.set("calls "+recorded, id)
			return nil
		}
	}
	parts[at] = first
	return nil
}

// collectionOf returns the collection whose ids a member or a parameter holds, or "".
func collectionOf(name string) string {
	name = strings.TrimSuffix(name, "[]")
	if plural, ok := strings.CutSuffix(name, "_ids"); ok {
		name = plural + "s"
	} else if one, ok := strings.CutSuffix(name, "_id"); ok {
		name = one + "s"
	}
	if collections()[name] == "" {
		return ""
	}
	return name
}

// query maps the ids in a query, and leaves the rest as it is.
func (m *idMap) query(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	params := strings.Split(raw, "&")
	for i, param := range params {
		name, value, _ := strings.Cut(param, "=")
		plain, err := url.QueryUnescape(name)
		if of := collectionOf(plain); err == nil && of != "" && idForm.MatchString(value) {
			id, err := m.id(of, value)
			if err != nil {
				return "", err
			}
			params[i] = name + "=" + id
		}
	}
	return strings.Join(params, "&"), nil
}

// body maps the ids in a JSON body. Any other body stays.
func (m *idMap) body(data []byte) ([]byte, error) {
	v, err := orderedjson.Decode(data)
	if err != nil {
		return data, nil
	}
	if v, err = m.value("", v); err != nil {
		return nil, err
	}
	return orderedjson.Encode(v), nil
}

func (m *idMap) value(name string, v any) (any, error) {
	switch v := v.(type) {
	case orderedjson.Object:
		for i, e := range v {
			mapped, err := m.value(e.Key, e.Value)
			if err != nil {
				return nil, err
			}
			v[i].Value = mapped
		}
	case []any:
		for i := range v {
			mapped, err := m.value(name, v[i])
			if err != nil {
				return nil, err
			}
			v[i] = mapped
		}
	case json.Number:
		if of := collectionOf(name); of != "" && idForm.MatchString(v.String()) {
			id, err := m.id(of, v.String())
			if _, notNumber := strconv.ParseInt(id, 10, 64); err != nil || notNumber != nil {
				return v, err
			}
			return json.Number(id), nil
		}
	}
	return v, nil
}

// learn maps the ids of records that a request made: those at the same places in the recorded reply and in the fake's.
func (m *idMap) learn(recorded, answered any) {
	m.pair("", recorded, answered)
}

func (m *idMap) pair(name string, recorded, answered any) {
	switch was := recorded.(type) {
	case orderedjson.Object:
		is, ok := answered.(orderedjson.Object)
		if !ok {
			return
		}
		from, to := idOf(was), idOf(is)
		if !strings.HasSuffix(name, "s") {
			name += "s"
		}
		if key := name + " " + from; from != "" && to != "" && m.known[key] == "" {
			m.set(key, to)
		}
		for _, e := range was {
			if v, found := is.Get(e.Key); found {
				m.pair(e.Key, e.Value, v)
			}
		}
	case []any:
		is, ok := answered.([]any)
		for i := range min(len(was), len(is)) {
			if ok {
				m.pair(name, was[i], is[i])
			}
		}
	}
}
