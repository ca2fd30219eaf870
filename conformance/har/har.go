// Package har reads and writes HTTP Archives of version 1.2, the files in which browsers and proxies record requests. It
// reads one entry at a time, so that a file may be larger than the memory. Source:
// https://w3c.github.io/web-performance/specs/HAR/Overview.html
package har

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MaxEntry is the size of the largest entry that Read accepts, in bytes of the file.
const MaxEntry = 32 << 20

// An Entry is a request and its reply.
type Entry struct {
	Started  time.Time // zero if the file does not say
	Duration time.Duration
	Method   string
	URL      *url.URL // absolute

	RequestHeader http.Header
	RequestBody   []byte

	// Status is 0 if no reply came.
	Status      int
	ReplyHeader http.Header
	ReplyBody   []byte

	// HasBody reports whether the file has the body of the reply. Browsers leave some out.
	HasBody bool

	// Cut reports whether the file says that the body of the reply was longer: Firefox keeps the first megabyte.
	Cut bool

	// Cached reports whether a browser took the reply from its cache, and sent nothing.
	Cached bool

	// Masked reports that both bodies have neutral values in place of the recorded ones, so that only their shape counts.
	Masked bool
}

// The wire form of an entry. Fields that begin with _ are extensions, as the specification asks.
type (
	wireEntry struct {
		Started  string       `json:"startedDateTime"`
		Time     float64      `json:"time"` // milliseconds
		Request  *wireRequest `json:"request"`
		Response *wireReply   `json:"response"`
		Cache    struct{}     `json:"cache"`
		Timings  timings      `json:"timings"`
		Masked   bool         `json:"_masked,omitempty"`
	}
	wireRequest struct {
		Method      string     `json:"method"`
		URL         string     `json:"url"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []struct{} `json:"cookies"`
		Headers     []pair     `json:"headers"`
		Query       []pair     `json:"queryString"`
		PostData    *postData  `json:"postData,omitempty"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
	}
	wireReply struct {
		Status      int        `json:"status"`
		StatusText  string     `json:"statusText"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []struct{} `json:"cookies"`
		Headers     []pair     `json:"headers"`
		Content     content    `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
	}
	pair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	postData struct {
		MimeType string `json:"mimeType"`
		Text     string `json:"text"`
		Params   []pair `json:"params,omitempty"`
		Encoding string `json:"encoding,omitempty"`
	}
	content struct {
		Size     int     `json:"size"`
		MimeType string  `json:"mimeType"`
		Text     *string `json:"text,omitempty"`
		Encoding string  `json:"encoding,omitempty"`
	}
	timings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
)

// The members of an entry that Read reads. Programs differ in the others: some leave them out, or write numbers as fractions.
type (
	readEntry struct {
		Started string   `json:"startedDateTime"`
		Time    *float64 `json:"time"`
		Request *struct {
			Method   string `json:"method"`
			URL      string `json:"url"`
			Headers  []pair `json:"headers"`
			PostData *struct {
				Text     string `json:"text"`
				Params   []pair `json:"params"`
				Encoding string `json:"encoding"`
			} `json:"postData"`
		} `json:"request"`
		Response *struct {
			Status  float64 `json:"status"`
			Headers []pair  `json:"headers"`
			Content struct {
				Size     float64 `json:"size"`
				Text     *string `json:"text"`
				Encoding string  `json:"encoding"`
			} `json:"content"`
		} `json:"response"`
		Masked    bool   `json:"_masked"`
		FromCache string `json:"_fromCache"` // Chrome: "disk" or "memory"
	}
)

// A PlaceError is a mistake in a file.
type PlaceError struct {
	Entry  int   // from 1; 0: outside the entries
	Offset int64 // in bytes, about where
	Err    error
}

// Error names the entry and the offset.
func (e *PlaceError) Error() string {
	if e.Entry == 0 {
		return fmt.Sprintf("at byte %d: %v", e.Offset, e.Err)
	}
	return fmt.Sprintf("entry %d, at byte %d: %v", e.Entry, e.Offset, e.Err)
}

