package mask

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/redact"
)

// secretWords are the words in names of members, parameters, fields and headers whose values are credentials, written together.
var secretWords = []string{
	"secret", "token", "password", "passwd", "passphrase", "credential", "authorization", "signature", "apikey", "privatekey", "accesskey", "signingkey",
}

// isSecret reports whether a member, a field or a header holds credentials, by the words of its name: webhook_token,
// clientSecret, X-Api-Key. The type of a token is not one.
func isSecret(name string) bool {
	together := strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, name)
	return together != "tokentype" && slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(together, word) })
}

// isSecretParameter is isSecret for a parameter of a query: there, a key is a credential, too.
func isSecretParameter(escaped string) bool {
	name, err := url.QueryUnescape(escaped)
	if err != nil {
		name = escaped
	}
	lower := strings.ToLower(name)
	return isSecret(name) || lower == "key" || lower == "sig" || strings.HasSuffix(lower, "_key") || strings.HasSuffix(lower, "-key")
}

// A secretForm finds credentials in a text: by their own form, or by a name before them.
type secretForm struct {
	needs string // an expression finds something only in a text that has this
	find  *regexp.Regexp
	group int // of the expression, that is the credential
}

// secretName matches the names of isSecret in a text.
const secretName = `(?:secret|token|passw(?:or)?d|passphrase|credential|authorization|signature|(?:api|private|access|signing)[ _-]?key)`

var secretForms = []secretForm{
	{"eyJ", regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]{2,}){1,4}`), 0}, // a JSON Web Token
	{"-----", regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`), 0},
	{" ", regexp.MustCompile(`(?i)\bbearer +([A-Za-z0-9._~+/=-]{6,})`), 1},
	{"=", regexp.MustCompile(`(?i)[?&;](?:key|sig)=([^&\s"'<>#]+)`), 1},
	{"=", regexp.MustCompile(`(?is)<input\b[^<>]*` + secretName + `[^<>]*?\bvalue\s*=\s*("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)`), 1},
	{"=", regexp.MustCompile(`(?is)<input\b[^<>]*?\bvalue\s*=\s*("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)[^<>]*` + secretName), 1},
	{"</", regexp.MustCompile(`(?is)<[\w:-]*` + secretName + `[^<>]*>([^<>]+)</`), 1},
	{"name=", regexp.MustCompile(`(?i)\bname="[^"\r\n]*` + secretName + `[^"\r\n]*"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n([^\r\n]+)`), 1}, // multipart
	{":", regexp.MustCompile(afterName(":")), 1},
	{"=", regexp.MustCompile(afterName("=")), 1},
}

// afterName matches a value after a name and a sign. Both may be quoted as in JSON, in a text of JSON, or in HTML.
func afterName(sign string) string {
	return `(?is)` + secretName + `[\w-]*(?:\\?["']|&quot;|&#34;|&#x22;)?\s*` + sign +
		`\s*(?:(?:bearer|basic|digest) +)?(\\"(?:[^"\\]|\\\\.)*\\"|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*'|&quot;.*?&quot;|&#34;.*?&#34;|&#x22;.*?&#x22;|[^\s&,;"'<>\\}]+)`
}

// basicForm finds what may be credentials of HTTP's Basic scheme.
var basicForm = regexp.MustCompile(`(?i)\bbasic +([A-Za-z0-9+/]{4,}={0,2})`)

// clean removes credentials from a text: those that are known, and others by their form or the name before them.
func (s *Scrubber) clean(v string) string {
	for _, f := range secretForms {
		if strings.Contains(v, f.needs) {
			v = s.cut(v, f.find, f.group, func(string) bool { return true })
		}
	}
	if strings.Contains(v, " ") {
		v = s.cut(v, basicForm, 1, func(found string) bool {
			plain, err := base64.StdEncoding.DecodeString(found)
			return err == nil && strings.Contains(string(plain), ":")
		})
	}
	return s.secrets.Text(v)
}

// cut replaces what a group of an expression finds, and learns it if it looks like no word.
func (s *Scrubber) cut(v string, find *regexp.Regexp, group int, is func(string) bool) string {
	var out strings.Builder
	end := 0
	for _, place := range find.FindAllStringSubmatchIndex(v, -1) {
		from, to := unquoted(v, place[2*group], place[2*group+1])
		found := v[from:to]
		if found == "" || found == redact.Mark || !is(found) {
			continue
		}
		if len(found) >= 8 && strings.ContainsAny(found, "0123456789") && !strings.Contains(found, redact.Mark) {
			s.learn(found)
		}
		out.WriteString(v[end:from] + redact.Mark)
		end = to
	}
	return out.String() + v[end:]
}

// unquoted returns where a value begins and ends within its quotation marks.
func unquoted(v string, from, to int) (int, int) {
	for _, mark := range []string{`\"`, `"`, "'", "&quot;", "&#34;", "&#x22;"} {
		if strings.HasPrefix(v[from:to], mark) {
			return from + len(mark), max(from+len(mark), from+len(strings.TrimSuffix(v[from:to], mark)))
		}
	}
	return from, to
}
