package har

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// A Writer writes an archive. The file is complete after every entry. If the program is killed while it writes one, Read reads
// the entries before it. It is safe for concurrent use.
type Writer struct {
	mu    sync.Mutex
	to    io.WriteSeeker
	end   int64 // where the archive ends with tail
	count int
}

const (
	tail = "\n]}}\n"

	// pending begins an entry after the end of the archive. It belongs to the archive when a joint replaces tail and pending.
	// A joint is so short that the system writes it whole or not at all.
	pending    = "\x1e"
	firstJoint = "\n     "
	joint      = ",\n    "

	entryStart = `{"startedDateTime"` // of each entry
)

// NewWriter begins an archive. The creator is the program and its version.
func NewWriter(to io.WriteSeeker, name, version string) (*Writer, error) {
	creator, err := json.Marshal(map[string]string{"name": name, "version": version})
	if err != nil {
		return nil, err
	}
	head := `{"log":{"version":"1.2","creator":` + string(creator) + `,"entries":[`
	w := &Writer{to: to, end: int64(len(head))}
	_, err = io.WriteString(to, head+tail)
	return w, err
}

// Write appends an entry.
func (w *Writer) Write(e Entry) error {
	data, err := json.Marshal(wired(e))
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	between := joint
	if w.count == 0 {
		between = firstJoint
	}
	if err := w.writeAt(w.end+int64(len(tail)), pending+string(data)+tail); err != nil {
		return err
	}
	if err := w.writeAt(w.end, between); err != nil {
		return err
	}
	w.end += int64(len(between) + len(data))
	w.count++
	return nil
}

// writeAt writes a text at an offset.
func (w *Writer) writeAt(offset int64, text string) error {
	if _, err := w.to.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	_, err := io.WriteString(w.to, text)
	return err
}

// wired returns the wire form of an entry.
func wired(e Entry) wireEntry {
	milliseconds := float64(e.Duration) / float64(time.Millisecond)
	w := wireEntry{
		Started: e.Started.UTC().Format(time.RFC3339Nano), Time: milliseconds, Masked: e.Masked,
		Timings: timings{Wait: milliseconds},
		Request: &wireRequest{
			Method: e.Method, URL: e.URL.String(), HTTPVersion: "HTTP/1.1", Cookies: []struct{}{}, Headers: pairs(e.RequestHeader),
			Query: pairs(http.Header(e.URL.Query())), HeadersSize: -1, BodySize: len(e.RequestBody),
		},
		Response: &wireReply{
			Status: e.Status, StatusText: http.StatusText(e.Status), HTTPVersion: "HTTP/1.1", Cookies: []struct{}{}, Headers: pairs(e.ReplyHeader),
			Content: content{Size: len(e.ReplyBody), MimeType: e.ReplyHeader.Get("Content-Type")}, HeadersSize: -1, BodySize: len(e.ReplyBody),
		},
	}
	if len(e.RequestBody) > 0 {
		text, encoding := encode(e.RequestBody)
		w.Request.PostData = &postData{MimeType: e.RequestHeader.Get("Content-Type"), Text: text, Encoding: encoding}
	}
	if e.HasBody {
		text, encoding := encode(e.ReplyBody)
		w.Response.Content.Text, w.Response.Content.Encoding = &text, encoding
	}
	return w
}

func encode(body []byte) (text, encoding string) {
	if utf8.Valid(body) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), "base64"
}

// pairs returns headers or the parameters of a query, sorted by name.
func pairs(h http.Header) []pair {
	out := []pair{}
	for name, values := range h {
		for _, v := range values {
			out = append(out, pair{name, v})
		}
	}
	slices.SortStableFunc(out, func(a, b pair) int { return strings.Compare(a.Name, b.Name) })
	return out
}
