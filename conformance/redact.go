package conformance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/features"
	"github.com/aircallkit/aircallkit/internal/redact"
)

// redactor removes what must not leave a run: credentials and, of a target that is not our own fake, the e-mail addresses,
// phone numbers, names and longer texts that its replies held. It keeps hashes of those, at most mostValues. Everything
// that is printed, written or returned as an error goes through it.
type redactor struct {
	redact.Secrets
	personal bool // the values of the target must not leave, either
	off      bool // reports are not cleaned: for tests of what must then be noticed
	most     int  // hashes, of about 50 bytes each

	mu      sync.Mutex
	seen    map[uint64]value
	allowed map[uint64]bool // what the user of the kit said, such as the names of accounts
	bodies  map[uint64]bool // replies that were read
	full    bool
}

// value is a kind of thing that must not leave.
type value string

const (
	credential value = "a credential"
	email      value = "an e-mail address of the target"
	phone      value = "a phone number of the target"
	personName value = "a name of the target"
	freeText   value = "a text of the target"
)

// removedMark stands in the place of a value of the target.
const removedMark = "[removed]"

const mostValues = 1 << 20

// hashSeed is one for the process, so that the texts that the kit ships are hashed once.
var hashSeed = maphash.MakeSeed()

func newRedactor(personal bool, secrets ...string) *redactor {
	c := &redactor{personal: personal, most: mostValues, seen: map[uint64]value{}, allowed: map[uint64]bool{}, bodies: map[uint64]bool{}}
	c.Add(secrets...)
	return c
}

// allow lets texts leave that a reply may hold as well.
func (c *redactor) allow(texts ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range texts {
		candidates(text, func(h uint64, _, _ int) { c.allowed[h] = true })
	}
}

// note remembers what a reply holds of people.
func (c *redactor) note(body []byte) {
	if !c.personal || len(body) == 0 {
		return
	}
	sum := maphash.Bytes(hashSeed, body)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bodies[sum] {
		return
	}
	if len(c.bodies) < c.most {
		c.bodies[sum] = true
	}
	var v any
	if json.Unmarshal(body, &v) != nil {
		c.noteBroken(string(body))
		return
	}
	c.noteJSON("", v)
}

// noteHeader remembers the e-mail addresses and phone numbers among the header fields, whose names are none of people's.
func (c *redactor) noteHeader(h http.Header) {
	if !c.personal {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, values := range h {
		if !strings.HasPrefix(name, "X-Aircallapi") && name != "Date" && name != "Etag" {
			for _, v := range values {
				c.noteContacts(v, true)
			}
		}
	}
}

// through notes a reply that is not kept otherwise, and hands it on.
func (c *redactor) through(resp *http.Response, err error) (*http.Response, error) {
	if err != nil || !c.personal {
		return resp, err
	}
	body, err := readBody(resp)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	c.note(body)
	c.noteHeader(resp.Header)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (c *redactor) noteJSON(key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, in := range v {
			c.noteContacts(k, false)
			c.noteJSON(k, in)
		}
	case []any:
		for _, in := range v {
			c.noteJSON(key, in)
		}
	case string:
		c.noteText(key, v)
	}
}

// quoted are texts as JSON and as scripts write them, with the colon that makes one a key.
var quoted = regexp.MustCompile(`(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')(\s*:)?`)

// noteBroken reads what is not JSON, such as half a reply: by its keys and texts if it has keys, or the keys would be
// taken for texts of the target.
func (c *redactor) noteBroken(body string) {
	found := quoted.FindAllStringSubmatch(body, -1)
	if !slices.ContainsFunc(found, func(f []string) bool { return f[3] != "" }) {
		c.noteText("", body)
		return
	}
	key := ""
	for _, f := range found {
		text := cmp.Or(f[1], f[2])
		if f[3] != "" {
			key = text
			continue
		}
		for v := range redact.Views(text) {
			c.noteText(key, v.Text)
		}
	}
}

var (
	emailForm   = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)*`)
	phoneForm   = regexp.MustCompile(`\+?[(]?\d(?:[ ().\-/\x{a0}\x{2010}\x{2011}\x{202f}]{0,3}\d){6,}`)
	dateForm    = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)
	addressForm = regexp.MustCompile(`https?://[^\s"'<>\\)]+`)
)

// noteText remembers what a text that the target sent under a key holds of people.
func (c *redactor) noteText(key, text string) {
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(key, p) })
	}
	c.noteContacts(text, has("digits", "phone", "number", "value", "raw"))
	audio := has("recording", "voicemail", "asset")
	if !audio {
		text = addressForm.ReplaceAllString(text, " ") // what leads to the API is nobody's text
	}
	words := wordsOf(text)
	name := key == "name" || strings.HasSuffix(key, "_name")
	for i, w := range words {
		if name && identifies(w.text, len(words) == 1) {
			c.keep(gram(words[i:i+1]), personName)
		}
		if name && i > 0 {
			c.keep(gram(words[i-1:i+1]), personName)
		}
		if run := text[words[max(i-2, 0)].from:w.to]; i > 1 && strings.IndexFunc(run, unicode.IsLetter) >= 0 && (audio || !ourTexts().say(words[i-2:i+1])) {
			c.keep(gram(words[i-2:i+1]), freeText)
		}
	}
}

