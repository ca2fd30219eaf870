package fakeaircall

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Request is one request of the API and what was answered. Secrets are replaced
// by [Removed] before it is kept.
type Request struct {
	Seq     uint64    // counts from 1; Reset does not begin anew
	At      time.Time // on the server's clock
	Op      string    // "" for a route that Aircall does not have
	Method  string
	Path    string // as it was sent, with its escapes
	Query   string // as it was sent, without the question mark
	Account string // "" if nobody was let in
	Status  int    // 0: the connection was cut without a reply

	// Duration is in real time, until the reply began.
	Duration time.Duration

	// UnknownRoute says that Aircall has no such path, or not with this method, or
	// no longer.
	UnknownRoute bool

	// UnknownParameters are the keys of the query and of the body's outermost
	// object that the operation does not read, sorted.
	UnknownParameters []string

	// Faults are the ids of the rules that had a part in the reply.
	Faults []string

	Header, ReplyHeader http.Header

	// Body and ReplyBody are cut off after 16 KiB. BodySize is how much of the body
	// was read, ReplyBodySize how much the reply has.
	Body, ReplyBody         string
	BodySize, ReplyBodySize int
}

// String returns the request on one line: its number, method, path, status, operation and
// account, such as 17 POST /v1/contacts?x=1: 201 create-a-contact (default).
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

	// Unknown wants an unknown route or an unknown parameter.
	Unknown bool

	// Text wants it in the path, the query or a body, as far as that is kept.
	// Upper and lower case are the same.
	Text string

	// Since wants requests after the one with this Seq, Before those before it; 0
	// does not matter.
	Since, Before uint64

	// Newest wants that many of the newest, and not all.
	Newest int
}

// String tells the filter as it is written in a query: op=ping&status=200.
func (f RequestFilter) String() string {
	var parts []string
	for _, p := range []struct {
		name string
		set  bool
		is   any
	}{
		{"op", f.Op != "", f.Op}, {"account", f.Account != "", f.Account}, {"method", f.Method != "", f.Method}, {"path", f.Path != "", f.Path},
		{"status", f.Status != 0, f.Status}, {"unknown", f.Unknown, true}, {"text", f.Text != "", f.Text},
		{"since", f.Since != 0, f.Since}, {"before", f.Before != 0, f.Before}, {"newest", f.Newest != 0, f.Newest},
	} {
		if p.set {
			parts = append(parts, fmt.Sprintf("%s=%v", p.name, p.is))
		}
	}
	return strings.Join(parts, "&")
}

// matches ignores Since, Before and Newest, which find applies to the ring.
func (f *RequestFilter) matches(n *note) bool {
	return (f.Op == "" || f.Op == n.op) &&
		(f.Account == "" || f.Account == n.account) &&
		(f.Method == "" || strings.EqualFold(f.Method, n.method)) &&
		(f.Path == "" || f.Path == n.path) &&
		(f.Status == 0 || f.Status == n.status) &&
		(!f.Unknown || n.op == "" || len(n.unknown) > 0) &&
		(f.Text == "" || n.contains(f.Text))
}

// contains looks for text without regard to upper and lower case.
func (n *note) contains(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(strings.ToLower(n.path), text) || strings.Contains(strings.ToLower(n.query), text) ||
		strings.Contains(strings.ToLower(string(n.body)), text) || strings.Contains(strings.ToLower(string(n.replyBody)), text)
}

// A requestLog keeps the newest requests. Its notes are used again, so that a
// request costs copies and no memory.
type requestLog struct {
	mu              sync.Mutex
	notes           []note // a ring: the note of request n is at n mod size
	size            uint64
	seq             uint64        // of the newest
	first           uint64        // of the oldest that still counts
	added           chan struct{} // closed when a request comes; nil: nobody waits
	unknownRouteLog unknownRouteLog
}

// A note is a Request as it is kept.
type note struct {
	seq                     uint64
	at                      time.Time
	took                    time.Duration
	op, method, path, query string
	account                 string
	status                  int
	unknown, faults         []string
	header, replyHeader     []headerLine
	body, replyBody         []byte
	bodySize, replySize     int
}

type headerLine struct{ name, value string }

