// Package proxy forwards the requests of a program to Aircall and records each exchange in an HTTP Archive, without the
// program's credentials and, unless asked otherwise, without any personal data.
package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/mask"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
	"github.com/aircallkit/aircallkit/internal/redact"
)

// Options configures a Proxy.
type Options struct {
	// Target is the address of Aircall, or of a server in its place. A path in it is put before the path of each request.
	Target *url.URL

	// Self is the address of the proxy as programs know it. If set, links to the next and the previous page lead there, so that
	// a program that follows them keeps using the proxy. The recording has the original links.
	Self *url.URL

	// ReadOnly refuses every request but GET and HEAD with a 403.
	ReadOnly bool

	// Bodies records what was sent and received as it is, without credentials only. Otherwise values are masked.
	Bodies bool

	// MaxSize is the largest size of the recording in bytes. When it is reached, the proxy continues to forward.
	MaxSize int64

	// MaxSizeName is what warnings call MaxSize, such as the flag that sets it; "": the number of bytes.
	MaxSizeName string

	// Version is that of the program, for the recording.
	Version string

	// Warn reports a problem with the recording, or with a target that does not answer. It may be called from several goroutines;
	// each problem is reported once.
	Warn func(string)
}

const (
	// MaxBody is the size of the largest body that is recorded, in bytes. The proxy forwards larger ones, too.
	MaxBody = 4 << 20

	maxCaptured = 256 << 20 // bytes of bodies in memory at one time
)

// A Proxy is a handler that forwards and records requests.
type Proxy struct {
	o        Options
	forward  *httputil.ReverseProxy
	network  *http.Transport
	captured atomic.Int64 // bytes of bodies in memory
	refused  atomic.Int64 // requests that were not forwarded
	out      *recording
	underWay sync.WaitGroup
	silent   sync.Once // the first request without a reply

	masking  chan struct{} // bounds the memory: a decoded body takes about ten times its size
	masker   mask.Masker
	scrubber mask.Scrubber
}

// New returns a proxy that records in file, which must be empty. The caller closes the file after Close.
func New(o Options, file *os.File) (*Proxy, error) {
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	out, err := newRecording(file, o)
	if err != nil {
		return nil, err
	}
	// Over HTTP/2 a write that the server broke off could be sent twice unseen.
	http1 := new(http.Protocols)
	http1.SetHTTP1(true)
	p := &Proxy{o: o, out: out, masking: make(chan struct{}, 4)}
	p.network = &http.Transport{
		Proxy: http.ProxyFromEnvironment, Protocols: http1, DisableCompression: true, MaxIdleConnsPerHost: 64,
		IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 30 * time.Second, ResponseHeaderTimeout: 5 * time.Minute,
	}
	p.forward = &httputil.ReverseProxy{
		Rewrite: p.rewrite, Transport: p.network, FlushInterval: -1, ModifyResponse: p.reply, ErrorHandler: p.noReply,
		ErrorLog: log.New(io.Discard, "", 0), // its lines quote what the other side sent
	}
	return p, nil
}

// Close waits for the requests under way and returns what was recorded. No request may come after it.
func (p *Proxy) Close() Summary {
	p.underWay.Wait()
	p.network.CloseIdleConnections()
	s := p.out.summary()
	s.Refused, s.Host = int(p.refused.Load()), p.o.Target.Host
	if !p.o.Bodies {
		s.Host = p.masker.URL(http.MethodGet, p.o.Target).Host
	}
	return s
}

// exchange is a request under way.
type exchange struct {
	started  time.Time
	url      *url.URL // at the target
	sent     *capture
	status   int // 0: no reply came
	header   http.Header
	received *capture // nil: nothing of the body can be recorded
	whole    bool     // the reply was read to its end
}

type exchangeKey struct{}

// ServeHTTP forwards a request and records the exchange. The program has the whole reply before that.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect, r.URL.Host != "" && r.URL.Host != p.o.Target.Host, !strings.HasPrefix(r.URL.Path, "/"):
		p.refuse(w, http.StatusBadRequest, "Bad Request", "this is a reverse proxy: set its address as the base URL of the program, not as HTTP_PROXY or HTTPS_PROXY")
		return
	case p.o.ReadOnly && r.Method != http.MethodGet && r.Method != http.MethodHead:
		p.refuse(w, http.StatusForbidden, "Forbidden", "aircallkit proxy --read-only refused this request: it forwards only GET and HEAD")
		return
	}
	x := &exchange{started: time.Now(), sent: p.capture()}
	at := *r.URL
	at.Scheme, at.Host, at.User, at.Fragment = p.o.Target.Scheme, p.o.Target.Host, nil, ""
	x.url = &at
	header := r.Header.Clone()
	r = r.Clone(context.WithValue(r.Context(), exchangeKey{}, x))
	r.Header.Del("Upgrade") // the API has no other protocols
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &tee{r.Body, x.sent, func() {}}
	}
	p.underWay.Add(1)
	defer p.underWay.Done()
	defer p.record(r.Method, header, x) // also when the handler panics because the program went away
	p.forward.ServeHTTP(w, r)
}

// refuse answers a request that is not forwarded.
func (p *Proxy) refuse(w http.ResponseWriter, status int, text, why string) {
	p.refused.Add(1)
	answer(w, status, text, why)
}

// answer sends an error in the form of Aircall's.
func answer(w http.ResponseWriter, status int, text, why string) {
	body, _ := json.Marshal(map[string]string{"error": text, "troubleshoot": why})
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Aircallkit-Proxy", "answered")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the program may have gone away
}

