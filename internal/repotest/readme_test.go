//go:build unix

package repotest

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

var execute = flag.Bool("execute", false, "run the commands of README.md")

// block is a fenced block of README.md whose info string is sh. It is one shell script; a line that starts the fake
// represents another terminal.
type block struct {
	line    int
	script  string   // without the servers
	servers []string // what is started before the first block, and stopped after the last
	notRun  string   // the reason, from a comment <!-- not run: … --> in front of the block
}

var (
	startsServer = regexp.MustCompile(`^(go run \./cmd/)?aircallkit serve\b`)
	notRun       = regexp.MustCompile(`^<!-- not run: (.+) -->\s*$`)
	otherShells  = []string{"bash", "shell", "console", "shell-session", "zsh"}
)

// blocks reads the shell blocks of a page.
func blocks(page []byte) (out []block, err error) {
	previous := ast.Node(nil)
	for n := goldmark.DefaultParser().Parse(text.NewReader(page)).FirstChild(); n != nil; n = n.NextSibling() {
		before := previous
		previous = n
		fence, ok := n.(*ast.FencedCodeBlock)
		if !ok || fence.Info == nil || fence.Lines().Len() == 0 {
			continue
		}
		info := strings.TrimSpace(string(fence.Info.Value(page)))
		b := block{line: 1 + bytes.Count(page[:fence.Lines().At(0).Start], []byte("\n"))}
		switch {
		case slices.Contains(otherShells, info):
			return nil, fmt.Errorf("line %d: a block of %s is not run; write sh", b.line-1, info)
		case info != "sh":
			continue
		}
		if comment, ok := before.(*ast.HTMLBlock); ok {
			if m := notRun.FindSubmatch(comment.Lines().Value(page)); m != nil {
				b.notRun = string(m[1])
			}
		}
		for line := range strings.Lines(string(fence.Lines().Value(page))) {
			if startsServer.MatchString(line) {
				b.servers = append(b.servers, strings.TrimSpace(line))
			} else {
				b.script += line
			}
		}
		out = append(out, b)
	}
	return out, nil
}

