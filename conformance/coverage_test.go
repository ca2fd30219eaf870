package conformance

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/conformance/docscheck"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/endpoints.md")

func planOf(t *testing.T) []*scenario.Scenario {
	t.Helper()
	plan, err := scenario.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestTags allows the tags that mean something, on things that exist, and one of @reads and @changes each.
func TestTags(t *testing.T) {
	for _, p := range planOf(t) {
		if p.Has("@reads") == p.Has("@changes") {
			t.Errorf("%s: it needs one of @reads and @changes", p.ID)
		}
		forAll := strings.HasPrefix(p.ID, "reference/") || strings.HasPrefix(p.ID, "relations/") || strings.HasPrefix(p.ID, "assumptions/")
		if p.Has(scenario.Anywhere) && (forAll || !p.Has("@reads")) {
			t.Errorf("%s: %s is for what only reads, in a feature that is about the fake", p.ID, scenario.Anywhere)
		}
		if !forAll && !p.Has(scenario.Anywhere) && !p.Has("@fake") {
			t.Errorf("%s: the wire is written down literally and the fake is spoken of, for the fake only: tag it @fake", p.ID)
		}
		for _, tag := range p.Tags {
			if !validTag(tag) {
				t.Errorf("%s: %s names nothing that exists", p.ID, tag)
			}
		}
		if err := examplesTagged(p); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
		if len(p.Steps) == 0 {
			t.Errorf("%s: it has no steps", p.ID)
		}
	}
}

func validTag(tag string) bool {
	kind, name, _ := strings.Cut(tag, ":")
	switch kind {
	case "@reads", "@changes", "@fake", scenario.Anywhere:
		return name == ""
	case "@assumption":
		return slices.ContainsFunc(fakeaircall.Assumptions(), func(a fakeaircall.Assumption) bool { return a.ID == name })
	case "@op":
		return slices.ContainsFunc(aircall.Ops(), func(o aircall.Op) bool { return o.Name == name })
	case "@function":
		return slices.ContainsFunc(binding.All(), func(f binding.Function) bool { return f.Name == name })
	case "@example":
		return slices.ContainsFunc(binding.Examples(), func(e binding.Example) bool { return e.ID == name })
	case "@param":
		return slices.Contains(documentedParams(), name)
	}
	return false
}

func documentedParams() (all []string) {
	for _, f := range binding.Functions() {
		for _, p := range f.Params {
			all = append(all, f.Name+"."+p.Name)
		}
	}
	return all
}

// examplesTagged holds the tags against the steps. A scenario that runs an example only to learn what its placeholders
// stand for need not be tagged; one that is tagged must run it.
func examplesTagged(p *scenario.Scenario) error {
	var runs []string
	for _, s := range p.Steps {
		if m := docscheck.Executes.FindStringSubmatch(s.Text); m != nil {
			runs = append(runs, m[1])
		}
	}
	for _, id := range p.Tagged("@example:") {
		if !slices.Contains(runs, id) {
			return fmt.Errorf("it is tagged @example:%s and does not run it", id)
		}
	}
	for _, id := range runs {
		if !slices.ContainsFunc(binding.Examples(), func(e binding.Example) bool { return e.ID == id }) {
			return fmt.Errorf("the reference has no example %q", id)
		}
	}
	return nil
}

// TestEverythingDocumentedHasAScenario counts functions, parameters, examples, operations and refusals.
func TestEverythingDocumentedHasAScenario(t *testing.T) {
	plan := planOf(t)
	with := func(tags ...string) (out []*scenario.Scenario) {
		for _, p := range plan {
			if !slices.ContainsFunc(tags, func(t string) bool { return !p.Has(t) }) {
				out = append(out, p)
			}
		}
		return out
	}
	for _, e := range binding.Examples() {
		if len(with("@example:"+e.ID)) == 0 {
			t.Errorf("example %s has no scenario", e.ID)
		}
	}
	for _, name := range documentedParams() {
		if len(with("@param:"+name)) == 0 {
			t.Errorf("parameter %s has no scenario", name)
		}
	}
	for _, f := range binding.Functions() {
		function := "@function:" + f.Name
		for _, op := range f.Ops {
			if _, ok := envelopes[op]; !ok {
				t.Errorf("function %s uses %s, whose reply is not described in envelopes", f.Name, op)
			}
			if len(with(function, "@op:"+op)) == 0 {
				t.Errorf("function %s has no scenario in which it uses %s", f.Name, op)
			}
		}
		for _, failure := range []string{`it raises "invalid_arguments"`, `it raises "forbidden"`, `it raises "rate_limited"`, `the script sends nothing`} {
			if !slices.ContainsFunc(with(function), func(p *scenario.Scenario) bool { return hasStep(p, failure) }) {
				t.Errorf("function %s has no scenario with the step %s", f.Name, failure)
			}
		}
		if len(f.Params) > 0 && f.Params[0].Required &&
			!slices.ContainsFunc(with(function), func(p *scenario.Scenario) bool { return hasStep(p, `it raises "not_found"`) }) {
			t.Errorf("function %s takes an id and has no scenario of one that is not found", f.Name)
		}
		if !hasRequired(f) && !slices.ContainsFunc(with(function, "@example:multi-account"), func(p *scenario.Scenario) bool {
			return hasStep(p, fmt.Sprintf(`the "multi-account" example runs with %q as its function`, f.Name))
		}) {
			t.Errorf("function %s fits the multi-account example, but no scenario uses it there", f.Name)
		}
	}
}

// TestEveryFunctionHasAScenario: those beside the documented ones are all in one, which runs their example.
func TestEveryFunctionHasAScenario(t *testing.T) {
	plan := planOf(t)
	for _, f := range binding.All()[len(binding.Functions()):] {
		if !slices.ContainsFunc(plan, func(p *scenario.Scenario) bool {
			return p.Has("@function:"+f.Name) && slices.ContainsFunc(f.Ops, func(op string) bool { return p.Has("@op:" + op) }) &&
				hasStep(p, fmt.Sprintf("the example of %q runs", f.Name))
		}) {
			t.Errorf("function %s has no scenario that runs its example", f.Name)
		}
	}
}

func hasRequired(f binding.Function) bool {
	return slices.ContainsFunc(f.Params, func(p binding.Param) bool { return p.Required })
}

func hasStep(p *scenario.Scenario, prefix string) bool {
	return slices.ContainsFunc(p.Steps, func(s scenario.Step) bool { return strings.HasPrefix(s.Text, prefix) })
}

// TestReferencePage reads the page as a person would: its chapters are the functions, its tables their parameters.
func TestReferencePage(t *testing.T) {
	var chapters, want []string
	params := map[string][]string{}
	row := regexp.MustCompile("^\\| `([a-z_]+)` \\|")
	for _, line := range strings.Split(binding.Reference(), "\n") {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			chapters = append(chapters, title)
		}
		if m := row.FindStringSubmatch(line); m != nil && len(chapters) > 0 {
			name := chapters[len(chapters)-1]
			params[name] = append(params[name], m[1])
		}
	}
	var examples, wantExamples []string
	for _, f := range binding.Functions() {
		want, wantExamples = append(want, f.Name), append(wantExamples, f.Name)
		var names []string
		for _, p := range f.Params {
			names = append(names, p.Name)
		}
		if diff := cmp.Diff(names, params[f.Name]); diff != "" {
			t.Errorf("parameters of %s, table and page:\n%s", f.Name, diff)
		}
	}
	want, wantExamples = append(want, "Multi-Account Usage"), append(wantExamples, "multi-account")
	for _, e := range binding.Examples() {
		examples = append(examples, e.ID)
		lines := strings.Split(binding.Reference(), "\n")
		if first, _, _ := strings.Cut(e.Source, "\n"); lines[e.Line-1] != first {
			t.Errorf("example %s does not begin at line %d of the page", e.ID, e.Line)
		}
	}
	if diff := cmp.Diff(want, chapters); diff != "" {
		t.Errorf("chapters, table and page:\n%s", diff)
	}
	if diff := cmp.Diff(wantExamples, examples); diff != "" {
		t.Errorf("examples:\n%s", diff)
	}
}

