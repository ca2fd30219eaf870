package fakeaircall

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Request is one request of the API and its reply, as the request log keeps them: each secret is replaced by [Removed].
type Request struct {
	Seq     uint64    // counts from 1; Reset does not start it again
	At      time.Time // on the server's clock
	Op      string    // "" for a route that Aircall does not have
	Method  string
	Path    string // as it was sent, with its escapes
	Query   string // as it was sent, without the question mark
	Account string // "" if no account accepted the credentials
	Status  int    // 0: the connection was cut without a reply

	// Duration is in real time, until the reply began.
	Duration time.Duration

	// UnknownRoute reports that Aircall has no such path, or not with this method, or no longer.
	UnknownRoute bool

	// UnknownParameters are the names in the query and in the body's outermost object that the operation does not read,
	// sorted.
	UnknownParameters []string

	// Explanation says why Aircall does not understand the request (a retired or unknown route, unknown parameters, each
	// with what is near), or why it refused the credentials. "": neither.
	Explanation string

	// Faults are the ids of the rules that affected the reply.
	Faults []string

	Header, ReplyHeader http.Header

	// Body and ReplyBody have at most 16 KiB. BodySize is the number of bytes that were read of the body, ReplyBodySize the
	// number of bytes of the reply.
	Body, ReplyBody         string
	BodySize, ReplyBodySize int
}

// String returns the request on one line: its number, method, path, status, operation and account, such as
// 17 POST /v1/contacts?x=1: 201 create-a-contact (default).
func (r Request) String() string {
	s := fmt.Sprintf("%d %s %s", r.Seq, r.Method, r.Path)
	if r.Query != "" {
		s += "?" + r.Query
	}
	s += fmt.Sprintf(": %d %s", r.Status, cmp.Or(r.Op, "unknown route"))
	if r.Account != "" {
		s += " (" + r.Account + ")"
	}
	return s
}

// A RequestFilter selects requests. Empty fields match any request.
type RequestFilter struct {
	Op, Account, Method, Path string
	Status                    int

	// Unknown selects requests with an unknown route or an unknown parameter, without those that browsers send by
	// themselves, such as GET /favicon.ico. It also finds the first 100 that newer requests have replaced in the log.
	Unknown bool

	// Text selects requests with this text in the path, the query or the logged part of a body. Case does not matter.
	Text string

	// Since selects requests after the one with this Seq, Before those before it.
	Since, Before uint64

	// Newest selects at most that many requests, the newest ones.
	Newest int
}

// String returns the filter as it is written in a query: op=ping&status=200.
func (f RequestFilter) String() string {
	var parts []string
	for _, p := range []struct {
		name  string
		value any
	}{
		{"op", f.Op}, {"account", f.Account}, {"method", f.Method}, {"path", f.Path}, {"status", f.Status},
		{"unknown", f.Unknown}, {"text", f.Text}, {"since", f.Since}, {"before", f.Before}, {"newest", f.Newest},
	} {
		if !reflect.ValueOf(p.value).IsZero() {
			parts = append(parts, fmt.Sprintf("%s=%v", p.name, p.value))
		}
	}
	return strings.Join(parts, "&")
}

// matches ignores Since, Before and Newest, which find applies.
func (f *RequestFilter) matches(e *entry) bool {
	return (f.Op == "" || f.Op == e.Op) &&
		(f.Account == "" || f.Account == e.Account) &&
		(f.Method == "" || strings.EqualFold(f.Method, e.Method)) &&
		(f.Path == "" || f.Path == e.Path) &&
		(f.Status == 0 || f.Status == e.Status) &&
		(!f.Unknown || e.IsUnknown()) &&
		(f.Text == "" || e.contains(f.Text))
}

// An entry is a request in the log. The log uses its Header and the buffers of its bodies again for a later request.
type entry struct {
	Request
	body, replyBody []byte
	copied          http.Header // the reply header, if it had to be copied; an entry uses it again

	retired string // the operation, if it is retired
	refused string // why the credentials were refused
}

// contains reports whether the request has a text. Case does not matter.
func (e *entry) contains(text string) bool {
	all := strings.Join([]string{e.Path, e.Query, string(e.body), string(e.replyBody)}, "\n")
	return strings.Contains(strings.ToLower(all), strings.ToLower(text))
}

