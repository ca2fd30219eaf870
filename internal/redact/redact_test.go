package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime/quotedprintable"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
)

// every escapes each byte of a text in the same way.
func every(format, text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, format, text[i])
	}
	return b.String()
}

// encoded returns a secret in the ways in which a server, a proxy or a log may repeat it.
func encoded(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	twice, _ := json.Marshal(string(quoted))
	var printable bytes.Buffer
	q := quotedprintable.NewWriter(&printable)
	io.WriteString(q, strings.Repeat("x", 70)+secret)
	q.Close()
	half := len(secret) / 2
	all := map[string]string{
		"plain":                 secret,
		"upper case":            strings.ToUpper(secret),
		"header name":           textproto.CanonicalMIMEHeaderKey(secret),
		"basic":                 "Basic " + base64.StdEncoding.EncodeToString([]byte("my-own-id:"+secret)),
		"hex":                   hex.EncodeToString([]byte(secret)),
		"hex in upper case":     strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"query":                 "?token=" + url.QueryEscape(secret) + "&page=1",
		"query, each byte":      "?token=" + every("%%%02X", secret),
		"query, half of it":     "?token=" + secret[:half] + every("%%%02x", secret[half:]),
		"query, twice":          url.QueryEscape("?token=" + every("%%%02X", secret)),
		"JSON":                  string(quoted),
		"JSON in JSON":          string(twice),
		"JSON, each byte":       every(`\u%04x`, secret),
		"Go, each byte":         every(`\x%02x`, secret),
		"HTML":                  html.EscapeString(secret),
		"HTML, decimal":         every("&#%d;", secret),
		"HTML, hexadecimal":     every("&#x%X;", secret),
		"HTML of a URL":         html.EscapeString("?a=b&token=" + url.QueryEscape(secret)),
		"quoted-printable":      printable.String(),
		"quoted-printable, all": every("=%02X", secret),
		"cut off":               secret[:len(secret)-3] + "…",
	}
	for before := range 4 {
		text := []byte(strings.Repeat("-", before) + secret + "!")
		all[fmt.Sprint("base64 after ", before)] = base64.StdEncoding.EncodeToString(text)
		all[fmt.Sprint("base64url after ", before)] = base64.RawURLEncoding.EncodeToString(text)
	}
	return all
}

func TestEveryEncoding(t *testing.T) {
	for _, secret := range []string{"0123456789abcdef0123456789abcdef", `tok"en&<secret>/1234+~?`, "eight-ch"} {
		var s Secrets
		s.Add(secret, "short")
		for name, text := range encoded(secret) {
			if len(secret) < 12 && name == "cut off" {
				continue
			}
			got := s.Text("before " + text + " after")
			if !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after") || !strings.Contains(got, Mark) {
				t.Errorf("%s of %s: %q", name, secret, got)
			}
			// Nothing that is left says more than the two bytes at each edge of a base64 text.
			if rest := strings.ReplaceAll(got, Mark, ""); s.Text(rest) != rest {
				t.Errorf("%s of %s: %q is left", name, secret, rest)
			}
		}
		const harmless = "a short text: 0123456789 %7B &amp; \\u0041 =3D eight-c…"
		if got := s.Text(harmless); got != harmless && secret != "eight-ch" {
			t.Errorf("%q became %q", harmless, got)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestWriter(t *testing.T) {
	var s Secrets
	var out bytes.Buffer
	w := s.Writer(&out)
	fmt.Fprintf(w, "one secret-one\n")
	s.Add("secret-one") // what is added later counts from then on
	n, err := fmt.Fprintf(w, "two secret-one, secret-one\n")
	if want := "one secret-one\ntwo [secret], [secret]\n"; out.String() != want || n != len("two secret-one, secret-one\n") || err != nil {
		t.Errorf("%q, %d, %v", out.String(), n, err)
	}
	if n, err := s.Writer(failing{}).Write([]byte("x")); n != 0 || err == nil {
		t.Errorf("%d, %v", n, err)
	}
}

// FuzzText: whatever stands around it, an encoded secret does not get through, and nothing panics.
func FuzzText(f *testing.F) {
	f.Add(`{"a":"\u00`, "41%2", uint8(3))
	f.Add("&#", "=", uint8(200))
	const secret = "0123456789abcdef-XYZ"
	var forms []string
	for _, name := range []string{"plain", "hex", "query", "query, each byte", "JSON, each byte", "HTML, decimal", "quoted-printable, all"} {
		forms = append(forms, encoded(secret)[name])
	}
	var s Secrets
	s.Add(secret)
	f.Fuzz(func(t *testing.T, before, after string, form uint8) {
		text := forms[int(form)%len(forms)]
		if got := s.Text(before + " " + text + " " + after); strings.Contains(got, text) {
			t.Errorf("%q", got)
		}
	})
}
