// Package redact removes secrets from what a program prints, in whatever encoding they appear.
package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Mark replaces a secret.
const Mark = "[secret]"

// Shortest is the length of the shortest secret that is looked for. A shorter one would be found in ordinary words.
const Shortest = 8

// Secrets is a set of texts that must not leave the program. The zero value is empty. It is safe for concurrent use.
type Secrets struct {
	mu      sync.RWMutex
	needles []string // in lower case, each secret in each encoding that does not escape single bytes
}

// Add adds secrets to the set. It ignores those shorter than Shortest.
func (s *Secrets) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		if len(secret) < Shortest {
			continue
		}
		for _, n := range encodings(secret) {
			if n = lower(n); !slices.Contains(s.needles, n) {
				s.needles = append(s.needles, n)
			}
		}
	}
}

// encodings returns the secret as it is, in hexadecimal, and the part of its base64 that does not depend on the bytes
// before and after it: that part differs for each of three positions and two alphabets.
func encodings(secret string) []string {
	all := []string{secret, hex.EncodeToString([]byte(secret))}
	for before, shared := range []int{0, 2, 3} { // bytes before it in a group of three; characters that these influence
		n := before + len(secret)
		text := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:before] + secret))[shared:]
		if n%3 != 0 {
			text = text[:len(text)-1]
		}
		all = append(all, text, strings.NewReplacer("+", "-", "/", "_").Replace(text))
	}
	return all
}

// Text returns the text with Mark in the place of every secret: plain or in hexadecimal or base64, in upper or lower case,
// also where characters are escaped as in URLs, JSON, HTML or quoted-printable, and where an ellipsis cuts the secret off.
func (s *Secrets) Text(text string) string {
	s.mu.RLock()
	none := len(s.needles) == 0
	s.mu.RUnlock()
	if none { // and no need to decode escapes, which takes long
		return text
	}
	return Clean(text, Mark, s.find)
}

// find returns where secrets are, and the beginnings of secrets before an ellipsis.
func (s *Secrets) find(text string) (found []Span) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	in := lower(text)
	for _, needle := range s.needles {
		start := needle[:min(len(needle), Shortest-2)]
		for at := 0; ; {
			i := strings.Index(in[at:], start)
			if i < 0 {
				break
			}
			at += i
			n := len(start)
			for n < len(needle) && at+n < len(in) && in[at+n] == needle[n] {
				n++
			}
			if n == len(needle) || strings.HasPrefix(in[at+n:], "…") {
				found = append(found, Span{at, at + n})
			}
			at++
		}
	}
	return found
}

// Writer returns a writer that removes secrets from what it passes on to w. A message must be written in one
// Write, because it looks at each one separately.
func (s *Secrets) Writer(w io.Writer) io.Writer { return &Writer{W: w, Clean: s.Text} }

// Writer passes on what Clean returns for each Write.
type Writer struct {
	W     io.Writer
	Clean func(string) string
}

// Write reports all of data as written unless W fails.
func (w *Writer) Write(data []byte) (int, error) {
	if _, err := io.WriteString(w.W, w.Clean(string(data))); err != nil {
		return 0, err
	}
	return len(data), nil
}

// Unwrap returns the writer behind w.
func (w *Writer) Unwrap() io.Writer { return w.W }

// Span is a part of a text, from its first byte to the one after its last.
type Span struct{ From, To int }

// Clean returns the text with mark in the place of each span that find returns. If find returns spans only after escapes
// are decoded, Clean replaces the words that hold them, or else the whole text.
func Clean(text, mark string, find func(string) []Span) string {
	text = replace(text, find(text), mark)
	if !escaped(text, find) {
		return text
	}
	text = words.ReplaceAllStringFunc(text, func(word string) string {
		if escaped(word, find) {
			return mark
		}
		return word
	})
	if escaped(text, find) {
		return mark
	}
	return text
}

// escaped reports whether find returns spans of the text with its escapes decoded.
func escaped(text string, find func(string) []Span) bool {
	return slices.ContainsFunc(Decoded(text)[1:], func(view string) bool { return len(find(view)) > 0 })
}

// replace puts mark in the place of the spans. Spans that overlap or touch become one.
func replace(text string, spans []Span, mark string) string {
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
	var b strings.Builder
	at := 0
	for i := 0; i < len(spans); {
		to := spans[i].To
		b.WriteString(text[at:spans[i].From])
		b.WriteString(mark)
		for i++; i < len(spans) && spans[i].From <= to; i++ {
			to = max(to, spans[i].To)
		}
		at = to
	}
	return b.String() + text[at:]
}

var (
	words     = regexp.MustCompile(`(?:=\r?\n|\S)+`)
	escapes   = regexp.MustCompile(`%[[:xdigit:]]{2}|\\x[[:xdigit:]]{2}|(?:\\u[[:xdigit:]]{4})+|\\[nrtbf"'\\/]|&#?\w{1,10};`)
	printable = regexp.MustCompile(`=[[:xdigit:]]{2}|=\r?\n`) // quoted-printable
)

// deepest is how many times escapes are decoded: JSON in a URL in HTML.
const deepest = 3

// Decoded returns the text, then the text with the escapes of URLs, JSON and HTML decoded, up to three times, and each of
// these with the escapes of quoted-printable decoded. It leaves out texts in which nothing was decoded.
func Decoded(text string) (all []string) {
	for range deepest + 1 {
		all = append(all, text)
		if q := printable.ReplaceAllStringFunc(text, unescape); q != text {
			all = append(all, q)
		}
		next := escapes.ReplaceAllStringFunc(text, unescape)
		if next == text {
			break
		}
		text = next
	}
	return all
}

func unescape(s string) (out string) {
	switch {
	case s[0] == '&':
		return html.UnescapeString(s)
	case strings.HasPrefix(s, `\u`):
		_ = json.Unmarshal([]byte(`"`+s+`"`), &out) // the pattern leaves nothing that is not valid
		return out
	case s[0] == '%', s[0] == '=', strings.HasPrefix(s, `\x`):
		b, _ := hex.DecodeString(s[len(s)-2:]) // nothing for a soft line break
		return string(b)
	case strings.ContainsAny(s, "nrtbf"):
		return " "
	}
	return s[1:]
}

// lower turns ASCII letters into lower case, so that every byte keeps its place.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
