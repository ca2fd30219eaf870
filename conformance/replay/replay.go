// Package replay sends recorded requests to a fake and reports where the fake answers in another shape.
package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/mask"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/aircallkit/aircallkit/internal/redact"
)

// A Fake is where the requests go.
type Fake struct {
	URL      string // its address on this machine
	APIID    string
	APIToken string
	Bearer   string // for the operations of OAuth apps; "": the API key serves for these too
}

// Options configures a replay.
type Options struct {
	// Start returns the fake. It is called once, with the time of the first recorded request, or the zero time if the file
	// does not have it.
	Start func(time.Time) (Fake, error)

	Hosts  []string // hosts whose entries count, besides Aircall's and those of this machine
	Writes bool     // also send requests that change the fake
	Entry  int      // report only this entry, from 1; 0: all
}

// Reasons why entries are not sent.
const (
	SkipHost      = "not with Aircall's API"
	SkipReply     = "without a reply"
	SkipCache     = "from the cache of a browser"
	SkipPreflight = "CORS preflight"
	SkipWrite     = "change the account; --writes sends them"
	SkipLimit     = "refused for the rate limit (429)"
	SkipFailure   = "a failure of the server (5xx)"
	SkipPlan      = "refused for the plan or the role (403)"
	SkipUnchanged = "answered with 304"
	SkipID        = "about a record that the fake has none of"
)

// ErrNotFake is the error of a target that is not a fake of this project.
var ErrNotFake = errors.New("no fake of aircallkit answers there, and recorded requests are never sent to anything else")

// Run replays a recording.
func Run(ctx context.Context, o Options, file io.Reader) (*Result, error) {
	r := &replay{o: o, result: newResult(), ids: idMap{known: map[string]string{}, lists: map[string]*idList{}}}
	r.client = &http.Client{
		Timeout:       time.Minute,
		Transport:     &http.Transport{}, // no proxy: the fake is on this machine
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer r.client.CloseIdleConnections()
	entry := 0
	err := har.Read(file, func(e har.Entry) error {
		entry++
		return r.entry(ctx, entry, e)
	})
	if err != nil {
		return nil, err
	}
	r.result.finish(&r.before, &r.now)
	return r.result, nil
}

type replay struct {
	o           Options
	client      *http.Client
	fake        *Fake // nil: not started
	ids         idMap
	result      *Result
	before, now drift.Recorder // replies with the same status, as recorded and of the fake
}

// skips returns why an entry is not sent, or "".
func (r *replay) skips(e har.Entry) string {
	host := strings.ToLower(e.URL.Hostname())
	ours := host == "api.aircall.io" || wirecheck.Loopback(e.URL) || slices.Contains(r.o.Hosts, host) || e.Masked && host == "example.com"
	path := wirecheck.WithoutProxy(e.URL.Path)
	if op, _ := wirecheck.Operation(e.Method, wirecheck.WithoutProxy(e.URL.EscapedPath())); op == "" && wirecheck.Loopback(e.URL) && e.Status != http.StatusNotFound {
		ours = false // another server on this machine
	}
	switch reads := e.Method == http.MethodGet || e.Method == http.MethodHead; {
	case !ours, !strings.HasPrefix(path, "/v1/") && !strings.HasPrefix(path, "/v2/"):
		return SkipHost
	case e.Cached:
		return SkipCache
	case e.Method == http.MethodOptions:
		return SkipPreflight
	case e.Status == 0:
		return SkipReply
	case e.Status == http.StatusTooManyRequests:
		return SkipLimit
	case e.Status >= 500:
		return SkipFailure
	case e.Status == http.StatusForbidden:
		return SkipPlan
	case e.Status == http.StatusNotModified:
		return SkipUnchanged
	case !reads && !r.o.Writes:
		return SkipWrite
	}
	return ""
}

// entry sends the request of an entry and compares the replies.
func (r *replay) entry(ctx context.Context, number int, e har.Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if why := r.skips(e); why != "" {
		r.result.Skipped[why]++
		return nil
	}
	if r.fake == nil {
		if err := r.start(ctx, e.Started); err != nil {
			return err
		}
	}
	q := question{method: e.Method, path: wirecheck.WithoutProxy(e.URL.EscapedPath()), found: e.Status == http.StatusOK}
	q.op, q.template = wirecheck.Operation(e.Method, q.path)
	switch {
	case !strings.Contains(q.template, "{"):
		q.asks = "list"
	case e.Status == http.StatusNotFound:
		q.asks = "missing"
	default:
		q.asks = "one"
	}
	req, err := r.request(ctx, q, e)
	if errors.Is(err, errNoRecord) {
		r.result.Skipped[SkipID]++
		return nil
	}
	if err != nil {
		return err
	}
	got, err := r.send(req)
	if err != nil {
		return err
	}
	if got.status == http.StatusTooManyRequests {
		return errors.New("the rate limit of the fake is reached: start it with --rate-limit 0")
	}
	r.compare(number, q, e, got)
	return nil
}

// start starts the fake, and makes sure that it is one.
func (r *replay) start(ctx context.Context, at time.Time) error {
	f, err := r.o.Start(at)
	if err != nil {
		return err
	}
	u, err := url.Parse(f.URL)
	if err != nil || !wirecheck.Loopback(u) {
		return fmt.Errorf("%s is not on this machine: recorded requests go only to a fake", u.Redacted())
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL+"/_fake/health", nil)
	if err != nil {
		return err
	}
	got, err := r.send(req)
	if err != nil {
		return err
	}
	var is struct{ Status string }
	if got.status != http.StatusOK || json.Unmarshal(got.body, &is) != nil || is.Status != "ok" {
		return fmt.Errorf("%s: %w", f.URL, ErrNotFake)
	}
	r.fake = &f
	r.ids.read = func(path string) ([]byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL+path, nil)
		if err != nil {
			return nil, err
		}
		r.authorize(req, f.APIID == "")
		got, err := r.send(req)
		if err != nil || got.status != http.StatusOK {
			return nil, err
		}
		return got.body, nil
	}
	return nil
}

