package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
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

// redactor removes credentials and values of the target from everything that is printed, written or returned as an error. The
// values are the e-mail addresses, phone numbers, names, and each three words in a row of other texts in the replies of a target that
// is not our own fake.
type redactor struct {
	redact.Secrets
	idle     bool // remove nothing: our own fake in this process, whose keys are in the documentation
	personal bool // remove values, too
	off      bool // do not clean reports: for tests of the scan
	most     int  // values to remember, of about 100 bytes each

	mu      sync.Mutex
	values  map[string]value // by the text as find looks it up
	allowed map[string]bool  // words that the user of the kit wrote, such as the names of accounts
	full    bool
	bodies  bodyCache[bool] // replies that were read
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

// removedMark replaces a value of the target.
const removedMark = "[removed]"

const mostValues = 1 << 20

func newRedactor(personal bool, secrets ...string) *redactor {
	c := &redactor{personal: personal, most: mostValues, values: map[string]value{}, allowed: map[string]bool{}}
	c.Add(secrets...)
	return c
}

// allow lets the words of texts leave although a reply holds them.
func (c *redactor) allow(texts ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range texts {
		for _, w := range wordForm.FindAllString(text, -1) {
			c.allowed[w] = true
		}
	}
}

// note remembers the values of a reply. Every word of a body that is not JSON, such as half a reply, counts as a name.
func (c *redactor) note(body []byte, header http.Header) {
	if !c.personal {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, values := range header {
		if !strings.HasPrefix(name, "X-Aircallapi") && name != "Date" && name != "Etag" {
			c.noteContacts(strings.Join(values, " "), true)
		}
	}
	c.bodies.get(body, func(body []byte) bool {
		var v any
		if json.Unmarshal(body, &v) == nil {
			c.noteJSON("", v)
			return true
		}
		for _, text := range redact.Decoded(string(body)) {
			c.noteText("name", text)
		}
		return true
	})
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

var (
	emailForm = regexp.MustCompile(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)*`)
	phoneForm = regexp.MustCompile(`\+?[(]?\d(?:[ ().\-/\x{a0}\x{2010}\x{2011}\x{202f}]{0,3}\d){6,}`)
	urlForm   = regexp.MustCompile(`https?://[^\s"'<>\\)]+`)
	wordForm  = regexp.MustCompile(`[\pL\pM\pN]+`)
	dateForm  = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)
	notDigits = regexp.MustCompile(`\D+`)
)

// noteText remembers the values of a text that the target sent under a key.
func (c *redactor) noteText(key, text string) {
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(key, part) })
	}
	if has("recording", "voicemail", "asset") {
		for _, url := range urlForm.FindAllString(text, -1) {
			c.keep(url, freeText)
		}
	}
	text = urlForm.ReplaceAllString(text, " ") // other URLs lead to the API
	c.noteContacts(text, has("digits", "phone", "number", "value", "raw"))
	words := wordForm.FindAllString(text, -1)
	for i, w := range words {
		if (key == "name" || strings.HasSuffix(key, "_name")) && identifies(w) && !c.ours(w) {
			c.keep(w, personName)
		}
		if i >= 2 && !c.ours(words[i-2:i+1]...) {
			c.keep(strings.Join(words[i-2:i+1], " "), freeText)
		}
	}
}

// identifies reports whether a word of a name is long enough to point to its bearer.
func identifies(word string) bool {
	n := utf8.RuneCountInString(word)
	return strings.IndexFunc(word, unicode.IsLetter) >= 0 && (n > 2 || n == 2 && len(word) > 4) // two signs of a script without cases
}

// noteContacts remembers e-mail addresses and phone numbers. Digits without punctuation are a phone number only where one is
// expected.
func (c *redactor) noteContacts(text string, expected bool) {
	for _, e := range emailForm.FindAllString(text, -1) {
		c.keep(strings.ToLower(e), email)
	}
	if dateForm.MatchString(text) {
		return
	}
	for _, p := range phoneForm.FindAllString(text, -1) {
		if expected || notDigits.MatchString(p) {
			c.keep(phoneKey(p), phone)
		}
	}
}

// phoneKey returns the last digits of a phone number, which are the same with and without its country.
func phoneKey(number string) string {
	digits := notDigits.ReplaceAllString(number, "")
	return digits[max(0, len(digits)-nationalDigits):]
}

// nationalDigits is how many digits of a phone number identify it, with and without its country.
const nationalDigits = 9

func (c *redactor) keep(text string, v value) {
	if _, known := c.values[text]; known || ourWords()[text] {
		return
	}
	if c.full = c.full || len(c.values) >= c.most; !c.full {
		c.values[text] = v
	}
}