// request returns a copy that shares nothing with the log. It explains the request once: that takes longer than to log it.
func (e *entry) request() Request {
	if e.Explanation == "" {
		e.Explanation = e.explain()
	}
	r := e.Request
	r.Header, r.ReplyHeader = e.Header.Clone(), e.ReplyHeader.Clone()
	r.Body, r.ReplyBody = string(e.body), string(e.replyBody)
	return r
}

// A requestLog keeps the newest requests.
type requestLog struct {
	mu      sync.Mutex
	entries []entry // a ring: the request n is at (n-1) mod size
	size    uint64
	seq     uint64        // of the newest request
	first   uint64        // of the oldest request that is not forgotten
	old     []entry       // the first unknown ones that others have replaced in the ring
	added   chan struct{} // closed when a request is added; nil: nobody waits

	unknownRoutes []string // what RunT reports at the end of a test
	moreUnknown   int      // requests beyond maxUnknownRoutes
}

const (
	defaultRequestLog = 1_000
	maxLoggedBody     = 16 << 10
	maxUnknownRoutes  = 10
	maxOldUnknown     = 100
)

func newRequestLog(size int) *requestLog {
	return &requestLog{size: uint64(max(size, 0)), first: 1}
}

// add keeps the request that fill writes into an entry.
func (l *requestLog) add(fill func(*entry)) {
	if l.size == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	if uint64(len(l.entries)) < l.size {
		l.entries = append(l.entries, entry{})
	}
	e := &l.entries[(l.seq-1)%l.size]
	if e.Seq >= l.first && e.IsUnknown() && len(l.old) < maxOldUnknown {
		l.old = append(l.old, *e)
		*e = entry{}
	}
	if e.Header == nil {
		e.Header = make(http.Header)
	}
	clear(e.Header)
	e.Request = Request{Seq: l.seq, Header: e.Header}
	e.body, e.replyBody, e.retired, e.refused = e.body[:0], e.replyBody[:0], "", ""
	fill(e)
	if l.added != nil {
		close(l.added)
		l.added = nil
	}
}

// find returns at most so many requests, oldest first. more is closed when a request is added after seen.
func (l *requestLog) find(f RequestFilter, most int) (list []Request, seen uint64, more <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	oldest, newest := max(l.first, f.Since+1), l.seq
	if l.seq >= l.size {
		oldest = max(oldest, l.seq-l.size+1)
	}
	if f.Before > 0 {
		newest = min(newest, f.Before-1)
	}
	var found []*entry
	for i := range l.old {
		if e := &l.old[i]; f.Unknown && e.Seq > f.Since && e.Seq <= newest && f.matches(e) {
			found = append(found, e)
		}
	}
	for seq := oldest; seq <= newest && (f.Newest > 0 || len(found) < most); seq++ {
		if e := &l.entries[(seq-1)%l.size]; f.matches(e) {
			found = append(found, e)
		}
	}
	if f.Newest > 0 {
		found = found[max(0, len(found)-f.Newest):]
	}
	for _, e := range found[:min(len(found), most)] {
		list = append(list, e.request())
	}
	if l.added == nil {
		l.added = make(chan struct{})
	}
	return list, l.seq, l.added
}

// forget removes all requests.
func (l *requestLog) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.first, l.old = l.seq+1, nil
	l.unknownRoutes, l.moreUnknown = nil, 0
}

// Requests returns the logged requests that match the filter, oldest first. Options.RequestLog bounds their number. A request
// is in the log before its reply is sent.
func (s *Server) Requests(f RequestFilter) []Request {
	l := s.requestLogOf(f.Account)
	list, _, _ := l.find(f, math.MaxInt)
	return list
}

// requestLogOf returns the log with the requests of an account: an account that was added later has its own log.
func (s *Server) requestLogOf(account string) *requestLog {
	if c, err := s.account(account); account != "" && err == nil && c.requestLog != nil {
		return c.requestLog
	}
	return s.requestLog
}