// operation is a row of the contract.
type operation struct {
	OperationID string
	Evidence    struct{ Status, Shape, Errors, Source string } `json:"x-evidence"`
}

// contractOps are the operations of the contract by request: "GET /v1/ping".
func contractOps(t *testing.T) map[string]operation {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(fakeaircall.OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	all := map[string]operation{}
	for path, methods := range doc.Paths {
		for method, raw := range methods {
			var op operation
			if method == "parameters" {
				continue
			}
			if err := json.Unmarshal(raw, &op); err != nil {
				t.Fatal(err)
			}
			all[strings.ToUpper(method)+" "+path] = op
		}
	}
	return all
}

// TestOperations ties the fake, the client, the contract and the scenarios of the wire together.
func TestOperations(t *testing.T) {
	var fake, client, contract []string
	for _, r := range fakeaircall.Routes() {
		fake = append(fake, fmt.Sprintf("%s %s %s", r.Op, r.Method, r.Path))
	}
	for _, o := range aircall.Ops() {
		client = append(client, fmt.Sprintf("%s %s %s", o.Name, o.Method, o.Path))
	}
	if diff := cmp.Diff(client, fake); diff != "" {
		t.Errorf("operations of the client and of the fake differ:\n%s", diff)
	}
	for request, op := range contractOps(t) {
		contract = append(contract, op.OperationID+" "+request)
		for of, rung := range map[string]string{"status": op.Evidence.Status, "shape": op.Evidence.Shape, "errors": op.Evidence.Errors} {
			if !slices.Contains([]string{"recorded", "relied-on", "documented", "client-code", "inferred"}, rung) || op.Evidence.Source == "" {
				t.Errorf("operation %s has no evidence of its %s: %+v", op.OperationID, of, op.Evidence)
			}
		}
	}
	slices.Sort(client)
	slices.Sort(contract)
	if diff := cmp.Diff(client, contract); diff != "" {
		t.Errorf("operations of the client and of the contract differ:\n%s", diff)
	}
	plan := planOf(t)
	for _, o := range aircall.Ops() {
		if len(scenariosOf(plan, "api/", o.Name)) == 0 {
			t.Errorf("operation %s has no scenario of its wire", o.Name)
		}
	}
}

func scenariosOf(plan []*scenario.Scenario, folder, op string) (ids []string) {
	for _, p := range plan {
		if strings.HasPrefix(p.ID, folder) && p.Has("@op:"+op) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// TestEndpointsPage keeps docs/endpoints.md true. Write it with: go test ./conformance -run TestEndpointsPage -update
func TestEndpointsPage(t *testing.T) {
	const file = "../docs/endpoints.md"
	want := endpointsPage(planOf(t), contractOps(t))
	if *update {
		if err := os.MkdirAll("../docs", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is stale, write it with -update:\n%s", file, diff)
	}
}

func endpointsPage(plan []*scenario.Scenario, contract map[string]operation) string {
	fake := map[string]bool{}
	for _, r := range fakeaircall.Routes() {
		fake[r.Op] = true
	}
	var b strings.Builder
	b.WriteString("# Endpoints\n\n" +
		"What of Aircall's REST API is here, by the operation names of its documentation: whether the fake answers it and the\n" +
		"client sends it, which Lua functions use it, how many scenarios are about it (of the wire, and of Lua), and\n" +
		"what is known of the status and shape of a success and of its errors, see [fidelity](fidelity.md).\n" +
		"Generated by `go test ./conformance -run TestEndpointsPage -update`.\n\n" +
		"| operation | request | fake | client | Lua | scenarios: wire | Lua | evidence: status | shape | errors |\n|---|---|---|---|---|---|---|---|---|---|\n")
	yes := map[bool]string{true: "yes", false: "no"}
	for _, o := range aircall.Ops() {
		var lua []string
		for _, f := range binding.All() {
			if slices.Contains(f.Ops, o.Name) {
				lua = append(lua, "`"+f.Name+"`")
			}
		}
		wire := len(scenariosOf(plan, "api/", o.Name)) + len(scenariosOf(plan, "fake/", o.Name))
		e := contract[o.Method+" "+o.Path].Evidence
		fmt.Fprintf(&b, "| %s | `%s %s` | %s | yes | %s | %d | %d | %s | %s | %s |\n",
			o.Name, o.Method, o.Path, yes[fake[o.Name]], strings.Join(lua, ", "), wire, len(scenariosOf(plan, "reference/", o.Name))+len(scenariosOf(plan, "lua/", o.Name)),
			e.Status, e.Shape, e.Errors)
	}
	return b.String()
}

// TestVocabulary: every step is used, and only one expression matches it.
func TestVocabulary(t *testing.T) {
	used := map[string]bool{}
	for _, p := range planOf(t) {
		for _, s := range p.Steps {
			var fits []string
			for _, d := range vocabulary() {
				if d.expr.MatchString(s.Text) {
					fits = append(fits, d.expr.String())
					used[d.expr.String()] = true
				}
			}
			if len(fits) != 1 {
				t.Errorf("%s: the step %q fits %d expressions: %s", p.ID, s.Text, len(fits), strings.Join(fits, " and "))
			}
		}
	}
	for _, d := range vocabulary() {
		if !used[d.expr.String()] {
			t.Errorf("no feature uses %s", d.expr)
		}
	}
}
