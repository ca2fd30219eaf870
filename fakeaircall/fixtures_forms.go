package fakeaircall

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A FixtureField describes a kind of fixtures, or a field of one.
type FixtureField struct {
	Name         string
	Type         string // id, integer, boolean, time, string, reference, sound, object, or a list: integers, strings, references, objects
	New, Always  bool   // a new entry needs it; every entry needs it
	Null         bool   // it can be cleared
	Doc, Example string
	Pattern      string   // a regular expression for a string; "": any string
	Enum         []string // of a string, or of the elements of strings
	Least, Most  int64    // of an integer, or of the elements of integers
	Length       int      // of a list; 0: any
	Fields       []FixtureField
}

// FixtureKinds describes the fields of Fixtures, in their order.
func FixtureKinds() []FixtureField { return fixtureFields(reflect.TypeFor[Fixtures](), "") }

// fixtureFields describes the fields of a type. A field without an example has that in the example of the object.
func fixtureFields(of reflect.Type, object string) (fields []FixtureField) {
	for i := range of.NumField() {
		sf := of.Field(i)
		words := strings.Fields(cmp.Or(sf.Tag.Get("fix"), "objects"))
		form := fixtureForms[words[0]]
		f := form.field(sf.Tag.Get("json"))
		f.Doc, f.Example = sf.Tag.Get("doc"), cmp.Or(sf.Tag.Get("eg"), exampleIn(object, f.Name))
		f.New, f.Always, f.Null = slices.Contains(words, "new"), slices.Contains(words, "always"), slices.Contains(words, "null")
		f.Length, _ = strconv.Atoi(sf.Tag.Get("length")) // 0 without one
		if f.Fields == nil && (f.Type == "objects" || f.Type == "object") {
			f.Fields = fixtureFields(sf.Type.Elem(), f.Example)
		}
		fields = append(fields, f)
	}
	return fields
}

// exampleIn returns the value of a field in the example of an object, or "".
func exampleIn(object, field string) string {
	_, value, found := strings.Cut(object, field+": ")
	if text, quoted := strings.CutPrefix(value, `"`); found && quoted {
		value, _, _ = strings.Cut(text, `"`)
		return value
	}
	end := max(strings.IndexAny(value, ",}"), 0)
	return value[:end]
}

// field describes a field whose value has the form.
func (form fixtureForm) field(name string) FixtureField {
	f := FixtureField{Name: name, Type: form.kind, Pattern: form.pattern, Enum: form.oneOf, Least: form.least, Most: form.most, Example: form.example}
	for _, key := range form.keys {
		f.Fields = append(f.Fields, fixtureForms[form.each].field(key))
	}
	return f
}

// A fixtureForm is how a value is written.
type fixtureForm struct {
	kind    string
	pattern string
	oneOf   []string
	check   func(string) error // instead of pattern
	details *detailKind        // of phones and e-mails

	least, most int64    // of integers
	unit        string   // of integers; "": they are counts
	keys        []string // of an object that is a map
	each        string   // the form of the values of keys
	example     string   // of a value of keys
}

const phonePattern = `^\+[0-9 .()-]{4,40}$`

// fixtureForms are the forms by the names that tags have.
var fixtureForms = map[string]fixtureForm{
	"id":           {kind: "id", least: 1, most: maxFixtureID},
	"seconds":      {kind: "integer", most: day, unit: "seconds"},
	"attempts":     {kind: "integer", least: 1, most: maxCallAttempts},
	"priority":     {kind: "integer", most: 1},
	"calls":        {kind: "integer", least: 1, most: MaxCallsPerDay},
	"leg":          {kind: "integer", least: 1, most: int64(maxLeg / time.Second), unit: "seconds"},
	"count":        {kind: "integer", most: maxTally, example: "12"},
	"counts":       {kind: "integers", most: maxTally},
	"boolean":      {kind: "boolean"},
	"time":         {kind: "time"},
	"text":         {kind: "string", pattern: `\S`},
	"email":        {kind: "string", pattern: `^[^@\s]+@[^@\s]+\.[^@\s]+$`, check: emailDetails.check},
	"phone":        {kind: "string", pattern: phonePattern, check: phoneDetails.check},
	"party":        {kind: "string", pattern: phonePattern + "|^anonymous$", check: checkParty},
	"zone":         {kind: "string", pattern: `^[A-Z][A-Za-z0-9_+/-]*$`, check: validTimeZone},
	"country":      {kind: "string", pattern: `^[A-Z]{2}$`},
	"extension":    {kind: "string", pattern: `^[0-9]{3,8}$`},
	"color":        {kind: "string", pattern: hexColor.String()},
	"url":          {kind: "string", pattern: `^https?://[^/\s]`, check: checkWebhookURL},
	"availability": {kind: "string", oneOf: availabilityStatuses},
	"substatus":    {kind: "string", oneOf: substatuses},
	"opening":      {kind: "string", oneOf: []string{"open", "custom", "closed"}},
	"direction":    {kind: "string", oneOf: []string{"inbound", "outbound"}},
	"reason":       {kind: "string", oneOf: missedReasons},
	"reference":    {kind: "reference", pattern: `\S`},
	"references":   {kind: "references", pattern: `\S`},
	"events":       {kind: "strings", oneOf: EventNames()},
	"team":         {kind: "string", pattern: `\S`, check: checkTeamName},
	"sound":        {kind: "sound", pattern: `^true$|^false$|^https://[^/\s]`, check: checkSound, example: "true"},
	"code":         {kind: "string", pattern: `^[A-Z][A-Z0-9_]{0,39}$`},
	"tier":         {kind: "string", pattern: `^TIER_[A-Z0-9_]{1,30}$`},
	"object":       {kind: "object"},
	"messages":     {kind: "object", keys: messageNames(), each: "sound"},
	"inbound":      {kind: "object", keys: countedOutcomes(true), each: "count"},
	"outbound":     {kind: "object", keys: countedOutcomes(false), each: "count"},
	"objects":      {kind: "objects"},
	"phones":       {kind: "objects", details: &phoneDetails},
	"emails":       {kind: "objects", details: &emailDetails},
}

func checkParty(s string) error {
	if s == "anonymous" {
		return nil
	}
	return phoneDetails.check(s)
}

// checkTeamName has the limit of the API, see createTeam.
func checkTeamName(s string) error {
	if strings.TrimSpace(s) == "" {
		return errBlank
	}
	if utf8.RuneCountInString(s) > maxTeamName {
		return fmt.Errorf("%d characters, the maximum is %d", utf8.RuneCountInString(s), maxTeamName)
	}
	return nil
}

// checkSound does not quote a URL, which may have a secret in its query.
func checkSound(s string) error {
	if u, err := url.Parse(s); s != "true" && s != "false" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return errors.New("give true, false or an https URL")
	}
	return nil
}

const (
	maxFixtures   = 50_000        // of a kind
	maxFixtureID  = 1 << 50       // leaves enough larger ids that JSON numbers can hold
	maxFixtureSet = 1000          // elements of a list of strings
	maxTally      = 1_000_000_000 // calls that a statistic counts
)
