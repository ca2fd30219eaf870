package redact

import (
	"html"
	"iter"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// View is a text, or what it says once escapes are undone.
type View struct {
	Text string
	at   []int // where each byte of Text, and its end, stands in the original; nil: at the same place
}

// Map returns the part of the original text that Text[from:to] was made of.
func (v View) Map(from, to int) Span {
	if v.at == nil {
		return Span{from, to}
	}
	return Span{v.at[from], v.at[to]}
}

// deepest is how often escapes are undone: JSON in a URL in HTML.
const deepest = 3

// Views yields the text, and then the text with the escapes of URLs, JSON and HTML undone, up to three times, and with
// those of quoted-printable undone. Views that say the same as the one before are left out.
func Views(text string) iter.Seq[View] {
	return func(yield func(View) bool) {
		v := View{Text: text}
		for range deepest + 1 {
			if !yield(v) {
				return
			}
			if q, changed := v.decode("=", printable); changed && !yield(q) {
				return
			}
			next, changed := v.decode(`%\&`, escape)
			if !changed {
				return
			}
			v = next
		}
	}
}

// decode undoes escapes that begin with one of the characters. undo returns what an escape says and how long it is, 0 if
// it is none.
func (v View) decode(begin string, undo func(string) (string, int)) (out View, changed bool) {
	i := strings.IndexAny(v.Text, begin)
	if i < 0 {
		return v, false
	}
	var b strings.Builder
	at := make([]int, 0, len(v.Text)+1)
	keep := func(from, to int) {
		b.WriteString(v.Text[from:to])
		for i := from; i < to; i++ {
			at = append(at, v.Map(i, i).From)
		}
	}
	done := 0
	for i < len(v.Text) {
		if says, n := undo(v.Text[i:]); n > 0 {
			keep(done, i)
			b.WriteString(says)
			for range len(says) {
				at = append(at, v.Map(i, i).From)
			}
			i += n
			done, changed = i, true
		} else {
			i++
		}
		next := strings.IndexAny(v.Text[i:], begin)
		if next < 0 {
			break
		}
		i += next
	}
	if !changed {
		return v, false
	}
	keep(done, len(v.Text))
	return View{b.String(), append(at, v.Map(len(v.Text), len(v.Text)).From)}, true
}

// printable undoes an escape of quoted-printable.
func printable(s string) (string, int) {
	switch {
	case strings.HasPrefix(s, "=\r\n"):
		return "", 3
	case strings.HasPrefix(s, "=\n"):
		return "", 2
	}
	return hexByte(s, 1)
}

// escape undoes an escape of a URL, of JSON and programming languages, or of HTML.
func escape(s string) (string, int) {
	switch s[0] {
	case '%':
		return hexByte(s, 1)
	case '&':
		if end := strings.IndexByte(s[:min(len(s), 12)], ';'); end > 0 {
			if says := html.UnescapeString(s[:end+1]); says != s[:end+1] {
				return says, end + 1
			}
		}
		return "", 0
	}
	if len(s) < 2 {
		return "", 0
	}
	switch s[1] {
	case 'x':
		return hexByte(s, 2)
	case 'u':
		return unicodeEscape(s)
	case '"', '\'', '\\', '/':
		return s[1:2], 2
	case 'n', 'r', 't', 'b', 'f':
		return " ", 2
	}
	return "", 0
}

// hexByte reads the two hexadecimal digits after the first n characters.
func hexByte(s string, n int) (string, int) {
	if len(s) < n+2 {
		return "", 0
	}
	c, err := strconv.ParseUint(s[n:n+2], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(c)}), n + 2
}

// unicodeEscape reads \uXXXX, or two of them that stand for one character.
func unicodeEscape(s string) (string, int) {
	unit := func(s string) rune {
		if len(s) < 6 || s[:2] != `\u` {
			return -1
		}
		c, err := strconv.ParseUint(s[2:6], 16, 16)
		if err != nil {
			return -1
		}
		return rune(c)
	}
	first := unit(s)
	if first < 0 {
		return "", 0
	}
	if utf16.IsSurrogate(first) {
		if both := utf16.DecodeRune(first, unit(s[6:])); both != utf8.RuneError {
			return string(both), 12
		}
	}
	return string(first), 6
}