const (
	defaultRequestLog = 1_000
	maxLoggedBody     = 16 << 10
)

func newRequestLog(size int) *requestLog {
	return &requestLog{size: uint64(max(size, 0)), first: 1}
}

// add keeps what fill writes into a note. The note has the buffers of an older one.
func (j *requestLog) add(fill func(*note)) {
	if j.size == 0 {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	if uint64(len(j.notes)) < j.size {
		j.notes = append(j.notes, note{})
	}
	n := &j.notes[(j.seq-1)%j.size]
	*n = note{seq: j.seq, header: n.header[:0], replyHeader: n.replyHeader[:0], body: n.body[:0], replyBody: n.replyBody[:0]}
	fill(n)
	if j.added != nil {
		close(j.added)
		j.added = nil
	}
}

// find lists, oldest first, at most so many requests; and what to wait on for more.
func (j *requestLog) find(f RequestFilter, most int) (list []Request, seen uint64, more <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	oldest := max(j.first, f.Since+1)
	if j.seq >= j.size {
		oldest = max(oldest, j.seq-j.size+1)
	}
	newest := j.seq
	if f.Before > 0 {
		newest = min(newest, f.Before-1)
	}
	at := func(seq uint64) {
		if n := &j.notes[(seq-1)%j.size]; f.matches(n) {
			list = append(list, n.request())
		}
	}
	if f.Newest > 0 {
		most = min(most, f.Newest)
		for seq := newest; seq >= oldest && len(list) < most; seq-- {
			at(seq)
		}
		slices.Reverse(list)
	} else {
		for seq := oldest; seq <= newest && len(list) < most; seq++ {
			at(seq)
		}
	}
	if j.added == nil {
		j.added = make(chan struct{})
	}
	return list, j.seq, j.added
}

// forget drops what there is.
func (j *requestLog) forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.first = j.seq + 1
	j.unknownRouteLog = unknownRouteLog{}
}

func (n *note) request() Request {
	return Request{
		Seq: n.seq, At: n.at, Op: n.op, Method: n.method, Path: n.path, Query: n.query, Account: n.account, Status: n.status,
		Duration: n.took, UnknownRoute: n.op == "", UnknownParameters: n.unknown, Faults: n.faults,
		Header: headerOf(n.header), ReplyHeader: headerOf(n.replyHeader),
		Body: string(n.body), ReplyBody: string(n.replyBody), BodySize: n.bodySize, ReplyBodySize: n.replySize,
	}
}

func headerOf(lines []headerLine) http.Header {
	h := make(http.Header, len(lines))
	for _, l := range lines {
		h[l.name] = append(h[l.name], l.value)
	}
	return h
}

// Requests lists the requests of the API that are kept, oldest first: see
// Options.Journal. A request is there before its reply is sent.
func (s *Server) Requests(f RequestFilter) []Request {
	j := s.requestLogOf(f.Account)
	list, _, _ := j.find(f, int(j.size))
	return list
}

// requestLogOf is where the requests of an account are kept: an account that was added
// has a request log of its own.
func (s *Server) requestLogOf(account string) *requestLog {
	if c, err := s.account(account); account != "" && err == nil && c.requestLog != nil {
		return c.requestLog
	}
	return s.requestLog
}

// WaitForRequest is the oldest request that the filter means, at once or when it
// comes. Its error, when ctx ends, says what came instead.
func (s *Server) WaitForRequest(ctx context.Context, f RequestFilter) (Request, error) {
	if s.requestLog.size == 0 {
		return Request{}, fmt.Errorf("wait for a request %s: no journal is kept; Options.Journal is NoJournal", f)
	}
	from, j := f.Since, s.requestLogOf(f.Account)
	for {
		list, seen, more := j.find(f, 1)
		if len(list) > 0 {
			return list[0], nil
		}
		f.Since = max(seen, f.Since)
		select {
		case <-more:
		case <-ctx.Done():
			f.Since = from
			return Request{}, fmt.Errorf("no request %s: %w; %s", f, context.Cause(ctx), j.cameInstead(from))
		}
	}
}