// noteContacts remembers e-mail addresses and phone numbers. A number without signs is a phone number only where one is
// expected.
func (c *redactor) noteContacts(text string, expected bool) {
	if strings.Contains(text, "@") {
		for _, e := range emailForm.FindAllString(text, -1) {
			c.keep(hashOf(strings.ToLower(e)), email)
		}
	}
	if dateForm.MatchString(text) {
		return
	}
	for _, at := range phonesIn(text) {
		if p := text[at[0]:at[1]]; expected || strings.HasPrefix(p, "+") || strings.Trim(p, "0123456789") != "" {
			c.keep(phoneEnd(digitsOf(p)), phone)
		}
	}
}

func (c *redactor) keep(h uint64, v value) {
	if _, known := c.seen[h]; known {
		return
	}
	if c.full = c.full || len(c.seen) >= c.most; !c.full {
		c.seen[h] = v
	}
}

func hashOf(text string) uint64 { return maphash.String(hashSeed, text) }

// phonesIn returns where phone numbers may stand. Most texts have too few digits to be looked at.
func phonesIn(text string) [][]int {
	n := 0
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			if n++; n == 7 {
				return phoneForm.FindAllStringIndex(text, -1)
			}
		}
	}
	return nil
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

func phoneEnd(digits string) uint64 {
	return hashOf("tel:" + digits[max(0, len(digits)-nationalDigits):])
}

// word is a run of letters and digits, and where it stands.
type word struct {
	text     string
	from, to int
}

func wordsOf(text string) (words []word) {
	from := -1
	for i, r := range text {
		in := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		if in && from < 0 {
			from = i
		} else if !in && from >= 0 {
			words = append(words, word{text[from:i], from, i})
			from = -1
		}
	}
	if from >= 0 {
		words = append(words, word{text[from:], from, len(text)})
	}
	return words
}

// gram hashes words that follow each other, whatever stands between them.
func gram(words []word) uint64 {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	for _, w := range words {
		h.WriteString(w.text)
		h.WriteByte(' ')
	}
	return h.Sum64()
}

// identifies says whether a word of a name points to its bearer without its neighbors. "de" and "line" do not.
func identifies(word string, alone bool) bool {
	first, _ := utf8.DecodeRuneInString(word)
	n := utf8.RuneCountInString(word)
	switch {
	case strings.IndexFunc(word, unicode.IsLetter) < 0:
		return false
	case n == 2:
		return !unicode.IsLower(first) && !unicode.IsUpper(first) // a script without cases
	}
	return n >= 3 && (!unicode.IsLower(first) || strings.ContainsAny(word, "0123456789") || alone && n >= 4)
}

// candidates calls each with the hash and the place of everything in a text that could be a value.
func candidates(text string, each func(h uint64, from, to int)) {
	if strings.Contains(text, "@") {
		for _, at := range emailForm.FindAllStringIndex(text, -1) {
			each(hashOf(strings.ToLower(text[at[0]:at[1]])), at[0], at[1])
		}
	}
	for _, at := range phonesIn(text) {
		digits := digitsOf(text[at[0]:at[1]])
		each(phoneEnd(digits), at[0], at[1])
		for i := 0; i+nationalDigits < len(digits); i++ {
			each(phoneEnd(digits[:i+nationalDigits]), at[0], at[1])
		}
	}
	words := wordsOf(text)
	for i, w := range words {
		for n := 1; n <= 3 && n <= i+1; n++ {
			from := words[i+1-n].from
			each(gram(words[i+1-n:i+1]), from, w.to)
		}
	}
}

// shippedTexts are the features, the reference and its examples.
type shippedTexts struct {
	candidates map[uint64]bool // somebody is called Page, and the kit says so, too
	words      map[string]bool // in lower case
}

var ourTexts = sync.OnceValue(func() shippedTexts {
	own := shippedTexts{map[uint64]bool{}, map[string]bool{}}
	add := func(text string) {
		candidates(text, func(h uint64, _, _ int) { own.candidates[h] = true })
		for _, w := range wordsOf(text) {
			own.words[strings.ToLower(w.text)] = true
		}
	}
	add(binding.Reference())
	for _, f := range binding.All() {
		add(f.Example)
	}
	_ = fs.WalkDir(features.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, _ := fs.ReadFile(features.FS, path)
			add(string(data))
		}
		return nil
	})
	return own
})

