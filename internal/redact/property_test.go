package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// forms are ways to write a secret that do not escape single characters.
var forms = map[string]func(string) string{
	"plain":          func(s string) string { return s },
	"upper case":     strings.ToUpper,
	"hex":            func(s string) string { return hex.EncodeToString([]byte(s)) },
	"HEX":            func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64, raw":    func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
	"base64url":      func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
	"base64url, raw": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
}

var named = strings.NewReplacer("-", "&#45;", "_", "&lowbar;", ".", "&period;", "/", "&sol;", "+", "&plus;", "=", "&equals;", ":", "&colon;", "&", "&amp;", "<", "&lt;", `"`, "&quot;")

// layers are escapes, and separators that split a text.
var layers = map[string]func(string) string{
	"none":            func(s string) string { return s },
	"query":           url.QueryEscape,
	"path":            url.PathEscape,
	"percent":         func(s string) string { return every("%%%02x", s) },
	"HTML":            html.EscapeString,
	"HTML, named":     named.Replace,
	"HTML, decimal":   func(s string) string { return runes("&#%d;", s) },
	"HTML, hex":       func(s string) string { return runes("&#x%X;", s) },
	"HTML, unended":   func(s string) string { return runes("&#%07d", s) },
	"JSON":            func(s string) string { q, _ := json.Marshal(s); return string(q[1 : len(q)-1]) },
	"JSON, each":      func(s string) string { return runes(`\u%04x`, s) },
	"JavaScript":      func(s string) string { return runes(`\u{%x}`, s) },
	"Go":              func(s string) string { return every(`\x%02X`, s) },
	"split":           func(s string) string { return split(s, 1, " ") },
	"split in fives":  func(s string) string { return split(s, 5, "\r\n") },
	"zero width":      func(s string) string { return split(s, 3, "\u200b\u2060") },
	"soft hyphens":    func(s string) string { return split(s, 4, "\u00ad\ufeff") },
	"soft line break": func(s string) string { return split(s, 7, "=\r\n") },
}

// runes escapes each character of a text in the same way.
func runes(format, text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

func split(s string, n int, by string) string {
	var parts []string
	for part := range slices.Chunk([]rune(s), n) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, by)
}

// TestNoFormSurvives: whatever the secret, its encoding, the escapes around it and whatever surrounds it, only the mark is left.
func TestNoFormSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[0-9a-f]{8,32}`).Draw(t, "id")
		token := rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9_.+/~!$&<>"'=-]{14,60}[A-Za-z0-9]`).Draw(t, "token")
		var s Secrets
		s.Add(id, token, id+":"+token)
		secret := rapid.SampledFrom([]string{token, id + ":" + token, "id:" + token, ":" + token, "user:" + token + ":x"}).Draw(t, "what")
		form := rapid.SampledFrom(sorted(forms)).Draw(t, "form")
		text := forms[form](secret)
		beside := forms[form](strings.Replace(secret, token, "", 1)) + "1234567890==" // and what the edges of base64 keep
		for range 2 {
			layer := layers[rapid.SampledFrom(sorted(layers)).Draw(t, "layer")]
			text, beside = layer(text), layer(beside)
		}
		before := rapid.SampledFrom([]string{"", "error: ", "<b>", `{"name":"`, "100% of ", "Location: https://h/?t="}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", ", sorry", "</b>", `"}`, "&page=1", " of it"}).Draw(t, "after")
		got := s.Text(before + text + after)
		left := strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(got, Mark, ""), before), after)
		most := len(beside)
		if (secret == token || secret == id+":"+token) && !strings.HasPrefix(form, "base64") {
			most = 0
		}
		if !strings.Contains(got, Mark) || len(left) > most || s.Text(got) != got {
			t.Fatalf("%s of %q: %q became %q", form, secret, before+text+after, got)
		}
	})
}

func sorted[T any](m map[string]T) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestTimeIsLinear: no text takes much longer than another of its length.
func TestTimeIsLinear(t *testing.T) {
	var s Secrets
	for i := range 100 { // of many accounts
		s.Add(fmt.Sprintf("%024d-%d", i, i), strings.Repeat("a", 60)+fmt.Sprint(i), strings.Repeat("%41", 20)+fmt.Sprint(i))
	}
	for name, unit := range map[string]string{
		"words": "an ordinary word ", "same": "a", "zeros": "0", "percent": "%41", "percents": "%25", "half": "%", "entities": "&#65;", "open": "&",
		"JSON": `\u0061`, "backslashes": `\`, "spaces": " ", "zero width": "\u200b", "quoted": "=41", "not UTF-8": "\xff", "cut off": "aaaaaa…",
	} {
		start := time.Now()
		s.Text(strings.Repeat(unit, (64<<10)/len(unit)))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("64 KiB of %s took %v", name, took)
		}
	}
}
