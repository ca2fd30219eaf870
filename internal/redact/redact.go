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

// Mark replaces a secret.
const Mark = "[secret]"

// Shortest is the length of the shortest secret that is looked for. A shorter one would be found in ordinary words. An
// ellipsis after as many bytes of a secret is taken for the rest of it.
const Shortest = 6

// Secrets is a set of texts that must not leave the program. The zero value is empty. It is safe for concurrent use.
type Secrets struct {
	mu      sync.Mutex
	texts   []string // each secret in each encoding that does not escape single bytes, squeezed
	needles *needles // made of the texts; nil: there are none
}

// Add adds secrets to the set. It ignores those shorter than Shortest.
func (s *Secrets) Add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		if len(secret) < Shortest {
			continue
		}
		for _, n := range append(encodings(secret), Decoded(secret)[1:]...) { // a secret may look like an escape
			if n = (view{text: n}).squeeze(false).text; len(n) >= Shortest {
				s.texts = append(s.texts, n)
			}
		}
	}
	if len(s.texts) > 0 {
		s.needles = newNeedles(s.texts)
	}
}

// encodings returns the secret as it is, in hexadecimal, in base64, and the part of its base64 that does not depend on the
// bytes before and after it: that part differs for each of three positions and two alphabets.
func encodings(secret string) []string {
	all := []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret))}
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
// also where characters are escaped as in URLs, JSON, HTML or quoted-printable, where spaces, line ends or invisible characters
// split it, and where an ellipsis cuts it off. It takes time in proportion to the length of the text.
func (s *Secrets) Text(text string) string { return s.Replace(text, Mark) }

// Replace is Text with another mark.
func (s *Secrets) Replace(text, mark string) string {
	s.mu.Lock()
	needles := s.needles
	s.mu.Unlock()
	if needles == nil {
		return text
	}
	return replace(text, mark, func(traced bool) (found []Span) {
		whole := view{text: text}
		views := append(whole.decoded(traced), whole.squeeze(traced).decoded(traced)[1:]...) // an escape may be split, too
		for _, v := range views {
			v = v.squeeze(traced)
			for _, span := range needles.find(v.text) {
				span = v.origin(span)
				for span.To < len(text) && text[span.To] == '=' { // padding of base64
					span.To++
				}
				found = append(found, span)
			}
		}
		return found
	})
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

// Clean returns the text with mark in the place of each span that find returns for it, and for the text with its escapes
// decoded.
func Clean(text, mark string, find func(string) []Span) string {
	return replace(text, mark, func(traced bool) (found []Span) {
		for _, v := range (view{text: text}).decoded(traced) {
			for _, span := range find(v.text) {
				found = append(found, v.origin(span))
			}
		}
		return found
	})
}

// replace puts mark in the place of the spans that find returns. Spans that overlap or touch become one. Most texts hold
// nothing, so that find traces where it found something only the second time.
func replace(text, mark string, find func(traced bool) []Span) string {
	if len(find(false)) == 0 {
		return text
	}
	spans := find(true)
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
