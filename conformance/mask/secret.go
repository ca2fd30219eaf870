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
	needs string // an expression finds something only in a text that has this, in lower case
	find  *regexp.Regexp
	group int // of the expression, that is the credential
}

// secretName matches the names of isSecret in a text, each of which begins with one of nameStarts.
const secretName = `(?:secret|token|passw(?:or)?d|passphrase|credential|authorization|signature|(?:api|private|access|signing)[ _-]?key)`

var nameStarts = []string{"secret", "token", "passw", "passphrase", "credential", "authorization", "signature", "api", "private", "access", "signing"}

var secretForms = []secretForm{
	{"eyj", regexp.MustCompile(`eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]{2,}){1,4}`), 0}, // a JSON Web Token
	{"-----begin", regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`), 0},
	{"bearer ", regexp.MustCompile(`(?i)\bbearer +([A-Za-z0-9._~+/=-]{6,})`), 1},
	{"key=", regexp.MustCompile(`(?i)[?&;]key=([^&\s"'<>#]+)`), 1},
	{"sig=", regexp.MustCompile(`(?i)[?&;]sig=([^&\s"'<>#]+)`), 1},
	{"<input", regexp.MustCompile(`(?is)<input\b[^<>]*` + secretName + `[^<>]*?\bvalue\s*=\s*("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)`), 1},
	{"<input", regexp.MustCompile(`(?is)<input\b[^<>]*?\bvalue\s*=\s*("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)[^<>]*` + secretName), 1},
	{"</", regexp.MustCompile(`(?is)<[\w:-]*` + secretName + `[^<>]*>([^<>]+)</`), 1},
	{"name=", regexp.MustCompile(`(?i)\bname="[^"\r\n]*` + secretName + `[^"\r\n]*"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n([^\r\n]+)`), 1}, // multipart
}

// namedForm matches a name and its value, which may be quoted as in JSON, in a text of JSON, or in HTML.
var namedForm = regexp.MustCompile(`(?is)^` + secretName + `[\w-]*(?:\\?["']|&quot;|&#34;|&#x22;)?\s*[:=]\s*(?:(?:bearer|basic|digest) +)?` +
	`(\\"(?:[^"\\]|\\\\.)*\\"|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*'|&quot;.*?&quot;|&#34;.*?&#34;|&#x22;.*?&#x22;|[^\s&,;"'<>\\}]+)`)

// basicForm finds what may be credentials of HTTP's Basic scheme.
var basicForm = regexp.MustCompile(`(?i)\bbasic +([A-Za-z0-9+/]{4,}={0,2})`)

// clean removes credentials from a text: those that are known, and others by their form or the name before them.
func (s *Scrubber) clean(v string) string {
	lower := lowered(v)
	named := slices.ContainsFunc(nameStarts, func(start string) bool { return strings.Contains(lower, start) })
	for i, f := range secretForms {
		if strings.Contains(lower, f.needs) && (named || i < formsWithoutName) {
			v = s.cut(v, f.find.FindAllStringSubmatchIndex(v, -1), f.group, func(string) bool { return true })
		}
	}
	if strings.Contains(lower, "basic ") {
		v = s.cut(v, basicForm.FindAllStringSubmatchIndex(v, -1), 1, func(found string) bool {
			plain, err := base64.StdEncoding.DecodeString(found)
			return err == nil && strings.Contains(string(plain), ":")
		})
	}
	if named && strings.ContainsAny(v, ":=") {
		v = s.cut(v, namedValues(v), 1, func(string) bool { return true })
	}
	return s.secrets.Text(v)
}

// formsWithoutName are how many of secretForms, at the beginning, need no name.
const formsWithoutName = 5

// lowered returns a text of the same length with ASCII letters in lower case.
func lowered(v string) string {
	out := []byte(v)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

// namedValues returns where namedForm matches, in order.
func namedValues(v string) (places [][]int) {
	lower := lowered(v)
	var starts []int
	for _, start := range nameStarts {
		for at := strings.Index(lower, start); at >= 0; {
			starts = append(starts, at)
			next := strings.Index(lower[at+1:], start)
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	slices.Sort(starts)
	end := 0
	for _, at := range starts {
		if at < end {
			continue
		}
		if place := namedForm.FindStringSubmatchIndex(v[at:]); place != nil {
			for i := range place {
				place[i] += at
			}
			places, end = append(places, place), place[1]
		}
	}
	return places
}

// cut replaces a group of what an expression found, and learns it if it looks like no word.
func (s *Scrubber) cut(v string, places [][]int, group int, is func(string) bool) string {
	var out strings.Builder
	end := 0
	for _, place := range places {
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
	if end == 0 {
		return v
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
