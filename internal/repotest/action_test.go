//go:build unix

package repotest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/goccy/go-yaml"
)

// step is a step of an action or of a job.
type step struct {
	ID, Name, If, Shell, Uses, Run string
	Env                            map[string]string
	With                           map[string]string
}

type action struct {
	Name, Description, Author string
	Branding                  struct{ Icon, Color string }
	Inputs                    map[string]struct{ Description, Default string }
	Outputs                   map[string]struct{ Description, Value string }
	Runs                      struct {
		Using string
		Steps []step
	}
}

// job imitates the part of GitHub's runner that the scripts of a step can see.
type job struct {
	t       *testing.T
	temp    string
	inputs  map[string]string
	outputs map[string]map[string]string // of the steps, by id
	env     []string
}

func readAction(t *testing.T) (a action) {
	t.Helper()
	readYAML(t, "action.yml", &a)
	return a
}

// readYAML refuses unknown keys: GitHub would ignore a misspelled key.
func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	data := files(t)[name]
	if data == nil {
		t.Fatalf("there is no %s", name)
	}
	if err := yaml.NewDecoder(strings.NewReader(string(data)), yaml.Strict()).Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

var expression = regexp.MustCompile(`\$\{\{ *(.+?) *\}\}`)

// expand evaluates the expressions that our files use, and no others.
func (j *job) expand(text string) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string { return j.value(expression.FindStringSubmatch(e)[1]) })
}

func (j *job) value(name string) string {
	parts := strings.Split(name, ".")
	switch {
	case len(parts) == 2 && parts[0] == "inputs":
		v, ok := j.inputs[parts[1]]
		if !ok {
			j.t.Errorf("there is no input %s", parts[1])
		}
		return v
	case len(parts) == 4 && parts[0] == "steps" && parts[2] == "outputs":
		return j.outputs[parts[1]][parts[3]]
	case name == "github.action_path":
		dir, err := filepath.Abs(root)
		if err != nil {
			j.t.Fatal(err)
		}
		return dir
	case name == "runner.temp":
		return j.temp
	}
	j.t.Errorf("this test does not know the expression %s", name)
	return ""
}

// holds evaluates a condition: comparisons with texts, which must all be true.
func (j *job) holds(condition string) bool {
	if condition == "" {
		return true
	}
	for term := range strings.SplitSeq(condition, " && ") {
		name, want, equal := strings.Cut(term, " == ")
		if !equal {
			name, want, _ = strings.Cut(term, " != ")
		}
		if (j.value(name) == strings.Trim(want, "'")) != equal {
			return false
		}
	}
	return true
}

// run executes a step as the runner does, and reads the outputs and variables that it wrote.
func (j *job) run(s step) (said string, err error) {
	j.t.Helper()
	dir, terr := os.MkdirTemp(j.temp, "step")
	if terr != nil {
		j.t.Fatal(terr)
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", s.Run)
	cmd.Dir = j.temp
	cmd.Env = append(cmd.Env, j.env...)
	for name, value := range s.Env {
		cmd.Env = append(cmd.Env, name+"="+j.expand(value))
	}
	for _, name := range []string{"GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			j.t.Fatal(err)
		}
		cmd.Env = append(cmd.Env, name+"="+file)
	}
	out, err := cmd.CombinedOutput()
	for _, line := range fileLines(j.t, filepath.Join(dir, "GITHUB_ENV")) {
		j.env = append(j.env, line)
	}
	for _, line := range fileLines(j.t, filepath.Join(dir, "GITHUB_PATH")) {
		j.env = append(j.env, "PATH="+line+":"+value(j.env, "PATH"))
	}
	j.outputs[s.ID] = map[string]string{"summary": strings.Join(fileLines(j.t, filepath.Join(dir, "GITHUB_STEP_SUMMARY")), "\n")}
	for _, line := range fileLines(j.t, filepath.Join(dir, "GITHUB_OUTPUT")) {
		name, v, _ := strings.Cut(line, "=")
		j.outputs[s.ID][name] = v
	}
	return string(out), err
}

