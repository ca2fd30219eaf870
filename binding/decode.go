package binding

import (
	"errors"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// decode reads one JSON text. It fails if the text is nested deeper than maxDepth or has more than maxValues values.
func decode(data []byte) (value, error) {
	return decodeUntil(data, func() bool { return false })
}

// decodeUntil is decode that gives up when ended says so.
func decodeUntil(data []byte, ended func() bool) (value, error) {
	d := decoder{data: data, ended: ended}
	v, err := d.value(0)
	if err != nil {
		return value{}, err
	}
	if d.space(); d.i < len(data) {
		return value{}, d.unexpected()
	}
	return v, nil
}

// A decoder reads JSON as encoding/json does. Unlike that, it can be stopped, and keeps the order of members.
type decoder struct {
	data   []byte
	i      int
	values int
	ended  func() bool
}

// unexpected returns the error for the byte at the position.
func (d *decoder) unexpected() error {
	if d.i >= len(d.data) {
		return errors.New("unexpected end of JSON input")
	}
	r, _ := utf8.DecodeRune(d.data[d.i:])
	return fmt.Errorf("invalid character %q at byte %d", r, d.i+1)
}

func (d *decoder) space() {
	for d.i < len(d.data) {
		switch d.data[d.i] {
		case ' ', '\n', '\t', '\r':
			d.i++
		default:
			return
		}
	}
}

// at skips white space and reports whether c comes next. If so it goes past it.
func (d *decoder) at(c byte) bool {
	d.space()
	if d.i < len(d.data) && d.data[d.i] == c {
		d.i++
		return true
	}
	return false
}

func (d *decoder) value(depth int) (value, error) {
	d.values++
	switch {
	case depth > maxDepth:
		return value{}, fmt.Errorf("nested deeper than %d levels", maxDepth)
	case d.values > maxValues:
		return value{}, errTooMany
	case d.values&1023 == 0 && d.ended():
		return value{}, errEnded
	}
	d.space()
	if d.i >= len(d.data) {
		return value{}, d.unexpected()
	}
	switch c := d.data[d.i]; c {
	case '{':
		return d.object(depth)
	case '[':
		return d.array(depth)
	case '"':
		text, err := d.text()
		return value{kind: kindString, text: text}, err
	case 't':
		return value{kind: kindBool, text: "true"}, d.word("true")
	case 'f':
		return value{kind: kindBool, text: "false"}, d.word("false")
	case 'n':
		return value{}, d.word("null")
	}
	return d.number()
}

func (d *decoder) word(word string) error {
	for i := range len(word) {
		if d.i >= len(d.data) || d.data[d.i] != word[i] {
			return d.unexpected()
		}
		d.i++
	}
	return nil
}

func (d *decoder) object(depth int) (value, error) {
	v := value{kind: kindObject}
	d.i++
	if d.at('}') {
		return v, nil
	}
	for {
		if d.space(); d.i >= len(d.data) || d.data[d.i] != '"' {
			return v, d.unexpected()
		}
		name, err := d.text()
		if err != nil {
			return v, err
		}
		if !d.at(':') {
			return v, d.unexpected()
		}
		field, err := d.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.members = append(v.members, member{name, field})
		if d.at('}') {
			return v, nil
		} else if !d.at(',') {
			return v, d.unexpected()
		}
	}
}

func (d *decoder) array(depth int) (value, error) {
	v := value{kind: kindArray}
	d.i++
	if d.at(']') {
		return v, nil
	}
	for {
		item, err := d.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.list = append(v.list, item)
		if d.at(']') {
			return v, nil
		} else if !d.at(',') {
			return v, d.unexpected()
		}
	}
}

// number reads a number and keeps its literal.
func (d *decoder) number() (value, error) {
	from := d.i
	if d.data[d.i] == '-' {
		d.i++
	}
	if d.i < len(d.data) && d.data[d.i] == '0' {
		d.i++
	} else if !d.digits() {
		return value{}, d.unexpected()
	}
	if d.i < len(d.data) && d.data[d.i] == '.' {
		if d.i++; !d.digits() {
			return value{}, d.unexpected()
		}
	}
	if d.i < len(d.data) && d.data[d.i]|0x20 == 'e' {
		if d.i++; d.i < len(d.data) && (d.data[d.i] == '+' || d.data[d.i] == '-') {
			d.i++
		}
		if !d.digits() {
			return value{}, d.unexpected()
		}
	}
	return value{kind: kindNumber, text: string(d.data[from:d.i])}, nil
}

// digits goes past digits, and reports whether there were any.
func (d *decoder) digits() bool {
	from := d.i
	for d.i < len(d.data) && d.data[d.i] >= '0' && d.data[d.i] <= '9' {
		d.i++
	}
	return d.i > from
}

// text reads a string. Bytes that are not UTF-8 become U+FFFD.
func (d *decoder) text() (string, error) {
	d.i++
	from := d.i
	for ; d.i < len(d.data); d.i++ {
		if c := d.data[d.i]; c == '"' {
			d.i++
			return string(d.data[from : d.i-1]), nil
		} else if c == '\\' || c < ' ' || c >= utf8.RuneSelf {
			break
		}
	}
	b := append([]byte(nil), d.data[from:d.i]...)
	for steps := 0; d.i < len(d.data); steps++ {
		if steps&(1<<16-1) == 0 && d.ended() {
			return "", errEnded
		}
		switch c := d.data[d.i]; {
		case c == '"':
			d.i++
			return string(b), nil
		case c < ' ':
			return "", d.unexpected()
		case c == '\\':
			r, ok := d.escape()
			if !ok {
				return "", d.unexpected()
			}
			b = utf8.AppendRune(b, r)
		case c < utf8.RuneSelf:
			b = append(b, c)
			d.i++
		default:
			r, size := utf8.DecodeRune(d.data[d.i:])
			b = utf8.AppendRune(b, r)
			d.i += size
		}
	}
	return "", d.unexpected()
}

// escape reads an escaped character. Half of a surrogate pair becomes U+FFFD.
func (d *decoder) escape() (rune, bool) {
	d.i++
	if d.i >= len(d.data) {
		return 0, false
	}
	switch c := d.data[d.i]; c {
	case '"', '\\', '/':
		d.i++
		return rune(c), true
	case 'b', 'f', 'n', 'r', 't':
		d.i++
		return map[byte]rune{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}[c], true
	case 'u':
		d.i++
	default:
		return 0, false
	}
	r, ok := d.hex()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	before := d.i
	if d.i+1 < len(d.data) && d.data[d.i] == '\\' && d.data[d.i+1] == 'u' {
		d.i += 2
		if low, ok := d.hex(); !ok {
			return 0, false
		} else if both := utf16.DecodeRune(r, low); both != unicode.ReplacementChar {
			return both, true
		}
		d.i = before // the second is a separate character
	}
	return unicode.ReplacementChar, true
}

// hex reads four hexadecimal digits.
func (d *decoder) hex() (r rune, ok bool) {
	for range 4 {
		if d.i >= len(d.data) {
			return 0, false
		}
		c := d.data[d.i]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
		d.i++
	}
	return r, true
}
