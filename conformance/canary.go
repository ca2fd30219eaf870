package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/features"
)

// canary knows what must not leave: the credentials, and, of a target that is not our own fake, every e-mail, phone
// number, name, recording and longer text that its replies held. It keeps hashes of those, not the texts. Redaction
// works without it; this is what finds that redaction does not work.
type canary struct {
	secrets  []string // in each form that a file might hold them
	personal bool     // look for what the replies held, too
	ownText  string   // what the kit made up itself for this run
	most     int      // of hashes, about 50 bytes each
	mu       sync.Mutex
	own      sync.Once // it was taken out of seen
	seed     maphash.Seed
	seen     map[uint64]mark
	bodies   map[uint64]bool // replies that were looked at
	clean    map[uint64]bool // lines of files that hold nothing
	full     bool
}

// mark is what a text is.
type mark string

const (
	anEmail     mark = "an e-mail address of the target"
	aPhone      mark = "a phone number of the target"
	aName       mark = "a name of the target"
	aText       mark = "a text of the target"
	aRecording  mark = "the address of a recording of the target"
	aCredential mark = "a credential"
)

const mostMarks = 1 << 20

func newCanary(secrets []string, personal bool) *canary {
	c := &canary{personal: personal, most: mostMarks, seed: maphash.MakeSeed(), seen: map[uint64]mark{}, bodies: map[uint64]bool{}, clean: map[uint64]bool{}}
	for _, s := range secrets {
		escaped, _ := json.Marshal(s)
		c.secrets = append(c.secrets, s, strings.Trim(string(escaped), `"`), url.QueryEscape(s), url.PathEscape(s),
			base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)))
	}
	return c
}

// note keeps what a reply holds of people.
func (c *canary) note(body []byte) {
	if !c.personal || len(body) == 0 {
		return
	}
	sum := maphash.Bytes(c.seed, body)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bodies[sum] {
		return
	}
	if len(c.bodies) < c.most {
		c.bodies[sum] = true
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) != nil {
		c.loose(string(body))
		return
	}
	c.walk("", v)
}

// inQuotes are texts as JSON writes them, and as scripts do, with the colon that makes one a key.
var inQuotes = []*regexp.Regexp{
	regexp.MustCompile(`"((?:[^"\\]|\\.)*)"(\s*:)?`),
	regexp.MustCompile(`'((?:[^'\\]|\\.)*)'(\s*:)?`),
}

// loose reads what is no JSON, such as half of a reply: by its keys and their texts where there are any, for else the keys
// themselves would be taken for texts of the target.
func (c *canary) loose(body string) {
	for _, quoted := range inQuotes {
		found := quoted.FindAllStringSubmatch(body, -1)
		if !slices.ContainsFunc(found, func(f []string) bool { return f[2] != "" }) {
			continue
		}
		key := ""
		for _, f := range found {
			if f[2] != "" {
				key = f[1]
				continue
			}
			c.marks(key, unescapeJSON(f[1]), c.keep)
		}
		return
	}
	c.marks("", body, c.keep)
}