// value returns the last value of a variable, as a shell does.
func value(env []string, name string) string {
	for _, line := range slices.Backward(env) {
		if v, ok := strings.CutPrefix(line, name+"="); ok {
			return v
		}
	}
	return ""
}

func fileLines(t *testing.T, name string) (lines []string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

// newJob returns a job with the environment of this test, without accounts, and the action's inputs.
func newJob(t *testing.T, a action, with map[string]string) *job {
	j := &job{t: t, temp: t.TempDir(), inputs: map[string]string{}, outputs: map[string]map[string]string{}}
	for _, line := range os.Environ() {
		if !strings.HasPrefix(line, "AIRCALL") && !strings.HasPrefix(line, "GITHUB") {
			j.env = append(j.env, line)
		}
	}
	for name, in := range a.Inputs {
		j.inputs[name] = in.Default
	}
	for name, v := range with {
		if _, ok := j.inputs[name]; !ok {
			t.Errorf("the action has no input %s", name)
		}
		j.inputs[name] = v
	}
	t.Cleanup(func() {
		if pid, _ := strconv.Atoi(j.outputs["serve"]["pid"]); pid > 0 {
			_ = syscall.Kill(pid, syscall.SIGINT)
		}
	})
	return j
}

// TestAction finds mistakes that GitHub reports only when the action runs.
func TestAction(t *testing.T) {
	a := readAction(t)
	if a.Runs.Using != "composite" || a.Name == "" || a.Description == "" {
		t.Errorf("it is not a composite action: %+v", a)
	}
	j := newJob(t, a, nil)
	var ids []string
	for _, s := range a.Runs.Steps {
		ids = append(ids, s.ID)
		switch {
		case (s.Run == "") == (s.Uses == ""):
			t.Errorf("step %s neither runs nor uses, or both", s.ID)
		case s.Run != "" && s.Shell != "bash":
			t.Errorf("step %s has no shell", s.ID)
		case expression.MatchString(s.Run):
			t.Errorf("step %s puts an expression into its script, where an input could be a command: use env", s.ID)
		case s.Uses != "" && !regexp.MustCompile(`^[a-z-]+/[a-z-]+@v\d+$`).MatchString(s.Uses):
			t.Errorf("step uses %s", s.Uses)
		}
		for _, v := range s.Env {
			j.expand(v) // complains of what there is not
		}
	}
	for name, in := range a.Inputs {
		if in.Description == "" || strings.Count(string(files(t)["action.yml"]), "inputs."+name) == 0 {
			t.Errorf("input %s is not described or not used", name)
		}
	}
	for name, out := range a.Outputs {
		m := regexp.MustCompile(`steps\.([a-z]+)\.outputs\.`).FindStringSubmatch(out.Value)
		if m == nil || !slices.Contains(ids, m[1]) {
			t.Errorf("output %s does not come from a step: %s", name, out.Value)
		}
	}
}

// TestActionRuns executes the scripts of the action, and then those of the workflow in examples/ci that uses it.
func TestActionRuns(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash to run the scripts with")
	}
	a := readAction(t)
	jobs := workflow(t)
	uses := func(name string) map[string]string {
		for _, s := range jobs[name].Steps {
			if strings.HasPrefix(s.Uses, "aircallkit/aircallkit@") {
				return s.With
			}
		}
		t.Fatalf("job %s of examples/ci does not use the action", name)
		return nil
	}
	j := newJob(t, a, uses("conformance"))
	for _, s := range a.Runs.Steps {
		if s.Run == "" || !j.holds(s.If) {
			continue
		}
		said, err := j.run(s)
		if err != nil {
			t.Fatalf("step %s: %v\n%s", s.ID, err, said)
		}
	}
	served, ran := j.outputs["serve"], j.outputs["conformance"]
	if !strings.HasPrefix(served["url"], "http://127.0.0.1:") || value(j.env, "AIRCALL_SALES_API_URL") != served["url"] ||
		value(j.env, "AIRCALL_API_TOKEN") != "fake-default-token" || !strings.Contains(value(j.env, "AIRCALL_USER"), "@") {
		t.Errorf("serve gave %v", served)
	}
	if ran["exit-code"] != "0" || !strings.Contains(ran["summary"], "## Aircall conformance:") || !strings.Contains(ran["summary"], "| 0 | 0 | 0 |") {
		t.Errorf("conformance gave %v", ran)
	}
	for _, file := range []string{"run.json", "junit.xml", "ctrf.json", "summary.md", "report.html", "badge.json"} {
		if _, err := os.Stat(filepath.Join(j.temp, ran["report"], file)); err != nil {
			t.Error(err)
		}
	}
	t.Run("the tests of a program", func(t *testing.T) { // with the fake that runs
		for _, s := range jobs["test"].Steps {
			if s.Run == "" {
				continue
			}
			if said, err := j.run(s); err != nil {
				t.Errorf("%s: %v\n%s", s.Name, err, said)
			}
		}
	})
	t.Run("an unknown route", func(t *testing.T) {
		if said, err := j.run(step{Run: `curl -s -u "$AIRCALL_API_ID:$AIRCALL_API_TOKEN" "$AIRCALL_API_URL/v1/cals"`}); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		for _, s := range jobs["test"].Steps {
			if said, err := j.run(s); strings.Contains(s.Name, "does not have") && err == nil {
				t.Errorf("an unknown route was requested, and the step passed: %s", said)
			}
		}
	})
	t.Run("a run that fails", func(t *testing.T) {
		j.inputs["target"], j.inputs["conformance-flags"] = "http://127.0.0.1:1", ""
		for _, s := range a.Runs.Steps {
			said, err := "", error(nil)
			if s.ID == "conformance" || s.ID == "verdict" {
				said, err = j.run(s)
			}
			if failed := err != nil; failed != (s.ID == "verdict") {
				t.Errorf("step %s: %v\n%s", s.ID, err, said)
			}
		}
		if code := j.outputs["conformance"]["exit-code"]; code != "3" {
			t.Errorf("no server answers, and the exit code is %q", code)
		}
	})
	t.Run("flags that do not exist", func(t *testing.T) {
		j.inputs["serve-flags"] = "--no-such-flag"
		for _, s := range a.Runs.Steps {
			if s.ID != "serve" {
				continue
			}
			pid := j.outputs["serve"]["pid"]
			said, err := j.run(s)
			if err == nil || !strings.Contains(said, "no-such-flag") || !strings.Contains(said, "::error::aircallkit serve did not start") {
				t.Errorf("%v\n%s", err, said)
			}
			j.outputs["serve"]["pid"] = pid // to be stopped
		}
	})
}