func readme(t *testing.T) []block {
	t.Helper()
	page, err := os.ReadFile(root + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	found, err := blocks(page)
	if err != nil {
		t.Fatalf("README.md: %v", err)
	}
	return found
}

// TestREADME checks the length of the page, its first two commands and the syntax of all; TestREADMECommands runs them.
func TestREADME(t *testing.T) {
	const tests = "go test ./..."
	if lines := bytes.Count(files(t)["README.md"], []byte("\n")); lines > 200 {
		t.Errorf("README.md has %d lines; 200 are allowed", lines)
	}
	all := readme(t)
	var commands []string
	for _, b := range all {
		commands = append(append(commands, b.servers...), strings.Split(b.script, "\n")...)
	}
	commands = slices.DeleteFunc(commands, func(c string) bool { return c == "" })
	if len(commands) < 2 || commands[0] != "go run ./cmd/aircallkit serve" || commands[1] != tests {
		t.Errorf("README.md does not begin with how to serve and %s", tests)
	}
	ci, err := os.ReadFile(root + "/.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if with := strings.Replace(tests, "test", "test -race", 1); !strings.Contains(string(ci), with) {
		t.Errorf(".ci/run does not run README.md's %s as %s", tests, with)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash to read the blocks with")
	}
	for _, b := range all {
		check := exec.Command(bash, "-n")
		check.Stdin = strings.NewReader(b.script + strings.Join(b.servers, "\n"))
		if said, err := check.CombinedOutput(); err != nil || len(said) > 0 {
			t.Errorf("README.md:%d: bash -n: %v\n%s", b.line, err, said)
		}
	}
}

// TestREADMEGo checks that the Go blocks, pasted in order, make the files of examples, where they are compiled and run. A
// block that begins with a package clause begins a file.
func TestREADMEGo(t *testing.T) {
	page := files(t)["README.md"]
	var pasted []string
	for n := goldmark.DefaultParser().Parse(text.NewReader(page)).FirstChild(); n != nil; n = n.NextSibling() {
		fence, ok := n.(*ast.FencedCodeBlock)
		if !ok || string(fence.Language(page)) != "go" {
			continue
		}
		code := string(fence.Lines().Value(page))
		if strings.HasPrefix(code, "package ") || len(pasted) == 0 {
			pasted = append(pasted, code)
		} else {
			pasted[len(pasted)-1] += "\n" + code
		}
	}
	if len(pasted) == 0 {
		t.Error("README.md has no Go block")
	}
	for _, code := range pasted {
		found := false
		for name, data := range files(t) {
			// An example may have a comment in front of its package clause.
			found = found || strings.HasPrefix(name, "examples/") && strings.HasSuffix(name, ".go") && strings.HasSuffix(string(data), code)
		}
		if !found {
			t.Errorf("README.md: no file of examples is\n%s", code)
		}
	}
}

// TestREADMECommands runs the blocks in their order, each as one script of bash that stops at the first failure, beside
// the servers that the page starts. It needs the ports the page names, so it runs only when asked to.
func TestREADMECommands(t *testing.T) {
	all := readme(t)
	if !*execute {
		t.Skip("-execute runs the commands of README.md")
	}
	bin := t.TempDir() // go install is part of the page perhaps
	t.Setenv("GOBIN", bin)
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, b := range all {
		for _, command := range b.servers {
			if b.notRun == "" {
				serve(t, command)
			}
		}
	}
	for _, b := range all {
		first, _, _ := strings.Cut(strings.TrimSpace(b.script), "\n")
		if first == "" {
			continue
		}
		t.Run(fmt.Sprintf("line %d: %s", b.line, first), func(t *testing.T) {
			if b.notRun != "" {
				t.Skip(b.notRun)
			}
			cmd := exec.CommandContext(t.Context(), "bash", "-euv", "-o", "pipefail", "-c", b.script)
			cmd.Dir = root
			said, err := cmd.CombinedOutput()
			t.Logf("\n%s", said)
			if err != nil {
				t.Errorf("README.md:%d: %v", b.line, err)
			}
		})
	}
}

// serve starts the fake as the page does, waits for its first line, and stops it at the end as Ctrl-C does. The fake must
// exit with 0.
func serve(t *testing.T, command string) {
	t.Helper()
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir = root
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // go run and what it runs, as in a terminal
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		io.Copy(io.Discard, lines)
	}()
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
		<-drained
		err := cmd.Wait()
		if strings.HasPrefix(command, "go run ") && !strings.Contains(complaints.String(), "exit status") {
			err = nil // go run ends with 1 when it is interrupted, and tells how its program ended only if that was not well
		}
		if err != nil {
			t.Errorf("%s: stopped: %v\n%s", command, err, complaints.Bytes())
		}
	})
	if err != nil || !strings.HasPrefix(first, "aircallkit: fake Aircall on http://") {
		t.Fatalf("%s: the first line is %q (%v)", command, first, err)
	}
}

func TestBlocks(t *testing.T) {
	const page = "# x\n\n```sh\ngo run ./cmd/aircallkit serve\ngo test ./...\n```\n\ntext\n\n" +
		"<!-- not run: it rings a phone -->\n\n```sh\nring\n```\n\n```go\nfunc x()\n```\n\n" +
		"```sh\ncat <<'EOF'\n\nEOF\naircallkit serve --addr 127.0.0.1:0\n```\n\n<!-- else -->\n```sh\necho aircallkit serves\n```\n"
	got, err := blocks([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	want := []block{
		{line: 4, script: "go test ./...\n", servers: []string{"go run ./cmd/aircallkit serve"}},
		{line: 13, script: "ring\n", notRun: "it rings a phone"},
		{line: 21, script: "cat <<'EOF'\n\nEOF\n", servers: []string{"aircallkit serve --addr 127.0.0.1:0"}},
		{line: 29, script: "echo aircallkit serves\n"},
	}
	if !slices.EqualFunc(got, want, func(a, b block) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if _, err := blocks([]byte("```bash\nls\n```\n")); err == nil {
		t.Error("a block for another shell was accepted")
	}
}
