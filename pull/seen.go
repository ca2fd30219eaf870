package pull

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/aircallkit/aircallkit/internal/redact"
)

// seen is everything that was read: each word, each number of at least six digits, and each text. A made-up value that holds
// any of it is drawn again, and a file that does is not written.
type seen struct {
	words  map[string]bool
	long   map[string][]string // words and texts of at least shortestPart bytes, by how they begin
	digits map[string][]string // numbers, by how they begin
	added  map[string]bool     // texts, and parts of the two maps above

	texts   []string       // long enough to look for them in other encodings
	secrets redact.Secrets // the texts; find needs them
}

const (
	shortestPart   = 6   // bytes of a word that is also found within another, and digits of a number
	longestText    = 300 // bytes of a text that is found without its blanks and punctuation
	shortestSecret = 12  // bytes of a text that is looked for in other encodings
)

func newSeen() *seen {
	return &seen{words: map[string]bool{}, long: map[string][]string{}, digits: map[string][]string{}, added: map[string]bool{}}
}

// ours are the words that a file has whatever was read: parts of reserved domains and URLs, forms of companies, the names in
// the documentation's examples, and the usual labels. The keys of the file, and its settings, are checked by their place.
var ours = func() map[string]bool {
	words := map[string]bool{}
	for _, text := range append([]string{"https http example com invalid Inc and Sons LLC Group John Johnny Johnson Johnathan anonymous"}, usualLabels...) {
		for _, w := range wordForm.FindAllString(text, -1) {
			words[fold(w)] = true
		}
	}
	return words
}()

var (
	wordForm   = regexp.MustCompile(`[\pL\pM\pN]+`)
	numberForm = regexp.MustCompile(`\d(?:[ ().\-/\x{a0}\x{2010}\x{2011}\x{202f}]{0,3}\d){5,}`)
	packedForm = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}={0,2}`)
	notDigits  = regexp.MustCompile(`\D+`)
)

// fold returns a text in lower case and without invisible characters.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// addJSON adds the texts and numbers of a value. The keys of objects are those of the API, and nothing of the file.
func (s *seen) addJSON(v any) {
	switch v := v.(type) {
	case orderedjson.Object:
		for _, m := range v {
			s.addJSON(m.Value)
		}
	case []any:
		for _, e := range v {
			s.addJSON(e)
		}
	case json.Number:
		s.addDigits(v.String())
	case string:
		s.add(v)
	}
}

// add adds a text in all forms that it may stand for. Instants only move, so that they may reappear.
func (s *seen) add(text string) {
	if s.added[text] || text == "" {
		return
	}
	s.added[text] = true
	if _, err := time.Parse(time.RFC3339, text); err == nil {
		return
	}
	for _, form := range forms(text) {
		form = fold(form)
		words := theirWords(form)
		for _, w := range words {
			s.addWord(w)
		}
		joined := strings.Join(words, "")
		whole := len(form) <= longestText && !strings.Contains(form, "://") // the words of a URL are enough
		if whole && len(words) > 1 {
			s.addPart(joined)
		}
		if whole && len(joined) >= shortestSecret {
			s.texts = append(s.texts, form)
		}
		for _, n := range numberForm.FindAllString(form, -1) {
			s.addDigits(n)
		}
	}
}

// complete prepares find. Nothing may be added after it.
func (s *seen) complete() {
	s.secrets.Add(s.texts...)
	s.texts = nil
}

// theirWords returns the words of a text that are not ours.
func theirWords(text string) []string {
	return slices.DeleteFunc(wordForm.FindAllString(text, -1), func(w string) bool { return ours[w] })
}

func (s *seen) addWord(word string) {
	if s.words[word] || !hasLetter(word) || utf8.RuneCountInString(word) < 2 && len(word) < 3 {
		return
	}
	s.words[word] = true
	s.addPart(word)
	if len(word) >= shortestSecret {
		s.texts = append(s.texts, word)
	}
}

func (s *seen) addPart(text string) {
	if len(text) >= shortestPart && hasLetter(text) {
		s.addTo(s.long, text)
	}
}

func (s *seen) addDigits(number string) {
	n := notDigits.ReplaceAllString(number, "")
	if len(n) < shortestPart {
		return
	}
	s.addTo(s.digits, n)
	if len(n) > nationalDigits { // a phone number without its country
		s.addTo(s.digits, n[len(n)-nationalDigits:])
	}
}

func (s *seen) addTo(parts map[string][]string, text string) {
	if key := "\x00" + text; !s.added[key] {
		s.added[key] = true
		parts[text[:shortestPart]] = append(parts[text[:shortestPart]], text)
	}
}

func hasLetter(text string) bool { return strings.IndexFunc(text, unicode.IsLetter) >= 0 }

// forms returns a text, and what it says if its escapes are decoded, or if a part of it is in base64 or hexadecimal.
func forms(text string) []string {
	all := redact.Decoded(text)
	for _, form := range all[:len(all):len(all)] {
		for _, packed := range packedForm.FindAllString(form, -1) {
			for _, inside := range unpack(packed) {
				all = append(all, redact.Decoded(inside)...)
			}
		}
	}
	return all
}

// unpack returns the texts that a word may be the base64 or the hexadecimal form of.
func unpack(packed string) (texts []string) {
	try := func(data []byte, err error) {
		if err == nil && len(data) > 3 && utf8.Valid(data) && strings.IndexFunc(string(data), unicode.IsControl) < 0 {
			texts = append(texts, string(data))
		}
	}
	bare := strings.TrimRight(packed, "=")
	try(base64.RawStdEncoding.DecodeString(bare))
	try(base64.RawURLEncoding.DecodeString(bare))
	try(hex.DecodeString(bare))
	return texts
}

// find returns what kind of thing that was read a made-up value holds, or "".
func (s *seen) find(value string) string {
	for _, form := range forms(value) {
		form = fold(form)
		words := theirWords(form)
		if slices.ContainsFunc(words, func(w string) bool { return s.words[w] }) {
			return "a word"
		}
		if holdsPart(s.long, strings.Join(words, "")) {
			return "a text"
		}
		if holdsPart(s.digits, notDigits.ReplaceAllString(form, "")) {
			return "a number"
		}
	}
	if s.secrets.Text(value) != value {
		return "a text in another encoding"
	}
	return ""
}

func holdsPart(parts map[string][]string, text string) bool {
	for i := 0; i+shortestPart <= len(text); i++ {
		for _, part := range parts[text[i:i+shortestPart]] {
			if strings.HasPrefix(text[i:], part) {
				return true
			}
		}
	}
	return false
}
