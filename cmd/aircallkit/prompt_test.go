package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"
	"github.com/peterh/liner"

	"github.com/aircallkit/aircallkit/binding"
)

// typing returns a prompt on a fresh fake that reads the lines; "^C" means Ctrl-C.
func typing(t *testing.T, lines ...string) (pr *prompt, stdout, stderr *bytes.Buffer) {
	t.Helper()
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	p := &process{stdout: stdout, stderr: stderr}
	target, err := p.open(targetFake, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(target.close)
	runner, err := binding.New(binding.Config{Accounts: target.accounts})
	if err != nil {
		t.Fatal(err)
	}
	pr = newPrompt(p, target, runner, binding.RunOptions{Output: stdout})
	pr.remember = func(string) {}
	pr.readLine = func(prompt string) (string, error) {
		if len(lines) == 0 {
			return "", io.EOF
		}
		line := lines[0]
		lines = lines[1:]
		fmt.Fprintln(stdout, prompt+line)
		if line == "^C" {
			return "", liner.ErrPromptAborted
		}
		return line, nil
	}
	return pr, stdout, stderr
}

func TestPrompt(t *testing.T) {
	for _, c := range []struct {
		name   string
		lines  []string
		stdout string
		stderr string
	}{
		{"expressions and statements", []string{"x = 2", "x * 21", `"a\tb"`, "nil", "x, true", "print(x)"}, `
aircall> x = 2
aircall> x * 21
42
aircall> "a\tb"
"a\tb"
aircall> nil
nil
aircall> x, true
2
true
aircall> print(x)
2
`, ""},
		{"several lines", []string{"for i = 1, 2 do", "  print(i)", "end", "x = {", "", "for", "^C", "1"}, `
aircall> for i = 1, 2 do
     ...   print(i)
     ... end
1
2
aircall> x = {
     ...
aircall> for
     ... ^C
aircall> 1
1
`, "input2:1: syntax error near the end of the script\n"},
		{"records", []string{"app.integrations.aircall.list_tags({ per_page = 2 }).tags", "{ meta = { total = 2 }, items = { { id = 1, part = { name = \"A\" } } }, ok = true }",
			"{ {1}, 2 }", "{}", "app.integrations.aircall.sales", "{ a = { b = { c = { d = { e = {} } } } } }"}, `
aircall> app.integrations.aircall.list_tags({ per_page = 2 }).tags
id       name              color    description
3000001  Callback Request  #29C8FF  queue_callback
3000002  Called Back       #B285D1  queue_called_back
aircall> { meta = { total = 2 }, items = { { id = 1, part = { name = "A" } } }, ok = true }
ok  true
items (1)
  id  part
  1   {name = A}
meta
  total  2
aircall> { {1}, 2 }
{1 value}
2
aircall> {}
{}
aircall> app.integrations.aircall.sales
app.integrations.aircall.sales
aircall> { a = { b = { c = { d = { e = {} } } } } }
a
  b
    c
      d
        e  {}
`, ""},
		{"accounts", []string{":accounts", ":use sales", ":accounts", "app.integrations.aircall.ping().ping", ":use acme", ":use", ":quit", "never"}, `
aircall> :accounts
  default
  sales
  support
aircall> :use sales
sales> :accounts
  default
* sales
  support
sales> app.integrations.aircall.ping().ping
"pong"
sales> :use acme
sales> :use
aircall> :quit
`, "aircallkit: error: there is no account \"acme\"\naircallkit: hint: :accounts lists them\n"},
		{"slips", []string{":dcos", ":teleport", ":docs lst_calls", "app.integrations.aircall.list_cals()", "app.integrations.aircall.get_call(1)"}, `
aircall> :dcos
aircall> :teleport
aircall> :docs lst_calls
aircall> app.integrations.aircall.list_cals()
aircall> app.integrations.aircall.get_call(1)
`, `aircallkit: error: there is no command :dcos
aircallkit: hint: did you mean :docs?
aircallkit: error: there is no command :teleport
aircallkit: hint: the commands are :accounts, :docs, :help, :quit, :use
aircallkit: error: there is no function "lst_calls"
aircallkit: hint: did you mean :docs list_calls?
input1:1: Unknown function: app.integrations.aircall.list_cals. Did you mean:
  list_calls
input2:1: Aircall API error (404): Not Found. Check ID of the resource
  function: app.integrations.aircall.get_call
  account:  default
  status:   404 Not Found
  hint:     check the id: the company has no such object
`},
		{"escapes of a terminal", []string{`{ a = "\27[31mred\7", ["\27"] = 1 }`}, `
aircall> { a = "\27[31mred\7", ["\27"] = 1 }
?  1
a  ?[31mred?
`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			pr, stdout, stderr := typing(t, c.lines...)
			if err := pr.run(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, said, _ := strings.Cut(stdout.String(), "quit.\n") // the greeting
			if !slices.Contains(c.lines, ":quit") {
				said = strings.TrimSuffix(said, "\n")
			}
			said = strings.ReplaceAll(said, "... \n", "...\n")
			if diff := cmp.Diff(strings.TrimPrefix(c.stdout, "\n"), said); diff != "" {
				t.Errorf("output:\n%s", diff)
			}
			if diff := cmp.Diff(c.stderr, stderr.String()); diff != "" {
				t.Errorf("errors:\n%s", diff)
			}
		})
	}
}

// Ctrl-C ends a running input, and the prompt continues.
func TestPromptInterrupted(t *testing.T) {
	pr, _, stderr := typing(t, "print('begun') while true do end", "print('next')")
	var said bytes.Buffer
	pr.p.stdout = writerFunc(func(b []byte) (int, error) {
		if strings.HasPrefix(string(b), "begun") {
			if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
				t.Error(err)
			}
		}
		return said.Write(b)
	})
	pr.opts.Output = pr.p.stdout
	if err := pr.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := stderr.String(); got != "input1:1: The script was canceled.\n" {
		t.Errorf("said %q", got)
	}
	if !strings.HasSuffix(said.String(), "begun\nnext\n\n") {
		t.Errorf("printed %q", said.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// What docs returns is a text, and long lines break between words.
func TestPromptShowsTexts(t *testing.T) {
	pr, stdout, stderr := typing(t, `docs.search("pause the recording")`, "\"one two three four five six seven eight\\n- nine ten eleven twelve thirteen\\n```\\ncode that is longer than the terminal is wide\\n\\27\"", "app.integrations.aircall.docs()")
	pr.width = 30
	if err := pr.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\none two three four five six\nseven eight\n- nine ten eleven twelve\n  thirteen\n```\ncode that is longer than the terminal is wide\n?\n"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, stdout.String())
		}
	}
	if !strings.Contains(stdout.String(), "pause") || strings.Contains(stdout.String(), "…") {
		t.Errorf("the result of docs is cut:\n%s", stdout.String())
	}
	if !strings.Contains(stderr.String(), "\n  hint:     :docs lists all\n            functions\n") {
		t.Errorf("no hint, or not wrapped:\n%s", stderr.String())
	}
}

// Output that is longer than the terminal is high comes in pages, or goes through $PAGER.
func TestPromptPages(t *testing.T) {
	const list = "{ 1, 2, 3, 4, 5, 6, 7, 8, 9 }"
	pr, stdout, _ := typing(t, list, "", "q", "{ 1, 2, 3 }")
	pr.height = 4
	if err := pr.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "aircall> " + list + "\n1\n2\n3\n-- 6 more lines: Enter shows them, q stops -- \n4\n5\n6\n-- 3 more lines: Enter shows them, q stops -- q\naircall> { 1, 2, 3 }\n1\n2\n3\naircall> "
	if _, said, _ := strings.Cut(stdout.String(), "quit.\n"); !strings.HasPrefix(said, strings.TrimSuffix(want, "aircall> ")) {
		t.Errorf("got\n%s\nwant\n%s", said, want)
	}
	for pager, want := range map[string]string{"sed s/^/paged:/": "\npaged:1\npaged:2\n", "exit 1": "\n1\n2\n3\n-- 6 more lines"} {
		pr, stdout, _ = typing(t, list, "q")
		pr.height, pr.p.env = 4, []string{"PAGER=" + pager, "PATH=" + os.Getenv("PATH")}
		if err := pr.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("PAGER=%s: %q is missing in:\n%s", pager, want, stdout.String())
		}
	}
}

func TestPromptDocs(t *testing.T) {
	pr, stdout, _ := typing(t, ":docs get_call", ":docs", ":help")
	if err := pr.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n| `call_id` | integer | yes |", "\nadd_call_tags ", "Add tags to a call.\n", "\nerrors ", "Ctrl-D quits.\n\n  :docs [NAME] "} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("it lacks %q", want)
		}
	}
}

func TestPromptCompletes(t *testing.T) {
	pr, _, _ := typing(t, "a = app.integrations.aircall")
	if err := pr.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line  string // with the cursor at |
		head  string
		words []string
		tail  string
	}{
		{":d|", "", []string{":docs"}, ""},
		{":use s|", ":use ", []string{"sales", "support"}, ""},
		{":docs add_call_t|", ":docs ", []string{"add_call_tags"}, ""},
		{"app.in|", "app.", []string{"integrations"}, ""},
		{"x = a.get_call|)", "x = a.", []string{"get_call("}, ")"},
		{"a.sales.add_call_|", "a.sales.", []string{"add_call_comment(", "add_call_tags("}, ""},
		{"é = a.get_call|", "é = a.", []string{"get_call("}, ""},
		{"a.add_call_tags({ |", "a.add_call_tags({ ", []string{"call_id = ", "tags = "}, ""},
		{"a.add_call_tags{ call_id = 1, |", "a.add_call_tags{ call_id = 1, ", []string{"tags = "}, ""},
		{`a.list_calls({ direction = |`, `a.list_calls({ direction = `, []string{`"inbound"`, `"outbound"`}, ""},
		{`a.list_calls({ direction = "in| })`, `a.list_calls({ direction = `, []string{`"inbound"`}, " })"},
		{`a.list({ ord|`, `a.list({ `, []string{"order = "}, ""},
		{`a.create_contact({ emails = { { label = "Work" } }, fir|`, `a.create_contact({ emails = { { label = "Work" } }, `, []string{"first_name = "}, ""},
		{`a.get_call({ call_id = 1 }).|`, `a.get_call({ call_id = 1 }).`, nil, ""},
		{"x = { ty|", "x = { ", []string{"type("}, ""},
		{"zzz|", "", nil, ""},
	} {
		before, after, _ := strings.Cut(c.line, "|")
		head, words, tail := pr.complete(before+after, len([]rune(before)))
		if head != c.head || tail != c.tail || !slices.Equal(words, c.words) {
			t.Errorf("%s\n got: %q %q %q\nwant: %q %q %q", c.line, head, words, tail, c.head, c.words, c.tail)
		}
	}
}

// Tables are never wider than the terminal.
func TestTableFits(t *testing.T) {
	var record = map[string]any{"id": int64(1), "name": "日本語の名前がとても長いのでここで切られるはずです", "score": 1.5, "nested": map[string]any{"id": int64(7)}}
	for i := range 30 {
		record[fmt.Sprintf("field_%d", i)] = strings.Repeat("x", i)
	}
	for _, width := range []int{20, 40, 80, 200} {
		var b bytes.Buffer
		p := valuePrinter{&process{stdout: &b}, width}
		p.print(map[string]any{"items": slices.Repeat([]any{record}, 60), "other": "x"})
		for line := range strings.Lines(b.String()) {
			if n := runewidth.StringWidth(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("width %d: a line of %d: %s", width, n, line)
			}
		}
		if !strings.Contains(b.String(), "  … and 10 more\n") || !strings.Contains(b.String(), "items (60)") {
			t.Errorf("width %d:\n%s", width, b.String())
		}
	}
}

func TestHistory(t *testing.T) {
	home := t.TempDir()
	for _, c := range []struct {
		env  []string
		want string
	}{
		{[]string{"XDG_STATE_HOME=" + home}, filepath.Join(home, "aircallkit", "lua_history")},
		{[]string{"HOME=" + home}, filepath.Join(home, ".local", "state", "aircallkit", "lua_history")},
		{[]string{"XDG_STATE_HOME=relative", "HOME=" + home}, filepath.Join(home, ".local", "state", "aircallkit", "lua_history")},
		{nil, ""},
	} {
		if got := historyFile(&process{env: c.env}); got != c.want {
			t.Errorf("%v: %q, want %q", c.env, got, c.want)
		}
	}
	file := filepath.Join(home, "aircallkit", "lua_history")
	editor := liner.NewLiner()
	defer editor.Close()
	if err := saveHistory(editor, file); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("an empty history was saved: %v", err)
	}
	var lines []string
	for i := range 1500 {
		lines = append(lines, fmt.Sprintf("line %d", i))
		remember(&process{}, editor, lines[i])
	}
	remember(&process{}, editor, "line 1499\n  \nline 1499")
	if err := errors.Join(saveHistory(editor, ""), saveHistory(editor, file)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if want := strings.Join(lines[500:], "\n") + "\n"; err != nil || string(data) != want {
		t.Errorf("%v: %d lines, from %.20q", err, strings.Count(string(data), "\n"), data)
	}
	again := liner.NewLiner()
	defer again.Close()
	readHistory(strings.NewReader("first\n\xff\xfe\nlast\n"), again)
	var kept bytes.Buffer
	if _, err := again.WriteHistory(&kept); err != nil || kept.String() != "first\nlast\n" {
		t.Errorf("a history with a line that is not text: %q %v", kept.String(), err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".lua*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// No input that contains a credential, or a word for one, is kept in the history.
func TestHistoryHoldsNoSecret(t *testing.T) {
	p := &process{}
	p.hide(map[string]binding.Account{"default": {APIID: "id-71c2f", APIToken: "tok-93af"}, "sales": {AccessToken: "bear-55e0"}})
	for input, want := range map[string]string{
		"f(\n  1)": "f(\n  1)\n", "a.exchange_authorization_code(\n  \"app\",\n  \"hush\"\n)": "", " ": "",
		`print(1)`: "print(1)\n", `a.get_call({ call_id = 12345 })`: "a.get_call({ call_id = 12345 })\n", `country_code = 1`: "country_code = 1\n",
		`x = "id-71c2f"`: "", `x = "tok-93af"`: "", `f("bear-55e0!")`: "",
		`a.exchange_authorization_code({`: "", `client_secret = "x",`: "", `  code = "abc",`: "", `t = { access_token = v }`: "", `Password = 1`: "",
	} {
		var kept bytes.Buffer
		editor := liner.NewLiner()
		remember(p, editor, input)
		_, _ = editor.WriteHistory(&kept)
		editor.Close()
		if kept.String() != want {
			t.Errorf("%s: kept %q", input, kept.String())
		}
	}
}
