package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// spoiled runs get_call against a server on which some of it is not true, and gives the report directory.
func spoiled(t *testing.T) (*report.Report, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "report")
	url, _ := behind(t, defect.Change("GET /v1/calls/12345", defect.OfEach("calls", defect.With("direction", "over"))))
	rep, err := Run(t.Context(), checkedRun(t, Options{Target: url, Tags: "@function:get_call", ReportDir: dir}))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Summary.Fail == 0 || rep.Summary.Pass == 0 || rep.Summary.Skipped == 0 {
		t.Fatalf("the run should hold each kind: %+v", rep.Summary)
	}
	return rep, dir
}

func file(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestReportFiles reads what is written as others would.
func TestReportFiles(t *testing.T) {
	rep, dir := spoiled(t)
	read, err := report.ReadReport(filepath.Join(dir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	if read.Summary != rep.Summary || read.Footer.Result != report.ResultFailure || read.Run.Profile != "reads" || read.Run.ContractVersion == "" ||
		read.Run.Server != "" && read.Run.Server != rep.Run.Server || read.Run.Purposes["script"] == 0 || read.Run.Stopped.Before(read.Run.Started) {
		t.Errorf("%+v %+v", read.Run, read.Footer)
	}
	var keys struct {
		Summary   map[string]int
		Run       map[string]any
		Scenarios []map[string]any
	}
	if err := json.Unmarshal(file(t, dir, "run.json"), &keys); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"pass", "fail", "known", "unsupported", "skipped", "error"} {
		if _, ok := keys.Summary[key]; !ok {
			t.Errorf("the summary lacks %s", key)
		}
	}
	for _, key := range []string{"started", "seconds", "target", "url", "accounts", "tags", "allow_writes", "reference", "go", "requests", "kit", "contract"} {
		if _, ok := keys.Run[key]; !ok {
			t.Errorf("the header lacks %s", key)
		}
	}
	for _, s := range keys.Scenarios {
		if s["status"] == "fail" && !strings.HasPrefix(s["curl"].(string), `curl -i -u "$AIRCALL_`) {
			t.Errorf("the curl of a failure is %q", s["curl"])
		}
	}
	for _, f := range reportFiles {
		if err := checks[f.Name](file(t, dir, f.Name), rep.Summary); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != len(reportFiles) {
		t.Errorf("the directory holds %v", entries)
	}
	page := file(t, "../docs", "ci.md")
	for _, f := range reportFiles {
		if !bytes.Contains(page, []byte("\n| `"+f.Name+"` |")) {
			t.Errorf("docs/ci.md does not say what %s is for", f.Name)
		}
	}
}

// TestRenderingsAreCounted: each file that says something else than the run is found out.
func TestRenderingsAreCounted(t *testing.T) {
	rep, dir := spoiled(t)
	for _, c := range []struct{ file, from, to string }{
		{"run.json", `"fail": `, `"fail": 1`},
		{"run.json", `"status": "pass",`, `"status": "fail",`},
		{"junit.xml", "<failure ", "<notice "},
		{"junit.xml", `failures="`, `failures="1`},
		{"ctrf.json", `"status": "failed",`, `"status": "passed",`},
		{"ctrf.json", `"rawStatus": "fail"`, `"rawStatus": "known"`},
		{"ctrf.json", `"failed": `, `"failed": 1`},
		{"summary.md", "|--:|\n| ", "|--:|\n| 1"},
		{"summary.md", "` | ", "` | 1"},
		{"report.html", `" data-status="fail" data-find="`, `" data-status="pass" data-find="`},
		{"report.html", `data-total="fail" data-status="fail">`, `data-total="fail" data-status="fail">1`},
		{"report.html", `<td class="of-feature" data-status="pass">`, `<td class="of-feature" data-status="pass">1`},
		{"observations.json", `"result": "not observed"`, `"result": "seen"`},
		{"badge.json", " fail", " known"},
		{"badge.json", `"message": "`, `"message": "1`},
	} {
		data := string(file(t, dir, c.file))
		changed := strings.Replace(data, c.from, c.to, 1)
		if changed == data {
			t.Errorf("%s does not hold %q", c.file, c.from)
		}
		if err := checks[c.file]([]byte(changed), rep.Summary); err == nil {
			t.Errorf("%s: %q became %q, and the check passes", c.file, c.from, c.to)
		}
	}
	// If one file must not be written, none is, and none of an earlier run is left.
	err := report.Write(dir, rep, reportFiles, func(name string, _ []byte) error {
		if name == "junit.xml" {
			return errors.New("it holds a secret")
		}
		return nil
	})
	if err == nil || err.Error() != "it holds a secret" {
		t.Errorf("a report that must not be written: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("after junit.xml was refused the directory holds %v", entries)
	}
}

func TestReadReport(t *testing.T) {
	_, dir := spoiled(t)
	whole := string(file(t, dir, "run.json"))
	var rep report.Report
	if err := json.Unmarshal([]byte(whole), &rep); err != nil {
		t.Fatal(err)
	}
	altered := func(alter func(*report.Report)) string {
		var r report.Report
		_ = json.Unmarshal([]byte(whole), &r)
		alter(&r)
		data, err := report.JSON(&r)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, c := range []struct{ name, data, want string }{
		{"cut off", whole[:len(whole)/2], "not a whole report"},
		{"nothing", "", "not a whole report"},
		{"without a footer", altered(func(r *report.Report) { r.Footer = nil }), "it has no footer"},
		{"another version", altered(func(r *report.Report) { r.Version = 9 }), "version 9"},
		{"a scenario gone", altered(func(r *report.Report) { r.Scenarios = r.Scenarios[1:] }), "its summary says"},
		{"a footer that counts otherwise", altered(func(r *report.Report) { r.Footer.Summary.Pass++ }), "its footer says"},
		{"a footer that says success", altered(func(r *report.Report) { r.Footer.Result = report.ResultSuccess }), "its footer says"},
		{"two reports", whole + whole, "goes on after the report"},
	} {
		name := filepath.Join(t.TempDir(), "run.json")
		if err := os.WriteFile(name, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := report.ReadReport(name); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// TestSchemas hold the JSON files against what they promise to be.
func TestSchemas(t *testing.T) {
	_, dir := spoiled(t)
	for _, c := range []struct{ file, schema, spoil string }{
		{"run.json", "../docs/run.schema.json", `"status": "fail"`},
		{"ctrf.json", "testdata/ctrf.schema.json", `"status": "failed"`},
	} {
		schema, err := jsonschema.NewCompiler().Compile(c.schema)
		if err != nil {
			t.Fatal(err)
		}
		data := file(t, dir, c.file)
		if err := schema.Validate(decoded(t, data)); err != nil {
			t.Errorf("%s: %v", c.file, err)
		}
		if schema.Validate(decoded(t, bytes.Replace(data, []byte(c.spoil), []byte(`"status": "fine"`), 1))) == nil {
			t.Errorf("%s: an invalid status passes", c.file)
		}
	}
}

func decoded(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestJUnitReads what readers of JUnit show: a name that needs no context, the reason of a skip, the text of a failure.
func TestJUnitReads(t *testing.T) {
	rep, dir := spoiled(t)
	type end struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
	var read struct {
		Suites []struct {
			Name       string `xml:"name,attr"`
			Properties []struct {
				Name  string `xml:"name,attr"`
				Value string `xml:"value,attr"`
			} `xml:"properties>property"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *end   `xml:"failure"`
				Skipped *end   `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	data := file(t, dir, "junit.xml")
	if err := xml.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	i := 0
	for _, s := range read.Suites {
		url := ""
		for _, p := range s.Properties {
			if p.Name == "url" {
				url = p.Value
			}
		}
		if url != rep.Run.URL {
			t.Errorf("suite %s has the properties %v", s.Name, s.Properties)
		}
		for _, c := range s.Cases {
			of := rep.Scenarios[i]
			i++
			if c.Name != of.Feature+" › "+of.Name {
				t.Errorf("a case is called %q", c.Name)
			}
			if of.Status == report.Skipped && (c.Skipped == nil || c.Skipped.Message != "skipped: "+of.Reason) {
				t.Errorf("%s: %+v", c.Name, c.Skipped)
			}
			if of.Status == report.Fail && (c.Failure == nil || !strings.Contains(c.Failure.Text, "not true") || !strings.Contains(c.Failure.Text, of.Rerun)) {
				t.Errorf("%s: %+v", c.Name, c.Failure)
			}
		}
	}
}

// TestHTMLIsOneFile: nothing is fetched and nothing runs but the script of the page, and hostile texts stay texts.
func TestHTMLIsOneFile(t *testing.T) {
	rep, dir := spoiled(t)
	rep.Scenarios[0].Reason = `<script>alert(1)</script>"'><img src=x>`
	rep.Scenarios[0].Name = "`<b>` | **bold**\n# head"
	page, err := report.HTML(rep)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(page, []byte("<script")); n != 1 {
		t.Errorf("the page holds %d scripts", n)
	}
	for _, not := range []string{"alert(1)</script", "<img", "<link", "@import", "url("} {
		if strings.Contains(string(page), not) {
			t.Errorf("the page holds %s", not)
		}
	}
	for _, want := range []string{`<html lang="en">`, "<main>", `scope="col"`, `scope="row"`, "prefers-color-scheme: dark", ":focus-visible"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	first := string(file(t, dir, "report.html"))
	at := 0
	for _, part := range []string{
		`<p class="headline">1 scenario failed, `, `<h2 id="failures">`, `</span> 1 scenario: call.direction is not one of inbound|outbound</h3>`,
		`<h2 id="drift">`, `<h2 id="reasons">`, `<h2 id="matrix">`, `>reference/get_call</a>`, `<h2 id="run">`, `<form id="filter" hidden`, `<article id="`,
	} {
		i := strings.Index(first[at:], part)
		if i < 0 {
			t.Fatalf("%q is missing, or not in its place", part)
		}
		at += i
	}
	script := first[strings.Index(first, "<script>")+len("<script>") : strings.Index(first, "</script>")]
	sum := sha256.Sum256([]byte(script))
	if hash := html.EscapeString("script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"); !strings.Contains(strings.ReplaceAll(first, "&#43;", "+"), hash) {
		t.Errorf("the content security policy does not allow the script: %s", hash)
	}
	if !strings.Contains(first, "<details><summary>"+rep.Run.Reference[:12]+"…</summary>"+rep.Run.Reference+"</details>") {
		t.Error("the digest of the reference is not shortened")
	}
	md, err := report.Markdown(rep)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(md), "<script") || strings.Contains(string(md), "\n# head") {
		t.Errorf("markdown:\n%s", md)
	}
	if err := checkMarkdown(md, rep.Summary); err != nil {
		t.Error(err)
	}
}