// A question is a request without its values.
type question struct {
	method, path, op, template, asks string

	found bool // the recording has what was asked for
}

// request makes the request for the fake: the recorded one with the fake's address, credentials and ids.
func (r *replay) request(ctx context.Context, q question, e har.Entry) (*http.Request, error) {
	path, err := r.ids.path(q)
	if err != nil {
		return nil, err
	}
	query, err := r.ids.query(e.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	body, err := r.ids.body(e.RequestBody)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(r.fake.URL)
	if err != nil {
		return nil, err
	}
	u.Opaque, u.RawQuery = path, query // the path as it was recorded, also one that net/url would change
	req, err := http.NewRequestWithContext(ctx, e.Method, r.fake.URL, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("a request of the recording has a method that HTTP does not allow")
	}
	req.URL = u
	if t := e.RequestHeader.Get("Content-Type"); len(body) > 0 {
		if t == "" {
			t = "application/json"
		}
		req.Header.Set("Content-Type", t)
	}
	scheme, _, _ := strings.Cut(e.RequestHeader.Get("Authorization"), " ")
	switch {
	case e.Status == http.StatusUnauthorized: // it had none, or none that Aircall knows
	default:
		r.authorize(req, r.fake.APIID == "" || strings.EqualFold(scheme, "Bearer") || e.Status/100 == 2 && strings.HasPrefix(q.template, "/v1/integrations/"))
	}
	return req, nil
}

// authorize gives a request the credentials of the fake: those of an OAuth app if bearer and if it has them.
func (r *replay) authorize(req *http.Request, bearer bool) {
	if bearer && r.fake.Bearer != "" {
		req.Header.Set("Authorization", "Bearer "+r.fake.Bearer)
	} else {
		req.SetBasicAuth(r.fake.APIID, r.fake.APIToken)
	}
}

// reply is a reply of the fake.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// mostReply bounds the reply of a fake, in bytes.
const mostReply = 64 << 20

func (r *replay) send(req *http.Request) (*reply, error) {
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the fake at %s: %s", req.URL.Host, redact.Cause(err))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostReply))
	if err != nil {
		return nil, fmt.Errorf("the fake at %s: %s", req.URL.Host, redact.Cause(err))
	}
	return &reply{resp.StatusCode, resp.Header, body}, nil
}

// compare compares a recorded reply with that of the fake.
func (r *replay) compare(number int, q question, e har.Entry, got *reply) {
	recorded, recordedText := decoded(e.ReplyBody)
	answered, answeredText := decoded(got.body)
	if !e.HasBody || e.Cut && recorded == nil { // only the status and the headers can be compared
		recorded, recordedText, answered, answeredText = nil, false, nil, false
	}
	if q.method != http.MethodGet && q.method != http.MethodHead {
		r.ids.learn(recorded, answered)
	}
	op := q.op
	if op == "" {
		op = UnknownRoute
	}
	var before, now drift.Recorder
	wasHeader, isHeader := kept(e.ReplyHeader), kept(got.header)
	if len(e.ReplyHeader) == 0 { // the file does not have them
		isHeader = nil
	}
	before.Add(op, q.asks, e.Status, wasHeader, recorded, recordedText)
	now.Add(op, q.asks, got.status, isHeader, answered, answeredText)
	changes := drift.DiffWithFake(before.Shapes(nil), now.Shapes(nil))
	r.result.Sent++
	if r.o.Entry != 0 && r.o.Entry != number {
		return
	}
	r.result.Compared++
	if e.Status != got.status {
		r.result.status(number, changes)
		return
	}
	r.result.note(number, changes)
	r.before.Add(op, q.asks, e.Status, wasHeader, recorded, recordedText)
	r.now.Add(op, q.asks, got.status, isHeader, answered, answeredText)
}

func decoded(body []byte) (v any, text bool) {
	v, err := orderedjson.Decode(body)
	if err != nil {
		return nil, len(body) > 0
	}
	return v, false
}

// ofConnection are headers that depend on what is between the program and the server, or on the moment.
var ofConnection = []string{"Content-Length", "Date", "Server", "Vary", "Cache-Control", "Location"}

// kept returns the headers that are compared.
func kept(h http.Header) http.Header {
	out := http.Header{}
	for name := range h {
		if canonical := http.CanonicalHeaderKey(name); mask.KeptHeader(name) && !slices.Contains(ofConnection, canonical) {
			out.Set(canonical, "")
		}
	}
	return out
}
