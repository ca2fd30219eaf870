package redact

import (
	"encoding/hex"
	"encoding/json"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
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

// rewrite returns a view in which each part is replaced by what to returns for it.
func (v view) rewrite(parts [][]int, traced bool, to func(string) string) view {
	if len(parts) == 0 {
		return v
	}
	text, at, pos := make([]byte, 0, len(v.text)), []Span(nil), 0
	keep := func(end int) {
		text = append(text, v.text[pos:end]...)
		for ; traced && pos < end; pos++ {
			at = append(at, v.origin(Span{pos, pos + 1}))
		}
	}
	for _, p := range parts {
		keep(p[0])
		instead := to(v.text[p[0]:p[1]])
		text = append(text, instead...)
		for i := 0; traced && i < len(instead); i++ {
			at = append(at, v.origin(Span{p[0], p[1]}))
		}
		pos = p[1]
	}
	keep(len(v.text))
	return view{string(text), at}
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

var (
	escapes   = regexp.MustCompile(`%[[:xdigit:]]{2}|\\x[[:xdigit:]]{2}|\\u[dD][89abAB][[:xdigit:]]{2}\\u[[:xdigit:]]{4}|\\u[[:xdigit:]]{4}|\\u\{[[:xdigit:]]{1,6}\}|\\[nrtbf"'\\/]|&#(?:\d{1,10}|[xX][[:xdigit:]]{1,8});?|&[[:alpha:]][[:alnum:]]{1,31};`)
	printable = regexp.MustCompile(`=[[:xdigit:]]{2}|=\r?\n`) // quoted-printable
)

// deepest is how many times escapes are decoded: JSON in a URL in HTML.
const deepest = 3

// decoded returns the view, then the view with the escapes of URLs, JSON and HTML decoded, up to three times, and each of
// these with the escapes of quoted-printable decoded. It leaves out those in which nothing was decoded.
func (v view) decoded(traced bool) (all []view) {
	for range deepest + 1 {
		all = append(all, v)
		if strings.Contains(v.text, "=") {
			if parts := printable.FindAllStringIndex(v.text, -1); parts != nil {
				all = append(all, v.rewrite(parts, traced, unescape))
			}
		}
		if !strings.ContainsAny(v.text, `%\&`) {
			break
		}
		parts := escapes.FindAllStringIndex(v.text, -1)
		if parts == nil {
			break
		}
		v = v.rewrite(parts, traced, unescape)
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

func unescape(s string) (out string) {
	switch {
	case s[0] == '&':
		return html.UnescapeString(s)
	case strings.HasPrefix(s, `\u{`):
		n, _ := strconv.ParseUint(s[3:len(s)-1], 16, 32)
		return string(rune(n))
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