func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(p.o.Target)
	r.Out.URL.RawQuery = r.In.URL.RawQuery // also one that Go does not understand
	if r.Out.Header.Get("Accept-Encoding") != "" {
		r.Out.Header.Set("Accept-Encoding", "identity") // so that the body can be read here
	}
}

// reply takes a reply. It reads JSON before the program gets it, to change links; anything else passes through.
func (p *Proxy) reply(resp *http.Response) error {
	x, ok := resp.Request.Context().Value(exchangeKey{}).(*exchange)
	if !ok || resp.StatusCode < 200 {
		return nil
	}
	x.status, x.header, x.received = resp.StatusCode, resp.Header.Clone(), p.capture()
	if resp.ContentLength == 0 || resp.Request.Method == http.MethodHead || resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusNotModified {
		x.whole = true
		return nil
	}
	if resp.Header.Get("Content-Encoding") != "" { // although nobody asked for it
		x.received.drop()
	}
	body := &tee{resp.Body, x.received, func() { x.whole = true }}
	resp.Body = body
	if p.o.Self == nil || !strings.Contains(resp.Header.Get("Content-Type"), "json") || resp.ContentLength > MaxBody || resp.Header.Get("Content-Encoding") != "" {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(body, MaxBody+1))
	switch {
	case err != nil:
		resp.Body = &joined{io.MultiReader(bytes.NewReader(data), failing{err}), body}
		return nil
	case !x.whole: // it is larger
		resp.Body = &joined{io.MultiReader(bytes.NewReader(data), body), body}
		return nil
	}
	data = p.changeLinks(data)
	resp.Body = &joined{bytes.NewReader(data), body}
	resp.ContentLength = int64(len(data))
	resp.Header.Set("Content-Length", strconv.Itoa(len(data)))
	return nil
}

// pageLink finds the links that a program follows by itself, with slashes that may be escaped.
var pageLink = regexp.MustCompile(`("(?:next|previous)_page_link"\s*:\s*")(https?:(?:\\?/){2}[^"/\\?]+)`)

// changeLinks makes the links to other pages lead to the proxy, if they lead to the target.
func (p *Proxy) changeLinks(body []byte) []byte {
	return pageLink.ReplaceAllFunc(body, func(found []byte) []byte {
		parts := pageLink.FindSubmatch(found)
		u, err := url.Parse(strings.ReplaceAll(string(parts[2]), `\`, ""))
		if err != nil || u.Host != p.o.Target.Host && u.Host != "api.aircall.io" {
			return found
		}
		return append(bytes.Clone(parts[1]), p.o.Self.Scheme+"://"+p.o.Self.Host...)
	})
}

// noReply answers a program whose request got no reply.
func (p *Proxy) noReply(w http.ResponseWriter, r *http.Request, err error) {
	if x, ok := r.Context().Value(exchangeKey{}).(*exchange); ok {
		x.status, x.received = 0, nil
	}
	if r.Context().Err() != nil {
		return // the program went away
	}
	why := fmt.Sprintf("no reply from %s://%s: %s", p.o.Target.Scheme, p.o.Target.Host, redact.Cause(err))
	p.silent.Do(func() { p.o.Warn(why + "; programs get a 502 for each request without a reply") })
	answer(w, http.StatusBadGateway, "Bad Gateway", "aircallkit proxy got "+why)
}

// record records an exchange.
func (p *Proxy) record(method string, header http.Header, x *exchange) {
	defer x.sent.drop()
	e := har.Entry{Started: x.started, Duration: time.Since(x.started), Method: method, URL: x.url, RequestHeader: header, Status: x.status, ReplyHeader: x.header}
	e.RequestBody, _ = x.sent.bytes()
	if x.received != nil {
		defer x.received.drop()
		if body, all := x.received.bytes(); all && x.whole {
			e.ReplyBody, e.HasBody = body, true
		}
	}
	op, _ := wirecheck.Operation(method, x.url.EscapedPath())
	p.masking <- struct{}{}
	defer func() { <-p.masking }()
	if p.o.Bodies {
		e = p.scrubber.Entry(e)
	} else {
		e = p.masker.Entry(e)
	}
	p.out.add(op, e)
}

// A capture keeps a copy of a body, unless it is too large. The transport may still read the body of a request when the reply
// is there.
type capture struct {
	p    *Proxy
	mu   sync.Mutex
	data []byte
	lost bool
}

func (p *Proxy) capture() *capture { return &capture{p: p} }

func (c *capture) add(data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := int64(len(data))
	switch {
	case c.lost || n == 0:
	case len(c.data)+len(data) > MaxBody:
		c.forget()
	case c.p.captured.Add(n) > maxCaptured:
		c.p.captured.Add(-n)
		c.forget()
	default:
		c.data = append(c.data, data...)
	}
}

// drop forgets what was captured, for good.
func (c *capture) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget()
}

func (c *capture) forget() {
	c.p.captured.Add(-int64(len(c.data)))
	c.data, c.lost = nil, true
}

// bytes returns what was captured, and false if the body was too large.
func (c *capture) bytes() ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.data, !c.lost
}

// tee passes a body on and captures it. done runs at its end.
type tee struct {
	io.ReadCloser
	to   *capture
	done func()
}

func (t *tee) Read(b []byte) (int, error) {
	n, err := t.ReadCloser.Read(b)
	t.to.add(b[:n])
	if errors.Is(err, io.EOF) {
		t.done()
	}
	return n, err
}

// joined reads from one and closes another.
type joined struct {
	io.Reader
	io.Closer
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