// WaitForRequest returns the oldest request that matches the filter, and waits until there is one. It fails when ctx ends;
// the error says which requests came instead.
func (s *Server) WaitForRequest(ctx context.Context, f RequestFilter) (Request, error) {
	if s.requestLog.size == 0 {
		return Request{}, fmt.Errorf("wait for a request %s: the server logs no requests; Options.RequestLog is NoRequestLog", f)
	}
	wanted, l := f, s.requestLogOf(f.Account)
	for {
		list, seen, more := l.find(f, 1)
		if len(list) > 0 {
			return list[0], nil
		}
		f.Since = max(seen, f.Since)
		select {
		case <-more:
		case <-ctx.Done():
			return Request{}, fmt.Errorf("no request %s: %w; %s", wanted, context.Cause(ctx), l.cameInstead(wanted.Since))
		}
	}
}

// cameInstead describes the requests after since.
func (l *requestLog) cameInstead(since uint64) string {
	list, _, _ := l.find(RequestFilter{Since: since}, int(l.size))
	if len(list) == 0 {
		return "none came"
	}
	var lines []string
	for _, r := range list[max(0, len(list)-5):] {
		lines = append(lines, fmt.Sprintf("%s %s (%d)", r.Method, r.Path, r.Status))
	}
	return fmt.Sprintf("%d came, at last %s", len(list), strings.Join(lines, ", "))
}

// logRequest adds a request to the log, with the reply that is about to be sent.
func (s *Server) logRequest(r *request, req *http.Request, status int, header http.Header, body []byte, took time.Duration) {
	if s.requestLog.size == 0 && s.allowUnknownRoutes {
		return
	}
	if r.isUnknownRoute() && !s.allowUnknownRoutes {
		s.requestLog.addUnknownRoute(req, r)
	}
	r.readRest(req)
	l := s.requestLog
	if r.account != nil && r.account.requestLog != nil {
		l = r.account.requestLog
	}
	var brief Request
	l.add(func(e *entry) {
		e.At, e.Duration, e.Status, e.Faults = r.now, took, status, r.faults
		e.Method, e.Path, e.Query = req.Method, req.URL.EscapedPath(), redactQuery(req.URL.RawQuery, false)
		e.refused = r.refused
		if e.UnknownRoute = r.isUnknownRoute(); !e.UnknownRoute {
			e.Op, e.UnknownParameters = r.route.op, r.unknown()
		} else if r.gone {
			e.retired = r.route.op
		}
		if r.account != nil {
			e.Account = r.account.Account.Name
		}
		copyHeader(e.Header, req.Header, true)
		e.BodySize, e.ReplyBodySize = len(r.body.read), len(body)
		e.body = redactBody(e.body, r.body.read[:min(e.BodySize, maxLoggedBody)])
		body = body[:min(len(body), maxLoggedBody)]
		redact := e.UnknownRoute || len(r.faults) > 0 || r.route.mayContainSecrets() // a fault rule can add any header
		e.ReplyHeader = header                                                       // net/http sends a copy, so that nothing changes it any more
		if redact || s.options.Wrap != nil {
			if e.copied == nil {
				e.copied = make(http.Header, len(header))
			}
			clear(e.copied)
			copyHeader(e.copied, header, redact)
			e.ReplyHeader = e.copied
		}
		if redact {
			e.replyBody = redactBody(e.replyBody, body)
		} else {
			e.replyBody = append(e.replyBody, body...)
		}
		if s.options.OnRequest != nil {
			e.Explanation = e.explain()
			brief = e.Request
			brief.Header, brief.ReplyHeader = nil, nil
		}
	})
	if brief.Seq != 0 {
		s.options.OnRequest(brief)
	}
}

// isUnknownRoute reports whether Aircall has no route for the request.
func (r *request) isUnknownRoute() bool { return r.route == nil || r.gone }

// readRest reads the beginning of a body that no handler has read, as net/http would read it before the reply.
func (r *request) readRest(req *http.Request) {
	if len(r.body.read) > 0 || req.ContentLength <= 0 || req.Header.Get("Expect") != "" {
		return
	}
	_ = r.body.readTo(maxLoggedBody) // the log has what came
	var in object
	if json.Unmarshal(r.body.read, &in) == nil {
		r.sent = in.fields
	}
}

