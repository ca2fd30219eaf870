package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/aircallkit/aircallkit/internal/redact"
)

// Purposes of a request.
const (
	forScript = "script"
	forCheck  = "check"
	forUndo   = "undo"

	// forControl finds out whether a target that refused everything answers anything.
	forControl = "control"
)

// exchange is a request and its reply as they passed. It stays in memory; reports get Sent.
type exchange struct {
	purpose string
	account string // "" for credentials of no configured account
	op      string
	method  string
	path    string
	route   string // path with {…} for its values
	query   url.Values
	sent    []byte // body of the request
	status  int
	reply   []byte

	attempts int
	lost     bool // it was sent, and no complete reply came
	unsent   bool // the kit itself refused to send it

	verdict *verdict
}

// exchangeList collects the exchanges of a scenario. A stopped script may still have a request in flight.
type exchangeList struct {
	mu     sync.Mutex
	list   []exchange
	closed bool           // the scenario has ended: no more writes
	writes sync.WaitGroup // in flight
	undo   *undo          // records every write before and after it; may be nil

	lag     time.Duration // the pause after each write of a script or a check
	ops     []string      // the operations that the scenario may write with
	refused error         // the first request that was not sent
}

func (j *exchangeList) add(x exchange) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.list = append(j.list, x)
}

func (j *exchangeList) all() []exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.list)
}

// errOver is the error for writes of a stopped script.
var errOver = errors.New("the scenario is over")

// beginWrite fails if the scenario has ended. The caller must call writes.Done after the write.
func (j *exchangeList) beginWrite() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return errOver
	}
	j.writes.Add(1)
	return nil
}

// endWrites refuses further writes and waits for those in flight.
func (j *exchangeList) endWrites() {
	j.mu.Lock()
	j.closed = true
	j.mu.Unlock()
	j.writes.Wait()
}

// by returns the exchanges of one purpose, from the given position on.
func (j *exchangeList) by(purpose string, from int) (out []exchange) {
	for _, x := range j.all()[from:] {
		if x.purpose == purpose {
			out = append(out, x)
		}
	}
	return out
}

type purposeKey struct{}

// entry is the context value for requests: where to record them, and their purpose.
type entry struct {
	exchanges *exchangeList
	purpose   string
}

func withExchanges(ctx context.Context, j *exchangeList, purpose string) context.Context {
	return context.WithValue(ctx, purposeKey{}, entry{j, purpose})
}

// recorder is the transport under the scripts and the checks.
type recorder struct {
	next http.RoundTripper
	t    *target
}

// most is the size limit of a recorded body in bytes; the largest page of Aircall is far below.
const most = 8 << 20

// RoundTrip sends the request and records the exchange in the list of its context.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	e, ok := req.Context().Value(purposeKey{}).(entry)
	if !ok {
		return r.next.RoundTrip(req)
	}
	x := exchange{purpose: e.purpose, account: r.t.byAuth[req.Header.Get("Authorization")], method: req.Method}
	x.path = req.URL.EscapedPath()
	x.op, x.route = routeOf(req.Method, x.path)
	sent, err := sentBody(req)
	if err != nil {
		return nil, err
	}
	if req.Method == http.MethodGet || e.purpose == forUndo {
		return r.read(req, e, x, sent)
	}
	if err := e.exchanges.beginWrite(); err != nil {
		return nil, err
	}
	defer e.exchanges.writes.Done()
	seq := 0
	if e.exchanges.undo != nil {
		if seq, err = e.exchanges.undo.beforeWrite(req.Context(), x, sent); err != nil {
			return nil, err
		}
	}
	// A write that has begun waits for its reply, even if the run is interrupted: without the reply, undo would have to
	// search for the result.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(req.Context()), seeThrough)
	defer cancel()
	resp, err := r.pass(req.WithContext(ctx), e, x, sent, seq)
	if err == nil && e.exchanges.lag > 0 {
		_ = r.t.pause(req.Context(), e.exchanges.lag)
	}
	return resp, err
}

