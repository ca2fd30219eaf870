package pull

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// scan reads the finished file and fails if it holds anything that was read and does not belong to the settings that stay. It
// does not know how the file was made: a key or a value of any other kind fails, too.
func scan(file []byte, s *seen) error {
	rest, ok := strings.CutPrefix(string(file), header)
	if !ok {
		return defect("header", "an unknown text")
	}
	var tree any
	if err := yaml.UnmarshalWithOptions([]byte(rest), &tree, yaml.UseOrderedMap()); err != nil {
		return defect("file", "something that is not YAML")
	}
	c := &scanner{s, knownKeys()}
	return c.walk("", tree)
}

func defect(path, what string) error {
	return fmt.Errorf("%s of the twin holds %s that was read, so no file was written: this is a defect of aircallkit", path, what)
}

type scanner struct {
	seen *seen
	keys map[string]bool
}

// knownKeys are the keys of the file.
func knownKeys() map[string]bool {
	keys := map[string]bool{}
	for _, k := range []string{"clock", "speed", "seed", "scale", "assume", "accounts", "name", "api_id", "api_token", "bearer", "user"} {
		keys[k] = true
	}
	for _, a := range fakeaircall.Assumptions() {
		keys[a.ID] = true
	}
	var add func(fields []fakeaircall.FixtureField)
	add = func(fields []fakeaircall.FixtureField) {
		for _, f := range fields {
			keys[f.Name] = true
			add(f.Fields)
		}
	}
	add(fakeaircall.FixtureKinds())
	return keys
}

// walk checks a value. Its path has the keys without the places in lists, such as accounts.users.email.
func (c *scanner) walk(path string, v any) error {
	switch v := v.(type) {
	case yaml.MapSlice:
		for _, item := range v {
			key, _ := item.Key.(string)
			if !c.keys[key] {
				return defect("a key of "+path, "a text")
			}
			if err := c.walk(strings.TrimPrefix(path+"."+key, "."), item.Value); err != nil {
				return err
			}
		}
	case []any:
		for _, e := range v {
			if err := c.walk(path, e); err != nil {
				return err
			}
		}
	case string:
		return c.text(path, v)
	case bool, nil:
	default:
		if what := c.seen.find(fmt.Sprint(v)); what != "" && !counts(path) {
			return defect(path, what)
		}
	}
	return nil
}

// counts reports whether a number says how much or how long, or is the seed of the file.
func counts(path string) bool {
	return path == "seed" || path == "speed" || strings.HasSuffix(path, ".wrap_up_time") || strings.HasPrefix(path, "accounts.traffic.")
}

// instants are the paths of times, which moved.
var instants = regexp.MustCompile(`^clock$|_at$`)

// text checks a text: a setting by its form, and any other by what was read.
func (c *scanner) text(path, text string) error {
	inside := strings.TrimPrefix(path, "accounts.")
	switch {
	case instants.MatchString(path):
		if _, err := time.Parse(time.RFC3339, text); err != nil {
			return defect(path, "a text")
		}
		return nil
	case path == "scale" && text == string(fakeaircall.ScaleEmpty), strings.HasPrefix(inside, "assume."), c.isCredential(inside, text):
		return nil
	}
	setting := map[string]string{"contacts.phone_numbers.label": "contacts.label", "contacts.emails.label": "contacts.label", "calls.tags": "calls.system_tag"}[inside]
	if setting == "" {
		setting = inside
	}
	if f, ok := settingForms()[setting]; ok {
		if f.accepts(text) {
			return nil
		}
		if setting == inside && setting != "calls.raw_digits" {
			return defect(path, "a setting that is not known")
		}
	}
	if what := c.seen.find(text); what != "" {
		return defect(path, what)
	}
	return nil
}

// isCredential reports whether a text is the name of an account, which its owner chose, or a credential made of it.
func (c *scanner) isCredential(inside, text string) bool {
	switch inside {
	case "name":
		return true
	case "api_id", "api_token", "bearer":
		return strings.HasPrefix(text, "fake-")
	}
	return false
}