// addUnknownRoute notes a request without a route for the report of RunT. Requests below /_fake/ are for the control API.
func (l *requestLog) addUnknownRoute(req *http.Request, r *request) {
	if strings.HasPrefix(req.URL.Path, controlPath) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.unknownRoutes) == maxUnknownRoutes {
		l.moreUnknown++
		return
	}
	said := explainUnknownRoute(req.Method, req.URL.Path)
	if r.gone {
		said = explainRetired(r.route.op, req.Method, req.URL.Path)
	}
	l.unknownRoutes = append(l.unknownRoutes, fmt.Sprintf("%s %s: %s", req.Method, req.URL.Path, said))
}

// reportUnknownRoutes returns a line for each request without a route, at most maxUnknownRoutes and one more.
func (l *requestLog) reportUnknownRoutes() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := slices.Clone(l.unknownRoutes)
	if l.moreUnknown > 0 {
		lines = append(lines, fmt.Sprintf("and %d more requests without a route", l.moreUnknown))
	}
	return lines
}

// Curl returns a curl command that sends the request again, to the server at base. It takes the credentials from the
// environment variables of the command line, and lacks the secrets that the log removed.
func (r Request) Curl(base string) string {
	var b strings.Builder
	b.WriteString("curl -s")
	switch scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.ToLower(scheme) {
	case "":
	case "bearer":
		b.WriteString(` -H "Authorization: Bearer $AIRCALL_ACCESS_TOKEN"`)
	default:
		b.WriteString(` -u "$AIRCALL_API_ID:$AIRCALL_API_TOKEN"`)
	}
	if r.Method != "GET" {
		b.WriteString(" -X " + shellQuoted(r.Method))
	}
	if r.Body != "" {
		if kind := r.Header.Get("Content-Type"); kind != "" {
			b.WriteString(" -H " + shellQuoted("Content-Type: "+kind))
		}
		b.WriteString(" --data-raw " + shellQuoted(r.Body))
	}
	address := base + r.Path
	if r.Query != "" {
		address += "?" + r.Query
	}
	b.WriteString(" " + shellQuoted(address))
	if r.BodySize > len(r.Body) {
		b.WriteString(" # the log has only the beginning of the body")
	}
	return b.String()
}

var plainWord = regexp.MustCompile(`^[-a-zA-Z0-9_./:=,+@%]+$`)

// shellQuoted returns s, which has no NUL, as one word for a POSIX shell.
func shellQuoted(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// parametersRead has a line for each operation with the names that it reads of a request: those of the query, after a question
// mark, and those of the body. go test -update records it from what the handlers read while the tests run: a handler that
// fails early does not read everything.
//
//go:embed parameters.txt
var parametersRead string

// parameters are the names that an operation reads of a request.
type parameters struct {
	op    string
	names map[string]bool
}

// onRead, if set, gets each name that an operation reads. Tests set it to record parameters.txt.
var onRead func(op, name string)

// recordedParameters returns the parameters of each operation.
func recordedParameters() map[string]*parameters {
	all := make(map[string]*parameters)
	for _, r := range routes() {
		all[r.op] = &parameters{r.op, make(map[string]bool)}
	}
	for line := range strings.Lines(parametersRead) {
		words := strings.Fields(line)
		if p := all[words[0]]; p != nil {
			for _, name := range words[1:] {
				p.names[name] = true
			}
		}
	}
	return all
}

// read notes that the operation reads a name. p can be nil.
func (p *parameters) read(name string) {
	if p != nil && onRead != nil {
		onRead(p.op, name)
	}
}

// A form is the query of a request, or a body in the same encoding. It notes what is read.
type form struct {
	values url.Values
	notes  *parameters
	mark   string // before the names in the notes
}

const ofQuery = "?"

// Get returns the first value, or "".
func (f form) Get(name string) string {
	f.notes.read(f.mark + name)
	return f.values.Get(name)
}

func (f form) all(name string) (values []string, ok bool) {
	f.notes.read(f.mark + name)
	values, ok = f.values[name]
	return values, ok
}

// unknown returns the names in the request that its operation never reads, sorted.
func (r *request) unknown() (names []string) {
	if r.notes == nil {
		return nil
	}
	for name := range r.query.values {
		if !r.notes.names[ofQuery+name] {
			names = append(names, name)
		}
	}
	for _, f := range r.sent {
		if !r.notes.names[f.name] {
			names = append(names, f.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
