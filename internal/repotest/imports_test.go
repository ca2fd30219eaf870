package repotest

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// law lists which of our packages a package may import. A package that is missing here may not exist: a new package is a decision.
var law = map[string][]string{
	"fakeaircall":            {"internal/guard", "internal/suggest"},
	"fakeaircall/control":    {"fakeaircall", "fakeaircall/control/ui"}, // what it needs, test authors can use
	"fakeaircall/control/ui": {"fakeaircall"},
	"boltstore":              {},                                                                                 // an optional store for the fake
	"binding/aircall":        {"internal/redact"},                                                                // works against the real service
	"binding":                {"binding/aircall", "internal/luabox", "internal/orderedjson", "internal/suggest"}, // a user of Lua does not link a test server
	"features":               {},                                                                                 // text
	"conformance":            {"conformance/docscheck", "conformance/drift", "conformance/report", "conformance/scenario", "conformance/wirecheck", "fakeaircall", "fakeaircall/control", "binding", "binding/aircall", "features", "internal/contract", "internal/orderedjson", "internal/redact", "internal/suggest", "internal/yamllimit"},
	"conformance/docscheck":  {"conformance/report", "conformance/scenario", "binding", "fakeaircall", "internal/yamllimit"},
	"conformance/defect":     {"internal/orderedjson"},
	"conformance/selftest":   {"conformance", "conformance/defect", "conformance/report", "conformance/scenario", "internal/orderedjson"},
	"conformance/har":        {}, // HTTP Archives, without Aircall knowledge
	"conformance/mask":       {"conformance/drift", "conformance/har", "conformance/wirecheck", "fakeaircall", "internal/orderedjson", "internal/redact"},
	"conformance/proxy":      {"conformance/har", "conformance/mask", "conformance/wirecheck", "internal/redact"},
	"conformance/replay":     {"conformance/drift", "conformance/har", "conformance/mask", "conformance/wirecheck", "fakeaircall", "internal/orderedjson", "internal/redact"},
	"conformance/drift":      {"conformance/docscheck", "conformance/report", "fakeaircall", "internal/orderedjson"},
	"conformance/traffic":    {"conformance/drift", "conformance/har", "conformance/report", "conformance/wirecheck", "fakeaircall", "internal/orderedjson", "internal/suggest"}, // recorded exchanges
	"conformance/wirecheck":  {"conformance/report", "fakeaircall", "internal/contract", "internal/orderedjson"},
	"conformance/report":     {"fakeaircall"},                             // the assumptions of the fake
	"conformance/scenario":   {"binding", "features", "internal/suggest"}, // feature files
	"pull":                   {"conformance", "fakeaircall", "internal/orderedjson", "internal/redact"},
	"cmd/aircallkit":         {"pull", "fakeaircall", "boltstore", "fakeaircall/control", "binding", "binding/aircall", "conformance", "conformance/docscheck", "conformance/drift", "conformance/har", "conformance/proxy", "conformance/replay", "conformance/report", "conformance/scenario", "conformance/selftest", "conformance/traffic", "internal/luabox", "internal/redact", "internal/suggest", "internal/yamllimit"},
	"internal/guard":         {}, // nothing in internal knows Aircall
	"internal/contract":      {},
	"internal/golden":        {},
	"internal/orderedjson":   {},
	"internal/luabox":        {}, // it knows Lua, and nothing of Aircall
	"internal/redact":        {},
	"internal/suggest":       {},
	"internal/repotest":      {},
	"internal/yamllimit":     {},
}

// testLaw lists the additional imports of tests.
var testLaw = map[string][]string{
	"binding":                {"fakeaircall", "internal/contract"},
	"boltstore":              {"fakeaircall"},
	"pull":                   {"internal/contract"},
	"fakeaircall":            {"internal/golden", "internal/contract"},
	"binding/aircall":        {"internal/golden"},
	"conformance":            {"conformance/defect", "internal/golden"},
	"conformance/mask":       {"conformance/report", "conformance/traffic", "internal/contract"},
	"conformance/proxy":      {"fakeaircall", "internal/contract"},
	"conformance/replay":     {"fakeaircall/control", "internal/contract"},
	"conformance/traffic":    {"conformance", "conformance/scenario", "internal/contract"},
	"fakeaircall/control":    {"internal/contract"},
	"fakeaircall/control/ui": {"fakeaircall/control", "internal/contract"},
	"cmd/aircallkit":         {"internal/golden", "internal/contract"},
}