type jobs map[string]struct {
	Name        string
	If          string
	RunsOn      string `yaml:"runs-on"`
	Environment string
	Steps       []step
}

// workflow reads the example, and checks that the action has the inputs and outputs that it uses.
func workflow(t *testing.T) jobs {
	t.Helper()
	var w struct {
		Name        string
		On          map[string]any
		Permissions map[string]string
		Jobs        jobs
	}
	readYAML(t, "examples/ci/workflow.yml", &w)
	if w.Permissions["contents"] != "read" || len(w.Jobs) == 0 {
		t.Errorf("the workflow has more permissions than it needs: %v", w.Permissions)
	}
	a := readAction(t)
	for name, j := range w.Jobs {
		for i, s := range j.Steps {
			if expression.MatchString(s.Run) {
				t.Errorf("job %s puts an expression into a script", name)
			}
			if !strings.HasPrefix(s.Uses, "aircallkit/") {
				continue
			}
			for input := range s.With {
				if _, ok := a.Inputs[input]; !ok {
					t.Errorf("job %s, step %d: the action has no input %s", name, i, input)
				}
			}
			if with := newJob(t, a, s.With).inputs; with["target"] == "live" && with["serve"] != "false" {
				t.Error("the live job would get the fake's credentials")
			}
		}
	}
	return w.Jobs
}
