package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

func compiledConfigSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := json.Marshal(configSchema())
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("config.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid reports whether the schema accepts a file.
func valid(t *testing.T, s *jsonschema.Schema, text string) bool {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc) == nil
}

// serveConfig reads a file as serve does, and starts a server with it.
func serveConfig(t *testing.T, text string) error {
	t.Helper()
	file := filepath.Join(t.TempDir(), "fake.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := readConfig(file)
	if err != nil {
		return err
	}
	c.checkFixtures()
	if err := c.err(); err != nil {
		return err
	}
	o := fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Clock: noonOfFixtures, Fixtures: map[string]fakeaircall.Fixtures{}}
	for _, e := range c.Accounts {
		o.Fixtures[e.Name] = e.Fixtures
		o.Accounts = append(o.Accounts, fakeaircall.Account{Name: e.Name, Bearer: "b-" + e.Name})
	}
	srv, err := fakeaircall.New(checked(t, o))
	if err == nil {
		err = srv.Close()
	}
	return c.explain(err)
}

var noonOfFixtures = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

const account = "accounts:\n  - name: default\n"

// The schema and serve accept the same files, except for mistakes that no schema can express.
func TestConfigSchemaAgrees(t *testing.T) {
	s := compiledConfigSchema(t)
	for _, tt := range []struct {
		name, text string
		line       string // in the error of serve; "": serve accepts it
		beyond     bool   // no schema can express it
	}{
		{"user", account + "    users: [{first_name: A, last_name: B, email: a@example.com}]", "", false},
		{"JSON", `{"accounts": [{"name": "default", "tags": [{"name": "Late", "color": "#AA3300"}]}]}`, "", false},
		{"override", account + "    contacts: [{id: 5678, last_name: null}]", "", false},
		{"unix", account + "    contacts: [{id: 5678, created_at: 1760000000}]", "", false},
		{"empty list", account + "    tags: []", "", false},
		{"unknown field", account + "    tags: [{name: x, color: \"#AA3300\", hue: red}]", `:3: tags[0]: unknown field "hue"`, false},
		{"unknown kind", account + "    squads: []", `:3: unknown field "squads"`, false},
		{"missing", account + "    tags:\n      - name: x", `:4: tags[0]: color is missing`, false},
		{"number for text", account + "    tags: [{name: 7, color: \"#AA3300\"}]", `:3: tags[0].name: give a text`, false},
		{"text for number", account + "    users:\n    - id: 1\n      wrap_up_time: long", `:5: users[0].wrap_up_time: give a whole number`, false},
		{"text for boolean", account + "    webhooks: [{url: https://example.com, active: \"yes\"}]", `:3: webhooks[0].active: give true or false`, false},
		{"no list", account + "    calls: {}", `:3: calls: give a list`, false},
		{"no object", account + "    calls: [7]", `:3: calls[0]: give an object`, false},
		{"null", account + "    tags: [{name: null, color: \"#AA3300\"}]", `:3: tags[0].name: null does not belong here`, false},
		{"bad date", account + "    contacts: [{id: 5678, created_at: monday}]", `:3: contacts[0].created_at: give a time`, false},
		{"zero id", account + "    contacts: [{id: 0, first_name: x}]", `:3: contacts[0].id: give a whole number`, false},
		{"enum", account + "    numbers: [{name: x, digits: \"+33199001234\", availability_status: shut}]", `:3: numbers[0].availability_status: "shut": give one of`, false},
		{"event", account + "    webhooks: [{url: https://example.com, events: [call.sung]}]", `:3: webhooks[0].events[0]: "call.sung" is not known`, false},
		{"color", account + "    tags: [{name: x, color: red}]", `:3: tags[0].color: "red"`, false},
		{"label", account + "    contacts: [{id: 5678, emails: [{value: a@example.com}]}]", `:3: contacts[0].emails[0]: label is missing`, false},
		{"messages", account + "    numbers: [{name: x, digits: \"+33199001234\", priority: 1, messages: {welcome: true, ivr: false, closed: \"https://example.com/a.mp3\"}, whatsapp: {}}]", "", false},
		{"teams", account + "    teams: [{name: Paris, users: [owner@default.example.com]}]", "", false},
		{"traffic", account + "    traffic: {calls_per_day: 7, weekdays: [1, 0, 0, 0, 0, 0, 0], outcomes: {inbound: {answered: 3, voicemail: 0}, outbound: {unanswered: 1}}}", "", false},
		{"no URL", account + "    numbers:\n      - id: 700\n        messages:\n          welcome: nice", `:6: numbers[0].messages.welcome: give true, false or an https URL`, false},
		{"no sound", account + "    numbers:\n      - id: 700\n        messages:\n          welcome: 7", `:6: numbers[0].messages.welcome: give true, false or a URL`, false},
		{"message", account + "    numbers:\n      - id: 700\n        messages:\n          hello: true", `:6: numbers[0].messages: unknown field "hello": give welcome, waiting, `, false},
		{"priority", account + "    numbers: [{id: 700, priority: 2}]", `:3: numbers[0].priority: 2: give 0 to 1`, false},
		{"attempts", account + "    campaigns: [{name: x, call_attempts: 0}]", `:3: campaigns[0].call_attempts: 0: give 1 to 10`, false},
		{"wrap-up", account + "    users: [{id: 1, wrap_up_time: 86401}]", `:3: users[0].wrap_up_time: 86401: give 0 to 86400`, false},
		{"large id", account + "    contacts: [{id: 1125899906842625, first_name: x}]", `:3: contacts[0].id: 1125899906842625 is not an id`, false},
		{"no traffic", account + "    traffic: null", `:3: traffic: null does not belong here: give an object`, false},
		{"traffic as a list", account + "    traffic: [7]", `:3: traffic: give an object with calls_per_day, hours, weekdays, outcomes`, false},
		{"hours", account + "    traffic:\n      calls_per_day: 7\n      hours: [1, 2]", `:5: traffic.hours: 2 elements: give 24`, false},
		{"text for hours", account + "    traffic:\n      hours: many", `:4: traffic.hours: give a list of whole numbers`, false},
		{"weekday", account + "    traffic:\n      weekdays:\n        [1, 1, 1, 1, 1,\n         x, 1]", `:6: traffic.weekdays[5]: give a whole number`, false},
		{"negative weekday", account + "    traffic:\n      weekdays: [1, 1, 1, 1, 1, -1, 1]", `:4: traffic.weekdays[5]: -1: give 0 or more`, false},
		{"negative outcome", account + "    traffic:\n      outcomes: {inbound: {answered: -5}}", `:4: traffic.outcomes.inbound.answered: -5: give 0 or more`, false},
		{"negative id", account + "    contacts: [{id: -7, first_name: x}]", `:3: contacts[0].id: give a whole number from 1`, false},
		{"negative wrap-up", account + "    users: [{id: 1, wrap_up_time: -1}]", `:3: users[0].wrap_up_time: -1: give 0 to 86400`, false},
		{"calls at weekends only", account + "    traffic: {calls_per_day: 50, weekdays: [0, 0, 0, 0, 0, 1, 1]}", "", false},
		{"quiet weekdays", account + "    traffic:\n      weekdays: [0, 0, 0, 0, 0, 0, 0]", `:4: traffic.weekdays: there are no calls`, false},
		{"outcome", account + "    traffic:\n      outcomes:\n        outbound:\n          lost: 3", `:6: traffic.outcomes.outbound: unknown field "lost": give answered, unanswered`, false},
		{"quiet outcomes", account + "    traffic:\n      outcomes: {inbound: {answered: 0}}", `:4: traffic.outcomes: there are no calls`, true},
		{"long name of a team", account + "    teams:\n      - name: " + strings.Repeat("x", 65), `:4: teams[0].name: 65 characters, the maximum is 64`, true},
		{"missing user", account + "    numbers:\n      - name: x\n        digits: +33 1 99 00 12 34\n        users:\n          - 7", `:7: numbers[0].users[0]: there is no user "7"`, true},
		{"id twice", account + "    tags:\n      - {id: 1, name: x, color: \"#AA3300\"}\n      - {id: 1, name: y, color: \"#AA3300\"}", `:5: tags[1].id: 1 is the id of tags[0] already`, true},
		{"nothing to override", account + "    tags:\n      - {id: 1, name: x}", `:4: tags[0]: color is missing`, true},
		{"phone", account + "    contacts: [{id: 5678, phone_numbers: [{label: x, value: \"12\"}]}]", `:3: contacts[0].phone_numbers[0].value: "12" is not a valid phone`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := serveConfig(t, tt.text)
			switch {
			case tt.line == "" && err != nil:
				t.Errorf("serve does not accept it: %v", err)
			case tt.line != "" && (err == nil || !strings.Contains(err.Error(), tt.line)):
				t.Errorf("got %v\nwant %s", err, tt.line)
			}
			if got, want := valid(t, s, tt.text), tt.line == "" || tt.beyond; got != want {
				t.Errorf("the schema accepts it: %v", got)
			}
		})
	}
}