// read passes requests that change nothing, and those of undo. If a contact that the scenario has just created is not found,
// read tries a few times: another machine of the target may have answered.
func (r *recorder) read(req *http.Request, e entry, x exchange, sent []byte) (*http.Response, error) {
	for look := 0; ; look++ {
		resp, err := r.pass(req, e, x, sent, 0)
		if err != nil || resp.StatusCode != http.StatusNotFound || !r.mayAppear(e, x) {
			return resp, err
		}
		if !r.t.backoff(req.Context(), look) {
			r.t.unsettled.Store(true)
			return resp, nil
		}
	}
}

// mayAppear reports whether a missing contact was created by the scenario a short time ago and not deleted.
func (r *recorder) mayAppear(e entry, x exchange) bool {
	if x.op != "retrieve-a-contact" || e.purpose == forUndo || e.exchanges.undo == nil || r.t.kind == kindFake || r.t.unsettled.Load() {
		return false
	}
	c := e.exchanges.undo.w.run.undoLog.find(x.account, segmentAfter(x.path, "contacts"))
	return c != nil && c.made && !c.deleted && r.t.age(c) < r.t.settling()
}

const seeThrough = 30 * time.Second

// pass sends the request, reads the whole reply and records both. seq is the line in the undo log, or 0.
func (r *recorder) pass(req *http.Request, e entry, x exchange, sent []byte, seq int) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req.WithContext(context.WithValue(req.Context(), triesKey{}, &x.attempts)))
	x.sent, x.query = sent, req.URL.Query()
	if err == nil {
		x.status = resp.StatusCode
		x.reply, err = readBody(resp)
		resp.Body.Close()
	}
	x.unsent = unsent(err)
	x.lost = err != nil && !x.unsent
	if err == nil {
		r.t.redactor.note(x.reply, resp.Header)
	}
	if err == nil && !x.aboutTheWay(r.t) && !r.t.rehearsal {
		x.verdict = judgeExchange(x, *req.URL, sent, resp.Header.Clone())
	}
	e.exchanges.add(x)
	if seq > 0 {
		if x.unsent {
			x.status = notSent
		}
		err = errors.Join(err, e.exchanges.undo.afterWrite(seq, x))
	}
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(x.reply))
	return resp, nil
}

// readBody reads the whole reply, into one allocation if the reply has a Content-Length.
func readBody(resp *http.Response) ([]byte, error) {
	var b bytes.Buffer
	if n := resp.ContentLength; n > 0 && n < most {
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(resp.Body, most))
	return b.Bytes(), err
}

// noRoute is the route of paths that Aircall's API does not have.
const noRoute = "(no route)"

// opRoute is an operation and a pattern of its paths.
type opRoute struct {
	aircall.Op
	pattern string
}

// opRoutes are the operations. Those with fewer values in their path come first: /v1/calls/search is not the call "search".
var opRoutes = sync.OnceValue(func() (all []opRoute) {
	value := regexp.MustCompile(`{[^}]*}`)
	for _, o := range aircall.Ops() {
		all = append(all, opRoute{o, value.ReplaceAllLiteralString(o.Path, "*")})
	}
	slices.SortStableFunc(all, func(a, b opRoute) int { return strings.Count(a.pattern, "*") - strings.Count(b.pattern, "*") })
	return all
})

// routeOf returns the operation of a path, and the path with {…} for its values.
func routeOf(method, requested string) (op, route string) {
	requested = wirecheck.WithoutProxy(requested)
	for _, o := range opRoutes() {
		if fits, _ := path.Match(o.pattern, requested); fits && o.Method == method {
			return o.Name, o.Path
		}
	}
	return "", noRoute // the path may hold anything, so it is not reported
}

// reply is a reply of the API.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// ask sends one request with the credentials of the account, and waits for the next minute when the rate limit is
// reached. It is for requests that a scenario needs; requests that a scenario is about use send.
func (t *target) ask(ctx context.Context, account, method, path string, body []byte) (*reply, error) {
	return t.askAs(ctx, authorization(t.accounts[account]), account, method, path, body)
}

