package fakeaircall

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A FixtureMistake is a mistake in fixtures.
type FixtureMistake struct {
	Account string
	Path    string // such as contacts[3].phone_numbers[0].value; "" for all fixtures of the account
	Problem string // with what to do
}

func (m FixtureMistake) String() string {
	return fmt.Sprintf("account %.60q: %s: %s", m.Account, m.Path, m.Problem)
}

// FixtureMistakes are all mistakes in fixtures.
type FixtureMistakes []FixtureMistake

func (ms FixtureMistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.String()
	}
	return "options: fixtures: " + strings.Join(lines, "\n")
}

// A formCheck collects mistakes in single entries.
type formCheck struct {
	account string
	wrong   FixtureMistakes
}

// Check returns the mistakes that single entries have, or nil. If there are none, New also checks the entries against the
// data of the account. Account is for the mistakes.
func (fx Fixtures) Check(account string) FixtureMistakes {
	c := formCheck{account: account}
	c.check(fx)
	return c.wrong
}

func (c *formCheck) say(path, format string, args ...any) {
	c.wrong = append(c.wrong, FixtureMistake{c.account, path, fmt.Sprintf(format, args...)})
}

func (c *formCheck) check(fx Fixtures) {
	v := reflect.ValueOf(fx)
	for i, kind := range FixtureKinds() {
		if kind.Type == "objects" {
			c.entries(v.Field(i), kind)
		} else {
			c.value(v.Field(i), kind, formOf(v.Type().Field(i)), kind.Name)
		}
	}
	if fx.Traffic != nil {
		c.traffic(fx.Traffic)
	}
}

// traffic checks the parts of statistics with each other.
func (c *formCheck) traffic(x *TrafficFixture) {
	if x.Outcomes != nil && x.Outcomes.total() <= 0 {
		c.say("traffic.outcomes", "there are no calls: give the counts, or leave it out")
	}
	c.spread(x.RingSeconds, "traffic.ring_seconds")
	c.spread(x.TalkSeconds, "traffic.talk_seconds")
}

func (c *formCheck) spread(s *SpreadFixture, at string) {
	if s != nil && s.Median != nil && s.P90 != nil && *s.P90 < *s.Median {
		c.say(at+".p90", "%d is below the median, %d: give at least as much", *s.P90, *s.Median)
	}
}

// entries checks the entries of a kind.
func (c *formCheck) entries(list reflect.Value, kind FixtureField) {
	if list.Len() > maxFixtures {
		c.say(kind.Name, "%d entries, the maximum is %d", list.Len(), maxFixtures)
		return
	}
	seen := make(map[int64]int)
	for k := range list.Len() {
		path := fmt.Sprintf("%s[%d]", kind.Name, k)
		id := int64(0)
		if kind.Fields[0].Type == "id" {
			id = list.Index(k).Field(0).Int()
		}
		if first, twice := seen[id]; twice && id != 0 {
			c.say(path+".id", "%d is the id of %s[%d] already: give each entry its own", id, kind.Name, first)
		}
		seen[id] = k
		if id == 0 {
			for _, name := range missingFields(list.Index(k)) {
				c.say(path, missingField, name)
			}
		}
		c.entry(list.Index(k), kind, path)
	}
}

func formOf(field reflect.StructField) fixtureForm {
	return fixtureForms[strings.Fields(field.Tag.Get("fix"))[0]]
}

// entry checks the fields of an object.
func (c *formCheck) entry(v reflect.Value, kind FixtureField, path string) {
	for i, f := range kind.Fields {
		value := v.Field(i)
		if f.Always && value.Kind() == reflect.Pointer && value.IsNil() {
			c.say(path, "%s is missing: give it", f.Name)
		}
		c.value(value, f, formOf(v.Type().Field(i)), path+"."+f.Name)
	}
}

// value checks the value of a field, if it is given.
func (c *formCheck) value(value reflect.Value, f FixtureField, form fixtureForm, at string) {
	if value.Kind() == reflect.Pointer && value.IsNil() {
		return
	}
	switch given := value.Interface().(type) {
	case int64:
		if given < 0 || given > f.Most {
			c.say(at, "%d is not an id: give %d to %d, or none", given, f.Least, f.Most)
		}
	case *int64:
		c.integer(*given, form, at)
	case []int64:
		if given != nil {
			c.list(len(given), f, at)
		}
		for k, n := range given {
			c.integer(n, form, fmt.Sprintf("%s[%d]", at, k))
		}
		if given != nil && !slices.ContainsFunc(given, func(n int64) bool { return n > 0 }) {
			c.say(at, "there are no calls: give the counts, or leave it out")
		}
	case *time.Time:
		if !f.Null && given.IsZero() {
			c.say(at, "it cannot be null: give a time, or leave it out")
		}
	case *string:
		if *given != "" || !f.Null {
			c.text(*given, form, at)
		}
	case []string:
		c.list(len(given), f, at)
		for k, s := range given {
			c.text(s, form, fmt.Sprintf("%s[%d]", at, k))
		}
	case map[string]string:
		for _, key := range c.keys(slices.Sorted(maps.Keys(given)), form, at) {
			c.text(given[key], fixtureForms[form.each], at+"."+key)
		}
	case map[string]int64:
		for _, key := range c.keys(slices.Sorted(maps.Keys(given)), form, at) {
			c.integer(given[key], fixtureForms[form.each], at+"."+key)
		}
	default:
		c.objects(value, f, form, at)
	}
}

