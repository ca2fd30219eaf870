package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// testdata/completions.txt has what the shell offers, without a fake, for the arguments of each command and the values of
// each flag that takes one.
func TestCompletions(t *testing.T) {
	var got strings.Builder
	offers := func(commands int, nowhere bool, args ...string) {
		var out bytes.Buffer
		words := append([]string{"__complete"}, args[:commands]...)
		if nowhere {
			words = append(words, "--target", "http://127.0.0.1:1") // a fake may run at the usual address
		}
		if code := checkedProcess(t, nil, &out, &bytes.Buffer{}).run(t.Context(), append(append(words, args[commands:]...), "")); code != 0 {
			t.Fatalf("%q: exit code %d", args, code)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		offered, what := lines[:len(lines)-1], ""
		switch directive := lines[len(lines)-1]; {
		case directive == ":0", directive == ":16":
			what = "files"
		case directive == ":8":
			what = "files: " + strings.Join(offered, ", ")
		case len(offered) == 0:
			what = "nothing"
		default:
			shown := slices.Clone(offered[:min(len(offered), 4)])
			for i, w := range shown {
				shown[i], _, _ = strings.Cut(w, "\t")
			}
			if what = strings.Join(shown, ", "); len(offered) > len(shown) {
				what += ", ..."
			}
		}
		fmt.Fprintf(&got, "%s: %s\n", strings.Join(args, " "), what)
	}
	var walk func(cmd *cobra.Command, path []string)
	walk = func(cmd *cobra.Command, path []string) {
		if cmd.Hidden || cmd.Name() == "completion" || !cmd.Runnable() {
			return
		}
		target := cmd.Flags().Lookup("target")
		if target == nil {
			target = cmd.InheritedFlags().Lookup("target")
		}
		running := target != nil && target.DefValue == defaultURL
		offers(len(path), running, path...)
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if value, _ := pflag.UnquoteUsage(f); value != "" {
				offers(len(path), running && f.Name != "target", append(slices.Clip(path), "--"+f.Name)...)
			}
		})
		for _, sub := range cmd.Commands() {
			walk(sub, append(slices.Clip(path), sub.Name()))
		}
	}
	walk(rootCommand(checkedProcess(t, nil, &bytes.Buffer{}, &bytes.Buffer{})), nil)
	file := filepath.Join("testdata", "completions.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("the completions changed: look at them, and run the test with -update\n%s", got.String())
	}
}