// Unwrap returns the mistake.
func (e *PlaceError) Unwrap() error { return e.Err }

// Read calls each with every entry of a file, in their order, and returns the first error of each as it is. Its own errors
// are *PlaceError.
func Read(r io.Reader, each func(Entry) error) error {
	in := &reader{in: &bounded{r: r}, each: each}
	start := bufio.NewReaderSize(in.in, 64<<10)
	if mark, _ := start.Peek(3); string(mark) == "\ufeff" {
		start.Discard(3) // Windows programs begin a file with a byte order mark
		in.before = 3
	}
	if mark, err := start.Peek(4); bytes.HasPrefix(mark, []byte("\x1f\x8b")) || bytes.HasPrefix(mark, []byte("PK\x03\x04")) {
		return &PlaceError{Err: errors.New("the file is compressed: unpack it first")}
	} else if len(mark) == 0 && errors.Is(err, io.EOF) {
		return &PlaceError{Err: errors.New("the file is empty")}
	}
	in.start, in.json = start, json.NewDecoder(start)
	err := in.file()
	if in.failed != nil {
		return in.failed
	}
	if err != nil {
		return &PlaceError{in.entry, in.before + in.json.InputOffset(), plain(err)}
	}
	return nil
}

type reader struct {
	in     *bounded
	start  *bufio.Reader
	json   *json.Decoder
	each   func(Entry) error
	entry  int
	before int64 // bytes before the JSON
	failed error // of each
}

// file reads {"log": {…, "entries": […], …}} to its end.
func (r *reader) file() error {
	var found bool
	err := r.object(func(key string) error {
		if key != "log" {
			return r.skip()
		}
		return r.object(func(key string) error {
			if key != "entries" {
				return r.skip()
			}
			found = true
			return r.entries()
		})
	})
	if err != nil {
		return err
	}
	r.entry = 0
	if !found {
		return errors.New("this is not an HTTP Archive: it has no log.entries")
	}
	return r.rest()
}

var errAfterEnd = errors.New("the file goes on after its end")

// rest fails if something follows the archive, unless it is an entry that a Writer did not complete, or one that it wrote
// while the file was read: its joint is before the place that was read last.
func (r *reader) rest() error {
	after := bufio.NewReader(io.MultiReader(r.json.Buffered(), r.start))
	for {
		switch c, err := after.ReadByte(); {
		case err == io.EOF, c == pending[0]:
			return nil
		case err != nil:
			return err
		case c == '{':
			if next, _ := after.Peek(len(entryStart) - 1); string(next) == entryStart[1:] {
				return nil
			}
			return errAfterEnd
		case !strings.ContainsRune(" \t\r\n", rune(c)):
			return errAfterEnd
		}
	}
}

// object calls member after each key of an object; member reads the value.
func (r *reader) object(member func(key string) error) error {
	if err := r.delim('{'); err != nil {
		return err
	}
	for r.json.More() {
		r.in.restart()
		key, err := r.json.Token()
		if err != nil {
			return err
		}
		if err := member(key.(string)); err != nil {
			return err
		}
	}
	return r.delim('}')
}

func (r *reader) entries() error {
	if err := r.delim('['); err != nil {
		return err
	}
	for r.json.More() {
		r.entry++
		r.in.restart()
		var w readEntry
		if err := r.json.Decode(&w); err != nil {
			return err
		}
		e, err := w.entry()
		if err != nil {
			return err
		}
		if err := r.each(e); err != nil {
			r.failed = err
			return err
		}
	}
	return r.delim(']')
}

func (r *reader) delim(want json.Delim) error {
	got, err := r.json.Token()
	if err == nil && got != want {
		err = fmt.Errorf("this is not an HTTP Archive: %q is missing", want)
	}
	return err
}

