package main

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// trigger is a stream that calls a function at each read, which then blocks, and at each write.
type trigger func()

func (f trigger) Read([]byte) (int, error) {
	f()
	select {}
}

func (f trigger) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}

// Ctrl-C ends a waiting command and a working one.
func TestInterrupted(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"waiting for standard input", []string{"lua", "-"}, exitUnable, "aircallkit: error: lua: interrupted\n"},
		{"running a script", []string{"lua", "--timeout", "-1s", "-e", "print() while true do end"}, exitFailed, "(command line):1: The script was canceled.\n"},
		{"serving", []string{"serve", "--addr", "127.0.0.1:0", "--scale", "empty"}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			var stderr bytes.Buffer
			if code := checkedProcess(t, trigger(cancel), trigger(cancel), &stderr).run(ctx, c.args); code != c.code || stderr.String() != c.says {
				t.Errorf("exit code %d, want %d; said %q, want %q", code, c.code, stderr.String(), c.says)
			}
		})
	}
	t.Run("before the first scenario", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var stderr bytes.Buffer
		if code := checkedProcess(t, nil, io.Discard, &stderr).run(ctx, []string{"conformance"}); code != conformance.ExitInterrupted || stderr.String() != "aircallkit: error: conformance: interrupted\n" {
			t.Errorf("exit code %d; said %q", code, stderr.String())
		}
	})
}

// No command follows a redirect to another host, or sends credentials there.
func TestNoRedirectIsFollowed(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the other host was asked: %s %s, credentials: %t", r.Method, r.URL, r.Header.Get("Authorization") != "")
	}))
	defer other.Close()
	var asked, status atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, other.URL+r.URL.Path, int(status.Load()))
	}))
	defer srv.Close()
	for _, code := range []int32{301, 302, 303, 307, 308} {
		status.Store(code)
		for _, line := range []string{
			"health", "simulate inbound", "snapshot list", "check default", "sweep", "conformance --tags @example:get_call --allow-writes",
			"lua -e app.integrations.aircall.list_users()", "lua -e app.integrations.aircall.create_contact{first_name='A'}",
		} {
			asked.Store(0)
			var out bytes.Buffer
			p := checkedProcess(t, nil, &out, &out)
			p.env = []string{controlTokenEnv + "=canary-control-token"}
			code := p.run(t.Context(), append(strings.Fields(line), "--target", srv.URL))
			if code == 0 || asked.Load() == 0 || strings.Contains(out.String(), "canary") {
				t.Errorf("%s: exit code %d after %d requests: %s", line, code, asked.Load(), out.String())
			}
		}
	}
}