// cameInstead tells the newest requests after one.
func (j *requestLog) cameInstead(since uint64) string {
	list, _, _ := j.find(RequestFilter{Since: since}, int(j.size))
	if len(list) == 0 {
		return "none came"
	}
	var lines []string
	for _, r := range list[max(0, len(list)-5):] {
		lines = append(lines, fmt.Sprintf("%s %s (%d)", r.Method, r.Path, r.Status))
	}
	return fmt.Sprintf("%d came, at last %s", len(list), strings.Join(lines, ", "))
}

// logRequest keeps a request, with the reply as it is about to be sent.
func (s *Server) logRequest(r *request, req *http.Request, status int, header http.Header, body []byte, took time.Duration) {
	if s.requestLog.size == 0 && s.allowUnknownRoutes {
		return
	}
	if r.isUnknownRoute() && !s.allowUnknownRoutes {
		s.requestLog.noteUnknownRoute(req, r)
	}
	r.readRest(req)
	j := s.requestLog
	if r.account != nil && r.account.requestLog != nil {
		j = r.account.requestLog
	}
	j.add(func(n *note) {
		n.at, n.took, n.status, n.method, n.path = r.now, took, status, req.Method, req.URL.EscapedPath()
		n.query = redactQuery(req.URL.RawQuery)
		if !r.isUnknownRoute() {
			n.op, n.unknown = r.route.op, r.unknown()
		}
		if r.account != nil {
			n.account = r.account.Account.Name
		}
		if n.faults = r.faults; len(r.faults) > 0 {
			header = headerOf(keepHeader(nil, header, isSecret)) // a rule can add any
		}
		n.header = keepHeader(n.header, req.Header, isSecret)
		n.replyHeader = keepHeader(n.replyHeader, header, func(string) bool {
			return false // the fake's own have none
		})
		n.bodySize = len(r.body.read)
		n.body = redactBody(n.body, r.body.read[:min(n.bodySize, maxLoggedBody)])
		n.replySize = len(body)
		body = body[:min(len(body), maxLoggedBody)]
		if r.isUnknownRoute() || len(r.faults) > 0 || r.route.mayContainSecrets() {
			n.replyBody = redactBody(n.replyBody, body)
		} else {
			n.replyBody = append(n.replyBody, body...)
		}
	})
}

// isUnknownRoute says that there is no route for the request.
func (r *request) isUnknownRoute() bool { return r.route == nil || r.gone }

func keepHeader(lines []headerLine, h http.Header, secret func(string) bool) []headerLine {
	for name, values := range h {
		hide := secret(name)
		for _, v := range values {
			if hide {
				v = removedAfterScheme(v)
			}
			lines = append(lines, headerLine{name, v})
		}
	}
	return lines
}

// readRest takes the beginning of a body that nobody has read, as net/http would
// read it before the reply.
func (r *request) readRest(req *http.Request) {
	if len(r.body.read) > 0 || req.ContentLength <= 0 || req.Header.Get("Expect") != "" {
		return
	}
	_ = r.body.readTo(maxLoggedBody) // what did not come is not kept
	var in object
	if json.Unmarshal(r.body.read, &in) == nil {
		r.sent = in.fields
	}
}

// unknownRouteLog is what a test is told at its end: requests that Aircall has no route
// for, most often a client's typing error.
type unknownRouteLog struct {
	said []string
	more int
}

const maxUnknownRoutes = 10

// noteUnknownRoute records a request without a route. A request below /_fake/ asks for the control API, not for Aircall.
func (j *requestLog) noteUnknownRoute(req *http.Request, r *request) {
	if strings.HasPrefix(req.URL.Path, controlPath) {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.unknownRouteLog.said) == maxUnknownRoutes {
		j.unknownRouteLog.more++
		return
	}
	said := fmt.Sprintf("%s %s: ", req.Method, req.URL.Path)
	if r.gone {
		said += fmt.Sprintf("%s is retired; an assumption can keep it, see Options.Assume", r.route.op)
	} else {
		said += "Aircall has no such route; near it are " + strings.Join(nearest(req.Method, req.URL.Path), ", ")
	}
	j.unknownRouteLog.said = append(j.unknownRouteLog.said, said)
}

