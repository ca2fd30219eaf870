// Package redact removes secrets from what a program prints, in whatever encoding they appear.
package redact

import (
	"encoding/base64"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"sync"
)

// Mark stands in the place of a secret.
const Mark = "[secret]"

// Shortest is the length of the shortest secret that is looked for. A shorter one would be found in ordinary words.
const Shortest = 8

// Secrets is a set of texts that must not leave the program. The zero value is empty. It is safe for concurrent use.
type Secrets struct {
	mu      sync.RWMutex
	needles []string // in lower case, each secret in each encoding that is no escape of single bytes
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

// encodings returns the secret as it is, in hexadecimal, and the part of its base64 that does not depend on what stands
// before and after it: that is another one for each of three positions and two alphabets.
func encodings(secret string) []string {
	all := []string{secret, hex.EncodeToString([]byte(secret))}
	for before, shared := range []int{0, 2, 3} { // bytes before it in a group of three; characters they have a share in
		n := before + len(secret)
		text := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:before] + secret))[shared:]
		if n%3 != 0 {
			text = text[:len(text)-1]
		}
		all = append(all, text, strings.NewReplacer("+", "-", "/", "_").Replace(text))
	}
	return all
}

// Find returns where the text holds a secret: plain or in hexadecimal or base64, in upper or lower case, also if
// characters are escaped as in URLs, JSON, HTML or quoted-printable, several times over, and also the beginning of one
// that is cut off by an ellipsis.
func (s *Secrets) Find(text string) (found []Span) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.needles) == 0 {
		return nil
	}
	for v := range Views(text) {
		in := lower(v.Text)
		for _, needle := range s.needles {
			for from := 0; ; {
				i := strings.Index(in[from:], needle)
				if i < 0 {
					break
				}
				found = append(found, v.Map(from+i, from+i+len(needle)))
				from += i + len(needle)
			}
		}
		found = append(found, s.cutOff(v, in)...)
	}
	return found
}

// cutOff finds the beginnings of secrets before each ellipsis.
func (s *Secrets) cutOff(v View, in string) (found []Span) {
	for end := 0; ; end += len("…") {
		i := strings.Index(in[end:], "…")
		if i < 0 {
			return found
		}
		end += i
		longest := 0
		for _, needle := range s.needles {
			for n := len(needle) - 1; n >= Shortest-2 && n > longest; n-- {
				if strings.HasSuffix(in[:end], needle[:n]) {
					longest = n
				}
			}
		}
		if longest > 0 {
			found = append(found, v.Map(end-longest, end))
		}
	}
}

// Text returns the text with Mark in the place of every secret.
func (s *Secrets) Text(text string) string { return Replace(text, s.Find(text), Mark) }

// Writer returns a writer that removes secrets from what it passes on to w. It looks at each Write alone, so that a
// message must be written in one piece.
func (s *Secrets) Writer(w io.Writer) io.Writer { return &Writer{W: w, Clean: s.Text} }

// Writer passes on what Clean makes of each Write.
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

// Replace returns the text with mark in the place of the spans. Spans that overlap or touch become one.
func Replace(text string, spans []Span, mark string) string {
	if len(spans) == 0 {
		return text
	}
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

// lower turns ASCII letters into lower case, so that every byte keeps its place.
func lower(s string) string {
	first := strings.IndexFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' })
	if first < 0 {
		return s
	}
	b := []byte(s)
	for i, c := range b[first:] {
		if 'A' <= c && c <= 'Z' {
			b[first+i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