// Each flag of serve has a variable, and an error in its value names the variable.
func TestVariables(t *testing.T) {
	serveCommand(&process{}).Flags().VisitAll(func(f *pflag.Flag) {
		name := variable(f.Name)
		for value, right := range map[string]bool{"nonsense": f.Value.Type() == "string" || f.Value.Type() == "stringArray", f.DefValue: f.DefValue != "" && f.Value.Type() != "stringArray"} {
			if f.Value.Type() == "time" {
				value, right = "2026-06-15T09:00:00Z", true
			}
			flags := serveCommand(&process{}).Flags()
			p := &process{env: []string{name + "=" + value}}
			_, err := p.setFromEnvironment(flags)
			if right && (err != nil || !flags.Changed(f.Name)) {
				t.Errorf("%s=%s: %v", name, value, err)
			} else if value == "nonsense" && !right && (err == nil || !strings.HasPrefix(err.Error(), name+` "nonsense": `)) {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	})
	p := &process{env: []string{"AIRCALLKIT_ADDR=127.0.0.1:1", "PORT=2"}}
	flags := serveCommand(p).Flags()
	if _, err := p.setFromEnvironment(flags); err != nil || flags.Lookup("addr").Value.String() != "127.0.0.1:1" {
		t.Errorf("%v, %v", flags.Lookup("addr").Value, err)
	}
	p.env = []string{"PORT=2"}
	flags = serveCommand(p).Flags()
	if _, err := p.setFromEnvironment(flags); err != nil || flags.Lookup("addr").Value.String() != "127.0.0.1:2" {
		t.Errorf("%v, %v", flags.Lookup("addr").Value, err)
	}
}

// Every example of the reference runs on the command line as it is printed, against any new fake.
func TestReferenceExamples(t *testing.T) {
	for _, seed := range []int64{1, 2} {
		srv := fakeaircall.RunT(t, checked(t, fakeaircall.Options{Seed: seed}))
		for _, e := range binding.Examples() {
			t.Run(fmt.Sprintf("seed %d/%s", seed, e.ID), func(t *testing.T) {
				source := strings.ReplaceAll(e.Source, "function_name", "list_users") // the page's placeholder
				var stdout, stderr bytes.Buffer
				code := checkedProcess(t, strings.NewReader(source), &stdout, &stderr).run(t.Context(), []string{"lua", "--target", srv.URL(), "-"})
				if code != 0 || stderr.Len() > 0 {
					t.Errorf("exit code %d: %s", code, stderr.String())
				}
				if prints := strings.Contains(source, "print("); prints != (stdout.Len() > 0) {
					t.Errorf("printed %q", stdout.String())
				}
			})
		}
	}
	if len(binding.Examples()) < len(binding.Functions()) {
		t.Errorf("%d examples for %d functions", len(binding.Examples()), len(binding.Functions()))
	}
}

// The examples of the help use existing flags and valid arguments.
func TestHelpExamples(t *testing.T) {
	word := regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)
	var check func(*cobra.Command)
	check = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			check(sub)
		}
		if strings.HasPrefix(cmd.CommandPath(), "aircallkit completion") || cmd.Name() == "help" {
			return // cobra's own
		}
		var help bytes.Buffer
		cmd.SetOut(&help)
		if err := cmd.Help(); err != nil {
			t.Error(err)
		}
		for line := range strings.Lines(help.String()) {
			if n := utf8.RuneCountInString(strings.TrimSpace(line)); n > helpWidth && !strings.HasPrefix(line, "  aircallkit ") {
				t.Errorf("%s: a line of the help has %d columns, the most is %d: %s", cmd.CommandPath(), n, helpWidth, line)
			}
		}
		if !cmd.Runnable() {
			return // a topic
		}
		if cmd.Example == "" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		shown := false
		for line := range strings.Lines(cmd.Example) {
			_, command, ok := strings.Cut(line, "aircallkit ")
			if !ok {
				t.Errorf("%s: example %q does not call aircallkit", cmd.CommandPath(), line)
				continue
			}
			words := word.FindAllString(command, -1)
			for i := range words {
				words[i] = strings.Trim(words[i], `'"`)
			}
			target, rest, err := rootCommand(&process{}).Find(words)
			if err == nil {
				err = target.ParseFlags(rest)
			}
			if err == nil {
				err = target.ValidateArgs(target.Flags().Args())
			}
			if err != nil {
				t.Errorf("%s: example %q: %v", cmd.CommandPath(), strings.TrimSpace(line), err)
			}
			shown = shown || strings.HasPrefix(target.CommandPath(), cmd.CommandPath())
		}
		if !shown {
			t.Errorf("%s: no example is of it", cmd.CommandPath())
		}
	}
	root := rootCommand(&process{})
	root.InitDefaultCompletionCmd()
	check(root)
}

// Each limit of a script has a flag. Its help describes the zero value as package binding does.
func TestLimitFlags(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../binding/limits.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	flags := luaCommand(&process{}).Flags()
	zero := regexp.MustCompile(`\b0: ([^,.;\n]+)`)
	capital := regexp.MustCompile(`(.)([A-Z])`)
	seen := 0
	for _, f := range file.Scope.Lookup("Limits").Decl.(*ast.TypeSpec).Type.(*ast.StructType).Fields.List {
		name := strings.ToLower(capital.ReplaceAllString(f.Names[0].Name, "$1-$2"))
		if id, ok := f.Type.(*ast.Ident); ok && id.Name == "int" && !strings.HasPrefix(name, "max-") {
			name = "max-" + name
		}
		seen++
		flag := flags.Lookup(name)
		means := zero.FindStringSubmatch(strings.ReplaceAll(f.Comment.Text(), "Timeout", "--timeout"))
		switch {
		case flag == nil:
			t.Errorf("Limits.%s has no flag --%s", f.Names[0].Name, name)
		case means == nil:
			t.Errorf("Limits.%s does not say what 0 means", f.Names[0].Name)
		case flag.DefValue != means[1] && !strings.Contains(flag.Usage, "0: "+means[1]):
			t.Errorf("--%s: the help does not say that 0 means %s: %s", name, means[1], flag.Usage)
		}
	}
	if want := reflect.TypeFor[binding.Limits]().NumField(); seen != want {
		t.Errorf("looked at %d of %d limits", seen, want)
	}
}
