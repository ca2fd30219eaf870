package pull

import (
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A settingForm is the form of a setting that stays. A value of another form does not stay.
type settingForm struct {
	oneOf   []string
	pattern *regexp.Regexp
	is      func(string) bool
}

func (f settingForm) accepts(value string) bool {
	return (f.oneOf == nil || slices.Contains(f.oneOf, value)) &&
		(f.pattern == nil || f.pattern.MatchString(value)) && (f.is == nil || f.is(value))
}

// settingForms are the settings that stay, by their path in an account of the file. It is an allow list: the fixtures have the
// words that are known, and only these fields are read as settings.
var settingForms = sync.OnceValue(func() map[string]settingForm {
	known := map[string]fakeaircall.FixtureField{}
	for _, kind := range fakeaircall.FixtureKinds() {
		for _, f := range kind.Fields {
			known[kind.Name+"."+f.Name] = f
		}
	}
	forms := map[string]settingForm{
		"users.language":    {pattern: regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`)},
		"users.time_zone":   {is: isZone},
		"numbers.time_zone": {is: isZone},
		"numbers.country":   {pattern: regexp.MustCompile(`^[A-Z]{2}$`)},
		"tags.color":        {pattern: regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)},
		"contacts.label":    {oneOf: usualLabels},
		"calls.system_tag":  {oneOf: systemTags()},
		"numbers.messages":  {oneOf: []string{"true", "false"}},
		"calls.raw_digits":  {oneOf: []string{anonymous}},
		"webhooks.events":   {oneOf: fakeaircall.EventNames()},
	}
	for _, name := range []string{"users.availability_status", "users.substatus", "numbers.availability_status", "calls.direction", "calls.missed_call_reason"} {
		forms[name] = settingForm{oneOf: known[name].Enum}
	}
	return forms
})

const anonymous = "anonymous"

var zoneForm = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}$`)

func isZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && zoneForm.MatchString(name) && name != "Local"
}

// systemTags returns the names of the tags that every account has.
var systemTags = sync.OnceValue(func() (names []string) {
	fake, err := fakeaircall.New(fakeaircall.Options{Scale: fakeaircall.ScaleEmpty, Clock: latestClock})
	if err != nil {
		return nil
	}
	defer fake.Close()
	found, _, _ := fake.Account("default").Tags(fakeaircall.Query{})
	for _, t := range found {
		names = append(names, t.Name)
	}
	return names
})

// setting returns a setting of a record, or nil if it has none, or one that is not known.
func (m *maker) setting(path string, value string) *string {
	if value == "" {
		return nil
	}
	if !settingForms()[path].accepts(value) {
		m.unknown[path]++
		return nil
	}
	return &value
}