// ourWords are the words, e-mail addresses and phone numbers of the features, of the reference and of its examples. A report is
// made of them, so that none of them points to anybody.
var ourWords = sync.OnceValue(func() map[string]bool {
	texts := []string{binding.Reference()}
	for _, f := range binding.All() {
		texts = append(texts, f.Example)
	}
	_ = fs.WalkDir(features.FS, ".", func(path string, d fs.DirEntry, err error) error {
		data, _ := fs.ReadFile(features.FS, path) // nothing of a directory
		texts = append(texts, string(data))
		return err
	})
	all := strings.Join(texts, " ")
	ours := map[string]bool{}
	for _, w := range append(wordForm.FindAllString(all, -1), emailForm.FindAllString(all, -1)...) {
		ours[w] = true
		ours[strings.ToLower(w)] = true
	}
	for _, p := range phoneForm.FindAllString(all, -1) {
		ours[phoneKey(p)] = true
	}
	return ours
})

// ours reports whether the kit or its user writes all of the words. Figures are nobody's.
func (c *redactor) ours(words ...string) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		return strings.IndexFunc(w, unicode.IsLetter) >= 0 && !ourWords()[w] && !c.allowed[w]
	})
}

// find returns where a text holds values, and the kind of the first.
func (c *redactor) find(text string) (spans []redact.Span, kind value) {
	look := func(text string, at []int) {
		if v, ok := c.values[text]; ok {
			spans = append(spans, redact.Span{From: at[0], To: at[1]})
			kind = cmp.Or(kind, v)
		}
	}
	for _, at := range emailForm.FindAllStringIndex(text, -1) {
		look(strings.ToLower(text[at[0]:at[1]]), at)
	}
	for _, at := range phoneForm.FindAllStringIndex(text, -1) {
		digits := notDigits.ReplaceAllString(text[at[0]:at[1]], "")
		for end := min(nationalDigits, len(digits)); end <= len(digits); end++ {
			look(digits[max(0, end-nationalDigits):end], at)
		}
	}
	for _, at := range urlForm.FindAllStringIndex(text, -1) {
		look(text[at[0]:at[1]], at)
	}
	var words []string
	var from []int
	for _, at := range wordForm.FindAllStringIndex(text, -1) {
		words, from = append(words, text[at[0]:at[1]]), append(from, at[0])
		look(words[len(words)-1], at)
		if n := len(words); n >= 3 {
			look(strings.Join(words[n-3:], " "), []int{from[n-3], at[1]})
		}
	}
	return spans, kind
}

// clean removes credentials and values from a text, and returns the kind of the first, "" if there was none.
func (c *redactor) clean(text string) (clean string, kind value) {
	clean = c.Text(text)
	if clean != text {
		kind = credential
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.values) == 0 {
		return clean, kind
	}
	return redact.Clean(clean, removedMark, func(text string) []redact.Span {
		spans, first := c.find(text)
		kind = cmp.Or(kind, first)
		return spans
	}), kind
}

// writer removes credentials from everything that is written to w, and values unless they may be shown.
func (c *redactor) writer(w io.Writer, showValues bool) io.Writer {
	if c.idle {
		return w
	}
	if showValues {
		return c.Secrets.Writer(w)
	}
	return &redact.Writer{W: w, Clean: func(text string) string {
		text, _ = c.clean(text)
		return text
	}}
}

// err removes credentials and values from the text of an error.
func (c *redactor) err(err error) error {
	if err == nil || c.idle {
		return err
	}
	text, _ := c.clean(err.Error())
	return &unanswered{text, err}
}

// report removes credentials and values from every text of a report, and notes in it how many texts held them.
func (c *redactor) report(rep *report.Report) {
	if c.idle || c.off {
		return
	}
	removed := c.texts(rep)
	for i := range rep.Scenarios {
		rep.Scenarios[i].Saw.How, _ = c.clean(rep.Scenarios[i].Saw.How)
	}
	for _, v := range slices.Sorted(maps.Keys(removed)) {
		rep.Removed = append(rep.Removed, fmt.Sprintf("%s, in %s", v, report.Plural(removed[v], "text")))
	}
	if c.full {
		rep.Removed = append(rep.Removed, fmt.Sprintf("only the first %d values of the target: the report may hold others", c.most))
	}
}

// texts cleans every text of a report that is written, and counts by kind those that held something. The keys of maps are
// names that the kit gives.
func (c *redactor) texts(rep *report.Report) map[value]int {
	removed := map[value]int{}
	harmless := map[string]bool{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
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
			text := v.String()
			if v.Type() != reflect.TypeFor[string]() || harmless[text] {
				return
			}
			clean, kind := c.clean(text)
			if kind == "" {
				harmless[text] = true
				return
			}
			removed[kind]++
			v.SetString(clean)
		}
	}
	walk(reflect.ValueOf(rep))
	return removed
}

// scan fails if a finished file holds a credential, or run.json a value of the target: then redaction is broken. The other files are
// made of the same report as run.json.
func (c *redactor) scan(name string, data []byte) error {
	if c.idle {
		return nil
	}
	what := map[value]int{}
	var rep report.Report
	if json.Unmarshal(data, &rep) == nil && rep.Footer != nil {
		what = c.texts(&rep)
	}
	if c.Text(string(data)) != string(data) {
		what[credential]++
	}
	for v := range what {
		return exits(ExitDefect, fmt.Errorf("%s holds %s, so no report is written: this is a defect of the kit", name, v))
	}
	return nil
}