// askAs is ask with other credentials.
func (t *target) askAs(ctx context.Context, auth, account, method, path string, body []byte) (*reply, error) {
	const tries = 4
	for try := 1; ; try++ {
		r, err := t.send(ctx, auth, t.accounts[account].URL, method, path, body)
		if err != nil || r.status != http.StatusTooManyRequests {
			return r, err
		}
		if try == tries || t.spent.Load() >= mostLost {
			t.spent.Add(1)
			return nil, &offTheWay{finding{what: fmt.Sprintf("%s answers 429, even after waiting for the limit", method)}, true}
		}
		if err := t.pause(ctx, untilReset(r.header)); err != nil {
			return nil, err
		}
	}
}

// offTheWay is a finding that shows nothing about the operation: see aboutTheWay.
type offTheWay struct {
	finding
	limited bool // by the rate limit, which did not end
}

func (o *offTheWay) Unwrap() error { return &o.finding }

// lasts reports whether the target would give the same error again.
func lasts(err error) bool {
	_, found := errors.AsType[*finding](err)
	_, off := errors.AsType[*offTheWay](err)
	_, skipped := errors.AsType[*notRun](err)
	return found && !off || skipped
}

// untilReset returns the time until the rate limit resets. Aircall counts by the minute and sends the begin of the next one,
// in UNIX seconds of its clock; without that header, a little over a minute is enough.
func untilReset(h http.Header) time.Duration {
	const longest = 61 * time.Second
	reset, err := strconv.ParseInt(h.Get("X-AircallApi-Reset"), 10, 64)
	now, noDate := http.ParseTime(h.Get("Date"))
	if err != nil || noDate != nil {
		return longest
	}
	const margin = 200 * time.Millisecond
	return max(min(time.Unix(reset, 0).Sub(now), longest-margin)+margin, time.Second)
}

// send sends one request as plainly as net/http allows. It fails if the target cannot be reached; a reply that breaks off is
// a finding.
func (t *target) send(ctx context.Context, auth, base, method, path string, body []byte) (*reply, error) {
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, base+path, r)
	if err != nil {
		return nil, fmt.Errorf("%s a path of %d bytes: it is not a path", method, len(path))
	}
	if auth != "" {
		req.Header.Set("Authorization", auth)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	more, _ := ctx.Value(headerKey{}).(http.Header)
	maps.Copy(req.Header, more)
	_, route := routeOf(method, req.URL.EscapedPath())
	resp, err := t.http.Do(req)
	if err != nil {
		// The error of net/http has the whole URL, and a query may hold a phone number.
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, &offTheWay{finding{what: fmt.Sprintf("%s %s: the target breaks off its reply", method, route)}, false}
		}
		return nil, &unanswered{fmt.Sprintf("%s %s: %s", method, route, cause(err)), err}
	}
	defer resp.Body.Close()
	data, err := readBody(resp)
	if err != nil {
		return nil, &offTheWay{finding{what: fmt.Sprintf("%s %s: the target breaks off its reply", method, route)}, false}
	}
	return &reply{resp.StatusCode, resp.Header, data}, nil
}

// unanswered is the error of a request without a reply. Its text holds no data of the target.
type unanswered struct {
	text string
	err  error
}

func (u *unanswered) Error() string { return u.text }
func (u *unanswered) Unwrap() error { return u.err }

// cause returns the reason why there is no reply. For requests that the kit refused, it is the text of the refusal.
func cause(err error) string {
	_, refused := errors.AsType[*refusal](err)
	if refused || unsent(err) || errors.Is(err, errOver) {
		return err.Error()
	}
	return redact.Cause(err)
}

// read returns the JSON of a successful reply; any other reply is a finding. The contract checks which 2xx status it must be.
func (t *target) read(ctx context.Context, account, path string) (any, error) {
	r, err := t.ask(ctx, account, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	_, route := routeOf(http.MethodGet, strings.SplitN(path, "?", 2)[0])
	if (exchange{account: account, status: r.status}).aboutTheWay(t) {
		return nil, &offTheWay{finding{what: fmt.Sprintf("GET %s answers %d", route, r.status)}, false}
	}
	if r.status/100 != 2 {
		return nil, &finding{fmt.Sprintf("GET %s answers %d", route, r.status), "200", report.Clip(string(r.body), 400)}
	}
	v, err := orderedjson.Decode(r.body)
	if err != nil {
		return nil, &finding{fmt.Sprintf("GET %s answers something that is not JSON", route), "JSON", report.Clip(string(r.body), 400)}
	}
	return v, nil
}