// objects checks an object, or a list of objects.
func (c *formCheck) objects(value reflect.Value, f FixtureField, form fixtureForm, at string) {
	switch value.Kind() {
	case reflect.Pointer:
		if value.Elem().Kind() == reflect.Struct {
			c.entry(value.Elem(), f, at)
		}
	case reflect.Slice:
		for k := range value.Len() {
			c.entry(value.Index(k), f, fmt.Sprintf("%s[%d]", at, k))
		}
		if form.details != nil {
			c.details(value.Interface().([]DetailFixture), form.details, at)
		}
	}
}

func (c *formCheck) integer(n int64, form fixtureForm, at string) {
	switch {
	case n < 0 && form.most == maxTally: // that many calls nobody has
		c.say(at, "%d: give 0 or more", n)
	case n < form.least || n > form.most:
		c.say(at, "%d: give %s", n, strings.TrimSpace(fmt.Sprint(form.least, " to ", form.most, " ", form.unit)))
	}
}

func (c *formCheck) text(s string, form fixtureForm, at string) {
	if why := form.refuses(s); why != "" {
		c.say(at, "%s", why)
	}
}

// list checks how many elements a list has.
func (c *formCheck) list(n int, f FixtureField, at string) {
	switch {
	case n > maxFixtureSet:
		c.say(at, "%d elements, the maximum is %d", n, maxFixtureSet)
	case f.Length > 0 && n != f.Length:
		c.say(at, "%d elements: give %d", n, f.Length)
	}
}

// keys reports the keys that an object does not have, and returns the others.
func (c *formCheck) keys(given []string, form fixtureForm, at string) []string {
	return slices.DeleteFunc(given, func(key string) bool {
		unknown := !slices.Contains(form.keys, key)
		if unknown {
			c.say(at, "unknown field %.60q: give %s", key, strings.Join(form.keys, ", "))
		}
		return unknown
	})
}

// missingFields returns the fields that a new entry needs and this one lacks.
func missingFields(entry reflect.Value) (names []string) {
	for i := range entry.NumField() {
		field, value := entry.Type().Field(i), entry.Field(i)
		empty := value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0
		if empty && slices.Contains(strings.Fields(field.Tag.Get("fix")), "new") {
			names = append(names, field.Tag.Get("json"))
		}
	}
	return names
}

// missingField is the mistake of a new entry that lacks a field.
const missingField = "%s is missing: a new entry needs it; to change a record, give its id"

func (c *formCheck) details(given []DetailFixture, kind *detailKind, at string) {
	if len(given) > maxDetails {
		c.say(at, "%d entries, the maximum is %d", len(given), maxDetails)
	}
	for k, d := range given {
		if d.Value == nil || strings.TrimSpace(*d.Value) == "" { // entry has reported it
			continue
		}
		if err := kind.check(*d.Value); err != nil {
			c.say(fmt.Sprintf("%s[%d].value", at, k), "%s", plainly(err))
		}
	}
}

var errBlank = errors.New("it is blank: give a text, or leave it out")

// plainly returns the message of an error of the API without its status.
func plainly(err error) string {
	if e, ok := errors.AsType[*apiError](err); ok {
		return e.troubleshoot
	}
	return err.Error()
}

// refuses returns why a value does not have the form, and the form; "": it does. It does not quote a URL, which may have a
// secret in its query.
func (f fixtureForm) refuses(s string) string {
	if f.oneOf != nil && !slices.Contains(f.oneOf, s) {
		if len(f.oneOf) > 10 {
			return fmt.Sprintf("%.60q is not known: aircallkit docs --config-schema lists the values", s)
		}
		return fmt.Sprintf("%.60q: give one of %s", s, strings.Join(f.oneOf, ", "))
	}
	if len(s) > maxWebhookURL {
		return fmt.Sprintf("%d bytes, the maximum is %d", len(s), maxWebhookURL)
	}
	if f.check != nil {
		if err := f.check(s); err != nil {
			return plainly(err)
		}
		return ""
	}
	switch {
	case f.pattern == "":
	case f.pattern == `\S`:
		if strings.TrimSpace(s) == "" {
			return errBlank.Error()
		}
	case !regexp.MustCompile(f.pattern).MatchString(s):
		return fmt.Sprintf("%.60q: give what matches %s", s, f.pattern)
	}
	return ""
}