// refusal returns why from may not import to, or "".
func refusal(from, to string, test bool) string {
	if strings.HasPrefix(from, "examples/") {
		if strings.HasPrefix(to, "internal/") || strings.HasPrefix(to, "cmd/") {
			return "an example shows what users of the module can do"
		}
		return ""
	}
	allowed, known := law[from]
	switch {
	case !known:
		return "no law says what this package may import: add one"
	case from == to || slices.Contains(allowed, to):
		return ""
	case test && slices.Contains(testLaw[from], to):
		return ""
	}
	return "the law does not allow it"
}

func TestImportLaw(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		seen[s.dir] = true
		if _, known := law[s.dir]; !known && !strings.HasPrefix(s.dir, "examples/") {
			t.Errorf("%s: law does not list package %s: add its allowed imports", s.path, s.dir)
		}
		for _, i := range s.imports {
			to, ours := strings.CutPrefix(i, module+"/")
			if why := refusal(s.dir, to, s.test); ours && why != "" {
				t.Errorf("%s imports %s: %s", s.path, to, why)
			}
		}
	}
	for _, dir := range []string{"fakeaircall", "binding", "binding/aircall", "features", "conformance", "cmd/aircallkit"} {
		if !seen[dir] {
			t.Errorf("no file of %s was checked", dir)
		}
	}
}

// This test checks refusal itself.
func TestRefusal(t *testing.T) {
	for _, c := range []struct {
		from, to string
		test     bool
		refused  bool
	}{
		{"fakeaircall", "internal/guard", false, false},
		{"fakeaircall", "binding/aircall", false, true},
		{"fakeaircall", "binding/aircall", true, true},
		{"binding/aircall", "fakeaircall", true, true},
		{"binding", "fakeaircall", false, true},
		{"binding", "fakeaircall", true, false},
		{"binding", "binding/aircall", false, false},
		{"features", "binding", false, true},
		{"conformance", "cmd/aircallkit", false, true},
		{"cmd/aircallkit", "conformance", false, false},
		{"internal/guard", "fakeaircall", false, true},
		{"somewhere/new", "fakeaircall", false, true},
		{"examples/host", "binding", false, false},
		{"examples/host", "internal/guard", false, true},
	} {
		if why := refusal(c.from, c.to, c.test); (why != "") != c.refused {
			t.Errorf("%s imports %s (test: %v): %q", c.from, c.to, c.test, why)
		}
	}
}

// A program that imports only the fake must not link Lua, Gherkin or a browser.
func TestFakeLinksLittle(t *testing.T) {
	want := []string{
		"github.com/brianvoe/gofakeit/v6",
		"github.com/gorilla/mux",
		"github.com/nyaruka/phonenumbers",
		module + "/internal/guard", module + "/internal/suggest",
	}
	var got []string
	for _, s := range sources(t) {
		if s.dir != "fakeaircall" || s.test {
			continue
		}
		for _, i := range s.imports {
			if first, _, _ := strings.Cut(i, "/"); strings.Contains(first, ".") {
				got = append(got, i)
			}
		}
	}
	slices.Sort(got)
	got = slices.Compact(got)
	t.Logf("fakeaircall imports %s", strings.Join(got, ", "))
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("fakeaircall imports\n\t%s\nand should import\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// gofakeit's output changes with its version, and its package-level functions are random: only one file draws data.
func TestOnePlaceOnly(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		if name := path.Base(s.path); slices.Contains(s.imports, "github.com/brianvoe/gofakeit/v6") && s.path != "fakeaircall/seed.go" {
			t.Errorf("%s imports gofakeit: only fakeaircall/seed.go may, not %s", s.path, name)
		}
		if s.dir != "fakeaircall" || s.path == "fakeaircall/clock.go" {
			continue
		}
		for _, n := range calls(s, "time", "Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep") {
			t.Errorf("%s: only clock.go may read the time", s.at(n))
		}
	}
}