// through notes a reply that is not kept otherwise, and hands it on.
func (c *canary) through(resp *http.Response, err error) (*http.Response, error) {
	if err != nil || !c.personal {
		return resp, err
	}
	body, err := readBody(resp)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	c.note(body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// walk gives every text of a value to marks, with its key.
func (c *canary) walk(key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, in := range v {
			c.walk(k, in)
		}
	case []any:
		for _, in := range v {
			c.walk(key, in)
		}
	case string:
		c.marks(key, v, c.keep)
	}
}

func (c *canary) keep(text string, m mark) {
	if len(c.seen) >= c.most {
		c.full = true
		return
	}
	h := c.hash(text)
	if _, known := c.seen[h]; !known {
		c.seen[h] = m
	}
}

func (c *canary) hash(text string) uint64 { return maphash.String(c.seed, text) }

var (
	emailForm  = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)*`)
	digitsForm = regexp.MustCompile(`\+?[(]?\d(?:[ ().\-/\x{a0}\x{2010}\x{2011}\x{202f}]{0,3}\d){6,}`)
	dateForm   = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)
)

// marks finds what there is of people in a text that the target sent under a key.
func (c *canary) marks(key, text string, found func(string, mark)) {
	for _, e := range emailForm.FindAllString(text, -1) {
		found(strings.ToLower(e), anEmail)
	}
	if !dateForm.MatchString(text) {
		for _, p := range runsOfDigits(text) {
			if strings.HasPrefix(p, "+") || keyOfPhone(key) || strings.Trim(p, "0123456789") != "" {
				found(phoneEnd(digitsOf(p)), aPhone)
			}
		}
	}
	if strings.HasPrefix(text, "http") && len(text) > 12 {
		if strings.Contains(key, "recording") || strings.Contains(key, "voicemail") || strings.Contains(key, "asset") {
			found(text, aRecording)
		}
		return
	}
	if strings.Contains(text, "http") { // what leads to the API is no text of somebody's, wherever it stands
		text = addressForm.ReplaceAllString(text, " ")
	}
	words := wordsOf(text)
	if key == "name" || strings.HasSuffix(key, "_name") {
		for i, w := range words {
			if tellsAlone(w, len(words) == 1) {
				found(w, aName)
			}
			if i > 0 {
				found(words[i-1]+" "+w, aName)
			}
		}
	}
	for i := 2; i < len(words); i++ {
		if three := strings.Join(words[i-2:i+1], " "); strings.IndexFunc(three, unicode.IsLetter) >= 0 {
			found(three, aText)
		}
	}
}

// runsOfDigits gives what could be phone numbers. Most texts have too few digits to be looked at.
func runsOfDigits(text string) []string {
	n := 0
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			if n++; n == 7 {
				return digitsForm.FindAllString(text, -1)
			}
		}
	}
	return nil
}

func keyOfPhone(key string) bool {
	for _, part := range []string{"digits", "phone", "number", "value", "raw"} {
		if strings.Contains(key, part) {
			return true
		}
	}
	return false
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// nationalDigits is how many digits of a phone number identify it, with and without its country.
const nationalDigits = 9

func phoneEnd(digits string) string {
	return "tel:" + digits[max(0, len(digits)-nationalDigits):]
}

// wordsOf cuts a text at everything that is neither letter nor digit.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

// tellsAlone says whether a word of a name points to it without its neighbours. "de" and "line" do not.
func tellsAlone(word string, all bool) bool {
	first, _ := utf8.DecodeRuneInString(word)
	n := utf8.RuneCountInString(word)
	if strings.IndexFunc(word, unicode.IsLetter) < 0 {
		return false
	}
	if n == 2 && !unicode.IsLower(first) && !unicode.IsUpper(first) {
		return true // a name in a script without cases
	}
	return n >= 3 && (!unicode.IsLower(first) || strings.ContainsAny(word, "0123456789") || all && n >= 4)
}

// find says what a file holds that must not leave, "" if nothing. What the kit says in every run, own, is not the
// target's, though a person may be called so.
//
// A file is read line by line: nothing that is looked for holds the end of one, and most lines stand in several files.
func (c *canary) find(data []byte, own func() ([]byte, error)) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.own.Do(func() { // what the kit ships is no secret of the target's
		if len(c.seen) > 0 {
			c.grams(ownWords()+" "+c.ownText, func(h uint64) { delete(c.seen, h) })
		}
	})
	hits := map[uint64]mark{}
	for line := range bytes.Lines(data) {
		sum := maphash.Bytes(c.seed, line)
		if c.clean[sum] {
			continue
		}
		before := len(hits)
		for _, view := range views(string(line)) {
			if c.holdsSecret(view) {
				return string(aCredential), nil
			}
			if c.personal {
				c.hits(view, hits)
			}
		}
		if len(hits) == before && len(c.clean) < c.most {
			c.clean[sum] = true
		}
	}
	if c.full {
		return fmt.Sprintf("perhaps personal data, of which the target has more than the %d texts that are looked for", c.most), nil
	}
	if len(hits) == 0 {
		return "", nil
	}
	said, err := own()
	if err != nil {
		return "", err
	}
	for _, text := range views(string(said)) {
		c.grams(text, func(h uint64) { delete(hits, h) })
	}
	for _, m := range []mark{anEmail, aPhone, aName, aRecording, aText} {
		for _, hit := range hits {
			if hit == m {
				return string(m), nil
			}
		}
	}
	return "", nil
}

func (c *canary) holdsSecret(text string) bool {
	for _, s := range c.secrets {
		if strings.Contains(text, s) {
			return true
		}
	}
	return false
}

func (c *canary) hits(text string, into map[uint64]mark) {
	c.grams(text, func(h uint64) {
		if m, ok := c.seen[h]; ok {
			into[h] = m
		}
	})
}

var addressForm = regexp.MustCompile(`https?://[^\s"'<>\\)]+`)

// grams gives the hash of everything in a text that could be something marked.
func (c *canary) grams(text string, each func(uint64)) {
	if strings.Contains(text, "@") {
		for _, e := range emailForm.FindAllString(text, -1) {
			each(c.hash(strings.ToLower(e)))
		}
	}
	if strings.Contains(text, "http") {
		for _, a := range addressForm.FindAllString(text, -1) {
			each(c.hash(a))
		}
	}
	for _, run := range runsOfDigits(text) {
		digits := digitsOf(run)
		each(c.hash(phoneEnd(digits)))
		for i := 0; i+nationalDigits < len(digits); i++ {
			each(c.hash(phoneEnd(digits[i : i+nationalDigits])))
		}
	}
	var before, first string
	for _, w := range wordsOf(text) {
		each(c.hash(w))
		each(c.hash(before + " " + w))
		each(c.hash(first + " " + before + " " + w))
		first, before = before, w
	}
}

// ownWords are the texts that the kit ships.
var ownWords = sync.OnceValue(func() string {
	var b strings.Builder
	b.WriteString(binding.Reference())
	for _, f := range binding.All() {
		b.WriteString("\n" + f.Example)
	}
	_ = fs.WalkDir(features.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, _ := fs.ReadFile(features.FS, path)
			b.WriteString("\n")
			b.Write(data)
		}
		return nil
	})
	return b.String()
})

// views are a file as it stands, and as it reads once the escapes of HTML, JSON and addresses are undone.
func views(data string) []string {
	all := []string{data}
	for _, undo := range []func(string) string{html.UnescapeString, unescapeJSON, unescapePercent} {
		last := all[len(all)-1]
		if next := undo(last); next != last {
			all = append(all, next)
		}
	}
	return all
}

var (
	jsonEscape    = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\[/"\\]`)
	percentEscape = regexp.MustCompile(`(?:%[0-9a-fA-F]{2})+`)
)

func unescapeJSON(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return jsonEscape.ReplaceAllStringFunc(s, func(e string) string {
		var out string
		if json.Unmarshal([]byte(`"`+e+`"`), &out) != nil {
			return e
		}
		return out
	})
}

func unescapePercent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	return percentEscape.ReplaceAllStringFunc(s, func(e string) string {
		if out, err := url.PathUnescape(e); err == nil {
			return out
		}
		return e
	})
}
