package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// agreement is the contract that every exchange of a run is held against. Reading it takes a tenth of a second.
var agreement = sync.OnceValues(func() (*law, error) {
	c, err := contract.New(fakeaircall.OpenAPI())
	return &law{Contract: c}, err
})

// mostBreaches bounds what is told of one scenario.
const mostBreaches = 20

// verdict is what an exchange is found to break, once that is known.
type verdict struct {
	done  chan struct{}
	found []report.Breach
}

func (v *verdict) wait() []report.Breach {
	if v == nil {
		return nil // there was no reply
	}
	<-v.done
	return v.found
}

// judgeExchange judges beside the scenario, which goes on meanwhile: that saves a sixth of a run. It is waited for at its end.
func judgeExchange(x exchange, at url.URL, sent []byte, header http.Header) *verdict {
	v := &verdict{done: make(chan struct{})}
	go func() {
		defer close(v.done)
		v.found = breaches(x, at, sent, header)
	}()
	return v
}

// aboutTheWay reports whether the reply is about credentials, the plan, the rate limit or an outage, or never came. Such an
// exchange says nothing about its operation. The kit's own fakes give these replies on purpose, so there they count like
// any other.
func (x exchange) aboutTheWay(t *target) bool {
	if t.kind == kindFake || x.unsent {
		return false
	}
	switch x.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return x.account != "" // credentials that a scenario made up are refused as they should be
	case http.StatusTooManyRequests:
		return true
	}
	return x.lost || x.status >= 500
}

// breaches holds an exchange against the contract. What a reply is like always counts. What a request is like counts for
// scripts, whose requests the binding makes; a scenario may send what it likes itself.
func breaches(x exchange, u url.URL, sent []byte, header http.Header) (found []report.Breach) {
	c, err := agreement()
	if err != nil {
		return nil // prepare has refused to run
	}
	body := x.reply
	if Loopback(&u) {
		// Fakes differ in their port. With one name for all of them, most replies are found in the cache. A server with
		// a name of its own keeps it: links to api.aircall.io are right only under that name.
		body = bytes.ReplaceAll(body, []byte("://"+u.Host+"/"), []byte("://host/"))
	}
	u.Path, u.RawPath = withoutProxy(u.Path), withoutProxy(u.RawPath)
	reply, request := readOnce(body), readOnce(sent)
	for _, d := range c.Check(contract.Exchange{
		Method: x.method, URL: &u, RequestBody: sent, Status: x.status, Header: header, Body: body,
	}) {
		where, ofRequest := strings.CutPrefix(d.Where, "request ")
		if ofRequest && x.purpose != forScript {
			continue
		}
		of, value := body, reply
		if ofRequest {
			of, value = sent, request
		}
		found = append(found, report.Breach{
			Op: d.Operation, Purpose: x.purpose, Account: x.account, Times: 1,
			Where: placeOf(d.Where), Want: d.Want, Got: kindAt(where, d, len(of), value),
		})
	}
	if len(found) > 0 {
		return found
	}
	for _, o := range slices.Concat(c.oddities(body), strayLinks(x.reply, &u)) {
		found = append(found, report.Breach{
			Op: x.op, Purpose: x.purpose, Account: x.account, Times: 1,
			Where: placeOf(o.where), Want: o.want, Got: o.got,
		})
	}
	return found
}

// withoutProxy is the path behind a proxy. The fake's audio is looked for first: the
// path of a short URL has a version in it, too.
func withoutProxy(path string) string {
	for _, start := range []string{"/_assets/", "/v1/", "/v2/"} {
		if i := strings.Index(path, start); i >= 0 {
			return path[i:]
		}
	}
	return path
}

// plainKey is a key that may be told: one that the target made up may hold anything.
var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]{0,39}$`)

// placeOf makes the places of the entries of a list one, and hides keys that look like no key.
func placeOf(where string) string {
	head, pointer, ok := strings.Cut(where, "/")
	if !ok || strings.HasPrefix(where, "header ") {
		return where
	}
	keys := strings.Split(pointer, "/")
	for i, key := range keys {
		if _, err := strconv.Atoi(key); err == nil {
			keys[i] = "*"
		} else if !plainKey.MatchString(key) {
			keys[i] = "(a key)"
		}
	}
	return head + "/" + strings.Join(keys, "/")
}

// mediaTypes are the content types that are told; another may hold anything.
var mediaTypes = []string{"application/json", "application/problem+json", "application/xml", "text/html", "text/plain"}

// readOnce reads JSON when it is first asked for.
func readOnce(body []byte) func() (any, error) {
	return sync.OnceValues(func() (v any, err error) {
		err = json.Unmarshal(body, &v)
		return v, err
	})
}

// kindAt says what came, by its kind; size and value are of the body.
func kindAt(where string, d contract.Difference, size int, value func() (any, error)) string {
	head, pointer, _ := strings.Cut(where, "/")
	switch {
	case d.Got == "nothing", where == "status":
		return d.Got
	case where == "header Content-Type":
		return mediaKind(d.Got)
	case head != "body":
		return "another text"
	case pointer == "" && (d.Want == "JSON" || d.Want == "nothing"):
		return fmt.Sprintf("%d bytes", size)
	}
	v, err := value()
	if err != nil {
		return "no JSON"
	}
	for key := range strings.SplitSeq(pointer, "/") {
		switch in := v.(type) {
		case map[string]any:
			v = in[strings.NewReplacer("~1", "/", "~0", "~").Replace(key)]
		case []any:
			if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(in) {
				v = in[i]
			}
		}
	}
	return kindOf(v)
}

func mediaKind(quoted string) string {
	sent, _ := strconv.Unquote(quoted)
	media, params, err := mime.ParseMediaType(sent)
	switch {
	case sent == "":
		return "none"
	case err != nil || !slices.Contains(mediaTypes, media):
		return "another"
	case strings.EqualFold(params["charset"], "utf-8"):
		return media + "; charset=utf-8"
	case len(params) > 0:
		return media + " with other parameters"
	}
	return media
}

// sentBody gives the body of a request, and a request that still has it.
func sentBody(r *http.Request) ([]byte, *http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, r, nil
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	r.Body.Close()
	if err == nil && len(data) > most {
		err = fmt.Errorf("%s: a body of more than %d bytes", r.Method, most)
	}
	if err != nil {
		return nil, nil, err
	}
	again := *r
	again.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
	again.Body, _ = again.GetBody()
	return data, &again, nil
}

// breaches gathers what the exchanges of the scenario broke, each place once.
func (w *world) breaches() (all []report.Breach) {
	at := map[string]int{}
	add := func(b report.Breach) {
		key := b.Purpose + " " + b.Account + " " + b.String()
		if i, known := at[key]; known {
			all[i].Times++
		} else if len(all) < mostBreaches {
			at[key] = len(all)
			all = append(all, b)
		}
	}
	for _, x := range w.journal.all() {
		for _, b := range x.verdict.wait() {
			add(b)
		}
	}
	for _, b := range w.noted {
		add(b)
	}
	return all
}