// say reports whether the kit itself uses all of the words. "The first of" or "a message in" point to nobody, and the
// ids of scenarios and the advice of the kit consist of such words.
func (t shippedTexts) say(words []word) bool {
	return !slices.ContainsFunc(words, func(w word) bool {
		return strings.IndexFunc(w.text, unicode.IsLetter) >= 0 && !t.words[strings.ToLower(w.text)]
	})
}

// clean removes credentials and values from a text, and counts them in removed unless it is nil.
func (c *redactor) clean(text string, removed map[value]int) string {
	secrets := c.Find(text)
	text = redact.Replace(text, secrets, redact.Mark)
	var spans []redact.Span
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(secrets) > 0 && removed != nil {
		removed[credential]++
	}
	if len(c.seen) == 0 {
		return text
	}
	own := ourTexts().candidates
	var found value
	for v := range redact.Views(text) {
		candidates(v.Text, func(h uint64, from, to int) {
			if is, ok := c.seen[h]; ok && !own[h] && !c.allowed[h] {
				spans = append(spans, v.Map(from, to))
				if found == "" || found == freeText {
					found = is
				}
			}
		})
	}
	if len(spans) > 0 && removed != nil {
		removed[found]++
	}
	return redact.Replace(text, spans, removedMark)
}

// writer removes from all that is written to w: credentials, and values unless they may be shown.
func (c *redactor) writer(w io.Writer, showValues bool) io.Writer {
	if !c.personal {
		return w // our own fake: its data is made up, and its keys are in the documentation
	}
	if showValues {
		return c.Secrets.Writer(w)
	}
	return &redact.Writer{W: w, Clean: func(text string) string { return c.clean(text, nil) }}
}

// cleanError is an error whose text holds nothing that must not leave.
type cleanError struct {
	text string
	err  error
}

func (e *cleanError) Error() string { return e.text }
func (e *cleanError) Unwrap() error { return e.err }

// err removes credentials and values from the text of an error.
func (c *redactor) err(err error) error {
	if err == nil || !c.personal {
		return err
	}
	if text := c.clean(err.Error(), nil); text != err.Error() {
		return &cleanError{text, err}
	}
	return err
}

// report removes credentials and values from every text of a report, and says in it how many.
func (c *redactor) report(rep *report.Report) {
	if !c.personal || c.off {
		return
	}
	removed := map[value]int{}
	c.texts(rep, removed)
	for i := range rep.Scenarios {
		how := &rep.Scenarios[i].Saw.How
		*how = c.clean(*how, removed)
	}
	for _, v := range slices.Sorted(maps.Keys(removed)) {
		rep.Removed = append(rep.Removed, fmt.Sprintf("%s, in %s", v, report.Plural(removed[v], "text")))
	}
	if c.full {
		rep.Removed = append(rep.Removed, fmt.Sprintf("nothing beyond the first %d texts of the target, which were not looked for", c.most))
	}
}

// texts cleans every text that v, a pointer, leads to. Keys of maps are names that the kit gives.
func (c *redactor) texts(v any, removed map[value]int) {
	known := map[string]string{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
					walk(v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.String:
			if !v.CanSet() || v.Type() != reflect.TypeFor[string]() {
				return
			}
			text := v.String()
			out, ok := known[text]
			if !ok {
				if out = c.clean(text, removed); out == text {
					known[text] = out
				}
			}
			if out != text {
				v.SetString(out)
			}
		}
	}
	walk(reflect.ValueOf(v))
}

// scan looks through a finished file, and fails if it holds what must not leave: then redaction is broken. Texts of run.json
// are looked through for values; the other files are made of the same.
func (c *redactor) scan(name string, data []byte) error {
	if what := c.leak(data); what != "" {
		return exits(ExitDefect, fmt.Errorf("%s holds %s, so no report is written: this is a defect of the kit", name, what))
	}
	return nil
}

// leak says what a finished file holds that must not leave, "" if nothing: that redaction is broken. Texts of run.json
// are looked through; the other files are made of the same.
func (c *redactor) leak(data []byte) value {
	if !c.personal {
		return ""
	}
	if len(c.Find(string(data))) > 0 {
		return credential
	}
	var rep report.Report
	if json.Unmarshal(data, &rep) != nil || rep.Footer == nil {
		return ""
	}
	removed := map[value]int{}
	c.texts(&rep, removed)
	for _, v := range []value{credential, email, phone, personName, freeText} {
		if removed[v] > 0 {
			return v
		}
	}
	return ""
}
