package contract

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
)

// maxBody bounds what is kept of a body to look at it.
const maxBody = 16 << 20

// A Report is told of each exchange and how it differs, possibly of several at once.
type Report func(x Exchange, found []Difference)

// Handler looks at what passes through next. It changes nothing of it.
func (c *Contract) Handler(next http.Handler, report Report) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := Exchange{Method: r.Method, URL: r.URL}
		in, out := &copied{}, &recorder{ResponseWriter: w}
		r2 := *r
		r2.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, in), r.Body}
		next.ServeHTTP(out, &r2)
		r.Pattern = r2.Pattern
		if out.taken { // and there is no reply to look at
			return
		}
		x.RequestBody, x.Body = in.kept.Bytes(), out.body.kept.Bytes()
		x.Status, x.Header = out.status, out.header
		if x.Status == 0 {
			x.Status, x.Header = http.StatusOK, w.Header()
		}
		c.look(x, in.over || out.body.over, report)
	})
}

func (c *Contract) look(x Exchange, over bool, report Report) {
	if over {
		report(x, []Difference{{Operation: c.operation(x), Where: "body", Want: fmt.Sprintf("%d bytes at most", maxBody), Got: "more"}})
		return
	}
	report(x, c.Check(x))
}

// copied keeps what is written to it, up to maxBody.
type copied struct {
	kept bytes.Buffer
	over bool
}

func (c *copied) Write(p []byte) (int, error) {
	if c.kept.Len()+len(p) > maxBody {
		c.over = true
		return len(p), nil
	}
	return c.kept.Write(p)
}

// recorder passes a reply on and keeps it.
type recorder struct {
	http.ResponseWriter
	status int
	header http.Header // as it was when it went out
	body   copied
	taken  bool // the handler took the connection for itself
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status, r.header = status, r.Header().Clone()
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.WriteHeader(http.StatusOK)
	}
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(r.ResponseWriter).Hijack()
	r.taken = err == nil
	return conn, rw, err
}

// Unwrap lets http.ResponseController through.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