// skip reads a value that does not matter.
func (r *reader) skip() error {
	for depth := 0; ; {
		r.in.restart()
		token, err := r.json.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// entry checks the wire form.
func (w readEntry) entry() (Entry, error) {
	if w.Request == nil {
		return Entry{}, errors.New("request is missing")
	}
	if w.Request.Method == "" {
		return Entry{}, errors.New("request.method is missing")
	}
	u, err := address(w.Request.URL)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{Method: w.Request.Method, URL: u, RequestHeader: header(w.Request.Headers), Masked: w.Masked, Cached: w.FromCache != ""}
	if w.Time != nil {
		e.Duration = time.Duration(*w.Time * float64(time.Millisecond))
	}
	if w.Started != "" {
		if e.Started, err = instant(w.Started); err != nil {
			return Entry{}, err
		}
	}
	if p := w.Request.PostData; p != nil {
		if e.RequestBody, err = decode(p.Text, p.Encoding); err != nil {
			return Entry{}, fmt.Errorf("request.postData: %w", err)
		}
		if p.Text == "" && len(p.Params) > 0 {
			form := url.Values{}
			for _, f := range p.Params {
				form.Add(f.Name, f.Value)
			}
			e.RequestBody = []byte(form.Encode())
		}
	}
	if w.Response == nil {
		return e, nil
	}
	if s := w.Response.Status; s > 0 && s < 1000 {
		e.Status = int(s)
	}
	e.ReplyHeader = header(w.Response.Headers)
	if c := w.Response.Content; c.Text != nil {
		e.HasBody = true
		if e.ReplyBody, err = decode(*c.Text, c.Encoding); err != nil {
			return Entry{}, fmt.Errorf("response.content: %w", err)
		}
		e.Cut = c.Size > float64(len(e.ReplyBody))
	}
	return e, nil
}

// address reads a URL. Browsers also record URLs that net/url refuses, such as one with a stray percent sign in its path, and
// data URLs, which have no host.
func address(text string) (*url.URL, error) {
	if u, err := url.Parse(text); err == nil && u.Scheme != "" {
		return u, nil
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || scheme == "" || strings.ContainsAny(scheme, "/?#") {
		return nil, errors.New("request.url is not an absolute URL")
	}
	host, path, _ := strings.Cut(rest, "/")
	return &url.URL{Scheme: scheme, Host: host, Path: "/" + path}, nil
}

// instant reads a date. Some programs write the zone without a colon, or none.
func instant(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("startedDateTime is not a date and time")
}

func decode(text, encoding string) ([]byte, error) {
	switch encoding {
	case "":
		return []byte(text), nil
	case "base64":
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, errors.New("the text is not base64")
		}
		return data, nil
	}
	return nil, fmt.Errorf("encoding %.20q: only base64 is known", encoding)
}

// header reads headers. The names of HTTP/2, such as :authority, are not headers.
func header(pairs []pair) http.Header {
	h := http.Header{}
	for _, p := range pairs {
		if !strings.HasPrefix(p.Name, ":") {
			h.Add(p.Name, p.Value)
		}
	}
	return h
}

// kinds are the kinds of values in words, by the name that encoding/json gives them and by that of Go's types.
var kinds = map[string]string{
	"string": "a string", "number": "a number", "bool": "true or false", "array": "a list", "object": "an object",
	"float64": "a number", "int": "a number", "slice": "a list", "struct": "an object",
}

// plain returns a syntax error in words that do not speak of Go.
func plain(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		is, _, _ := strings.Cut(e.Value, " ") // a number follows its kind
		return fmt.Errorf("%s is %s, and must be %s", e.Field, kinds[is], kinds[e.Type.Kind().String()])
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends too early: export it again")
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("this is not JSON: %w", err)
	}
	return err
}

// bounded is a reader that fails when more than MaxEntry bytes were read since restart.
type bounded struct {
	r    io.Reader
	read int
}

func (b *bounded) restart() { b.read = 0 }

func (b *bounded) Read(p []byte) (int, error) {
	if b.read > MaxEntry {
		return 0, fmt.Errorf("it has more than %d MiB", MaxEntry>>20)
	}
	n, err := b.r.Read(p)
	b.read += n
	return n, err
}
