package redact

import (
	"encoding/hex"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Span is a part of a text, from its first byte to the one after its last.
type Span struct{ From, To int }

// A view is a text in another form. It knows which part of the original text each of its bytes stands for.
type view struct {
	text string
	at   []Span // nil: the bytes are those of the original, or nobody asks
}

// origin returns the part of the original text that a part of a view stands for. The part is not empty.
func (v view) origin(s Span) Span {
	if v.at == nil {
		return s
	}
	return Span{v.at[s.From].From, v.at[s.To-1].To}
}

// unescape returns the view with escapes decoded, and whether there were any. Escapes begin with one of the bytes in starts;
// decode returns the length of the escape that a text begins with, or 0, and what it stands for.
func (v view) unescape(starts string, traced bool, decode func(string) (int, string)) (view, bool) {
	text, at, done := []byte(nil), []Span(nil), 0
	keep := func(end int) {
		text = append(text, v.text[done:end]...)
		for ; traced && done < end; done++ {
			at = append(at, v.origin(Span{done, done + 1}))
		}
	}
	for i := 0; i < len(v.text); {
		next := strings.IndexAny(v.text[i:], starts)
		if next < 0 {
			break
		}
		i += next
		size, instead := decode(v.text[i:])
		if size == 0 {
			i++
			continue
		}
		keep(i)
		text = append(text, instead...)
		for j := 0; traced && j < len(instead); j++ {
			at = append(at, v.origin(Span{i, i + size}))
		}
		i += size
		done = i
	}
	if done == 0 {
		return v, false
	}
	keep(len(v.text))
	return view{string(text), at}, true
}

// squeeze returns the view in lower case (ASCII) without white space, characters that are invisible or not UTF-8, "=" and "+", so that a secret is
// found wherever lines were broken, and whether or not base64 was padded or a plus sign became a space.
func (v view) squeeze(traced bool) view {
	text, at := make([]byte, 0, len(v.text)), []Span(nil)
	for i := 0; i < len(v.text); {
		c, size := v.text[i], 1
		skip := c <= ' ' || c == 0x7f || c == '=' || c == '+'
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(v.text[i:])
			skip = r == utf8.RuneError || unicode.In(r, unicode.White_Space, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
		} else if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		for n := i + size; i < n; i++ {
			if skip {
				continue
			}
			if size > 1 {
				c = v.text[i]
			}
			text = append(text, c)
			if traced {
				at = append(at, v.origin(Span{i, i + 1}))
			}
		}
	}
	return view{string(text), at}
}

// deepest is how many times escapes are decoded: JSON in a URL in HTML.
const deepest = 3

// decoded returns the view, then the view with the escapes of URLs, JSON and HTML decoded, up to three times, and each of
// these with the escapes of quoted-printable decoded. It leaves out those in which nothing was decoded.
func (v view) decoded(traced bool) (all []view) {
	for range deepest + 1 {
		all = append(all, v)
		if printable, found := v.unescape("=", traced, decodePrintable); found {
			all = append(all, printable)
		}
		next, found := v.unescape(`%\&`, traced, decodeEscape)
		if !found {
			break
		}
		v = next
	}
	return all
}

// Decoded returns the text, then the text with the escapes of URLs, JSON and HTML decoded, up to three times, and each of
// these with the escapes of quoted-printable decoded. It leaves out texts in which nothing was decoded.
func Decoded(text string) (all []string) {
	for _, v := range (view{text: text}).decoded(false) {
		all = append(all, v.text)
	}
	return all
}

const hexDigits = "0123456789abcdefABCDEF"

// decodePrintable decodes an escape of quoted-printable.
func decodePrintable(s string) (size int, text string) {
	switch {
	case leading(s[1:], hexDigits, 2) == 2:
		return 3, hexBytes(s[1:3])
	case strings.HasPrefix(s, "=\n"):
		return 2, ""
	case strings.HasPrefix(s, "=\r\n"):
		return 3, ""
	}
	return 0, ""
}

// decodeEscape decodes an escape of a URL, JSON, JavaScript, Go or HTML.
func decodeEscape(s string) (size int, text string) {
	switch {
	case s[0] == '%' && leading(s[1:], hexDigits, 2) == 2:
		return 3, hexBytes(s[1:3])
	case s[0] == '&':
		size = entity(s)
		return size, html.UnescapeString(s[:size])
	case s[0] == '%' || len(s) == 1:
		return 0, ""
	case s[1] == 'x' && leading(s[2:], hexDigits, 2) == 2:
		return 4, hexBytes(s[2:4])
	case strings.HasPrefix(s, `\u{`):
		if n := leading(s[3:], hexDigits, 6); n > 0 && strings.HasPrefix(s[3+n:], "}") {
			return n + 4, string(hexRune(s[3 : 3+n]))
		}
	case s[1] == 'u' && leading(s[2:], hexDigits, 4) == 4:
		if strings.HasPrefix(s[6:], `\u`) && leading(s[8:], hexDigits, 4) == 4 {
			if pair := utf16.DecodeRune(hexRune(s[2:6]), hexRune(s[8:12])); pair != utf8.RuneError {
				return 12, string(pair)
			}
		}
		return 6, string(hexRune(s[2:6]))
	case strings.IndexByte("nrtbf", s[1]) >= 0:
		return 2, " "
	case strings.IndexByte(`"'\/`, s[1]) >= 0:
		return 2, s[1:2]
	}
	return 0, ""
}

// entity returns the length of the reference to a character that a text begins with, as in HTML: &#65; &#x41 &amp;
func entity(s string) int {
	from, digits, most := 2, "0123456789", 10
	switch {
	case strings.HasPrefix(s, "&#x"), strings.HasPrefix(s, "&#X"):
		from, digits, most = 3, hexDigits, 8
	case !strings.HasPrefix(s, "&#"):
		n := 1
		for n < min(len(s), 33) && (isLetter(s[n]) || n > 1 && '0' <= s[n] && s[n] <= '9') {
			n++
		}
		if n > 2 && strings.HasPrefix(s[n:], ";") {
			return n + 1
		}
		return 0
	}
	n := from + leading(s[from:], digits, most)
	if n == from {
		return 0
	}
	if strings.HasPrefix(s[n:], ";") {
		n++
	}
	return n
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// leading counts how many of the given characters a text begins with, up to most.
func leading(s, chars string, most int) int {
	n := 0
	for n < min(len(s), most) && strings.IndexByte(chars, s[n]) >= 0 {
		n++
	}
	return n
}

func hexBytes(s string) string {
	b, _ := hex.DecodeString(s)
	return string(b)
}

func hexRune(s string) rune {
	n, _ := strconv.ParseUint(s, 16, 32)
	return rune(n)
}