// The schema and serve accept the examples in docs/fixtures.md, and its table is up to date.
func TestFixturesPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "fixtures.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := 0
	for _, rest := range strings.Split(string(page), "```yaml\n")[1:] {
		example, _, _ := strings.Cut(rest, "```")
		if !strings.Contains(example, "accounts:\n") {
			continue
		}
		if examples++; !valid(t, compiledConfigSchema(t), example) {
			t.Errorf("the schema does not accept the example\n%s", example)
		}
		if err := serveConfig(t, example); err != nil {
			t.Errorf("%v in\n%s", err, example)
		}
	}
	if examples < 4 {
		t.Errorf("docs/fixtures.md has %d examples", examples)
	}
	table := fixtureTable()
	if *update {
		before, _, _ := strings.Cut(string(page), tableMark)
		if err := os.WriteFile(filepath.Join("..", "..", "docs", "fixtures.md"), []byte(before+tableMark+table), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if _, got, _ := strings.Cut(string(page), tableMark); got != table {
		t.Error("docs/fixtures.md is out of date: go test ./cmd/aircallkit -run TestFixturesPage -update")
	}
}

const tableMark = "## The fields\n"

// fixtureTable returns the end of docs/fixtures.md.
func fixtureTable() string {
	var b strings.Builder
	b.WriteString("\nGenerated from the table. **Bold**: a new entry needs it. ∅: null clears it.\n")
	var rows func(prefix string, fields []fakeaircall.FixtureField)
	rows = func(prefix string, fields []fakeaircall.FixtureField) {
		for _, f := range fields {
			name := "`" + prefix + f.Name + "`"
			if f.New || f.Always {
				name = "**" + name + "**"
			}
			if f.Null {
				name += " ∅"
			}
			doc := f.Doc
			if len(f.Enum) > 0 && len(f.Enum) < 10 {
				doc = strings.TrimSpace(strings.Join(f.Enum, ", ") + ". " + doc)
			}
			if f.Most > 0 && f.Type != "id" {
				doc = strings.TrimSpace(fmt.Sprintf("%d to %d. %s", f.Least, f.Most, doc))
			}
			kind := f.Type
			if f.Type == "object" && f.Fields[0].Doc == "" { // its values are alike
				var keys []string
				for _, of := range f.Fields {
					keys = append(keys, "`"+of.Name+"`")
				}
				kind += " of " + f.Fields[0].Type
				doc = strings.TrimSpace(doc + " Keys: " + strings.Join(keys, ", ") + ".")
				f.Fields = nil
			}
			example := ""
			if f.Example != "" {
				example = "`" + f.Example + "`"
			}
			b.WriteString("| " + name + " | " + kind + " | " + example + " | " + doc + " |\n")
			below := prefix + f.Name + "."
			if f.Type == "objects" {
				below = prefix + f.Name + "[]."
			}
			rows(below, f.Fields)
		}
	}
	for _, kind := range fakeaircall.FixtureKinds() {
		b.WriteString("\n### " + kind.Name + "\n\n" + kind.Doc + "\n\n| field | kind | example | |\n|---|---|---|---|\n")
		rows("", kind.Fields)
	}
	return b.String()
}

// A field that several objects have shows an example of its object.
func TestFixtureExamples(t *testing.T) {
	got := map[string]string{}
	var collect func(at string, fields []fakeaircall.FixtureField)
	collect = func(at string, fields []fakeaircall.FixtureField) {
		for _, f := range fields {
			got[at+f.Name] = f.Example
			collect(at+f.Name+".", f.Fields)
		}
	}
	collect("", fakeaircall.FixtureKinds())
	for field, want := range map[string]string{
		"contacts.phone_numbers.value": "+33 1 99 00 56 78", "contacts.emails.value": "jane@acme.example.com", "contacts.emails.label": "Work",
		"traffic.ring_seconds.median": "8", "traffic.ring_seconds.p90": "25", "traffic.talk_seconds.median": "95", "traffic.talk_seconds.p90": "420",
	} {
		if got[field] != want {
			t.Errorf("%s has the example %q, want %q", field, got[field], want)
		}
	}
}

// A file of hostile aliases is refused quickly.
func TestAliasesEnd(t *testing.T) {
	for _, text := range []string{
		"accounts: &a [*a]", "accounts: &a *a", "accounts: &a\n  <<: *a", "accounts: *nobody", "scale: &a {<<: *a}",
		"a: &a [x,x]\nb: &b [*a,*a]\naccounts: &c [*b,*b,*c]", "apps: &a\n  - &b {<<: [*b, *b], redirect_uris: *a}",
	} {
		if err := serveConfig(t, text); err == nil {
			t.Errorf("%s was accepted", text)
		}
	}
}

// Each command that reads YAML refuses a file that would cost the parser gigabytes or minutes, and names the line.
func TestHostileYAML(t *testing.T) {
	const many = 20_000
	files := map[string]struct{ text, want string }{
		"brackets.yaml": {"\n- " + strings.Repeat("[", many), ":2: more than 50 lists and objects within each other"},
		"dashes.yaml":   {"\n" + strings.Repeat("- ", many) + "x", ":2: more than 50 lists and objects within each other"},
		"braces.yaml":   {strings.Repeat("{a: ", many), ":1: more than 50 lists and objects within each other"},
		"keys.yaml":     {strings.Repeat("a: 1\n", many), ":1001: an object with more than 1000 keys"},
	}
	dir := t.TempDir()
	for name, c := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"serve", "--addr", "127.0.0.1:0", "--config"}, {"check", "--accounts"}, {"lua", "-e", "print(1)", "--accounts"},
			{"conformance", "--target", "live", "--accounts"}, {"conformance", "--known"}, {"docs", "check", "--lock"},
		} {
			var stderr bytes.Buffer
			code := checkedProcess(t, strings.NewReader(""), io.Discard, &stderr).run(t.Context(), append(args, path))
			got := strings.Replace(strings.Replace(stderr.String(), "lock:", path+":", 1), ": line ", ":", 1)
			if code == 0 || !strings.Contains(got, path+c.want) || len(got) > 1000 {
				t.Errorf("%s: exit code %d, %.1000s", strings.Join(append(args, name), " "), code, got)
			}
		}
	}
}