// unknownRoutes are those that were met.
func (j *requestLog) unknownRoutes() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	said := slices.Clone(j.unknownRouteLog.said)
	if j.unknownRouteLog.more > 0 {
		said = append(said, fmt.Sprintf("and %d more requests without a route", j.unknownRouteLog.more))
	}
	return said
}

// nearest are the three routes most like what was asked for.
func nearest(method, path string) (list []string) {
	asked := words(path)
	all := Routes()
	likeness := func(r Route) int {
		n := 3 * similar(asked, words(r.Path))
		if r.Method == method {
			n++
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b Route) int { return cmp.Compare(likeness(b), likeness(a)) })
	for _, r := range all[:3] {
		list = append(list, r.Method+" "+r.Path)
	}
	return list
}

// words returns the segments of a path, with {id} in place of numbers.
func words(path string) []string {
	list := strings.Split(strings.Trim(path, "/"), "/")
	for i, w := range list {
		if w != "" && strings.Trim(w, "0123456789") == "" || strings.HasPrefix(w, "{") {
			list[i] = "{id}"
		}
	}
	return list
}

// similar counts the letters that two paths begin and end with, less those one
// has more than the other.
func similar(a, b []string) int {
	x, y := strings.Join(a, "/"), strings.Join(b, "/")
	short := min(len(x), len(y))
	head := 0
	for head < short && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < short-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	return head + tail - max(len(x), len(y)) + short
}

// Curl returns a curl command that sends the request again, to the server at base. Credentials are those of the
// environment, as the command line names them; what was removed as a secret is
// missing in it.
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
		b.WriteString(" # its body was longer than what is kept")
	}
	return b.String()
}

// shellQuoted is one word for a POSIX shell, whatever is in it but NUL.
func shellQuoted(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_./:=,+@%", c))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// parametersRead is what each operation reads of a request, a line each: the keys
// of the query with a question mark before them, then those of the body. It is
// recorded from what the handlers do while the tests of this package run, and
// written by go test -update: a handler that fails early has not read it all.
//
//go:embed parameters.txt
var parametersRead string

// parameters is what an operation may read of a request.
type parameters struct {
	recorded map[string]*atomic.Bool // whether this process has read it too
	learned  sync.Map                // what is not recorded, and was read
}

// recordedParameters leads from operations to their parameters.
func recordedParameters() map[string]*parameters {
	all := make(map[string]*parameters)
	for _, r := range routes() {
		all[r.op] = &parameters{recorded: make(map[string]*atomic.Bool)}
	}
	for line := range strings.Lines(parametersRead) {
		words := strings.Fields(line)
		if len(words) == 0 || all[words[0]] == nil {
			continue
		}
		for _, name := range words[1:] {
			all[words[0]].recorded[name] = new(atomic.Bool)
		}
	}
	return all
}

// read notes that the operation looks at a parameter. A nil p keeps no notes.
func (p *parameters) read(name string) {
	if p == nil {
		return
	}
	seen, ok := p.recorded[name]
	switch {
	case !ok:
		p.learned.Store(name, true)
	case !seen.Load(): // a load is cheaper than a store
		seen.Store(true)
	}
}

func (p *parameters) knows(name string) bool {
	if _, ok := p.recorded[name]; ok {
		return true
	}
	_, ok := p.learned.Load(name)
	return ok
}

// A form is a request's query, or its body if that is encoded so; what is read of
// it is noted.
type form struct {
	values url.Values
	notes  *parameters
	mark   string // before the names in the notes
}

const ofQuery = "?"

// Get is the first value, "" for none.
func (f form) Get(name string) string {
	f.notes.read(f.mark + name)
	return f.values.Get(name)
}

func (f form) all(name string) (values []string, ok bool) {
	f.notes.read(f.mark + name)
	values, ok = f.values[name]
	return values, ok
}

// unknown lists, sorted, what came with the request that its operation never reads.
func (r *request) unknown() (names []string) {
	if r.notes == nil {
		return nil
	}
	for name := range r.query.values {
		if !r.notes.knows(ofQuery + name) {
			names = append(names, name)
		}
	}
	for _, f := range r.sent {
		if !r.notes.knows(f.name) {
			names = append(names, f.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
