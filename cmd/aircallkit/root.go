package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

const (
	exitFailed = 1
	exitUnable = 2
)

// failure is an error that knows the exit code and what to do next.
type failure struct {
	code  int
	err   error // nil: the command has said it all
	hints []string
}

func (f *failure) Error() string {
	if f.err == nil {
		return "failed"
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// unable is the failure of a command that could not do its work.
func unable(err error, hints ...string) error {
	return &failure{exitUnable, err, hints}
}

// run is the whole program: it returns the exit code.
func (p *process) run(ctx context.Context, args []string) int {
	p.stdout, p.stderr = p.secrets.Writer(p.stdout), p.secrets.Writer(p.stderr)
	root := rootCommand(p)
	root.SetArgs(append([]string{}, args...)) // not nil, or cobra would read os.Args
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	f := &failure{code: exitUnable, err: err}
	errors.As(err, &f)
	if f.err != nil {
		p.complain("error", f.err.Error())
	}
	for _, h := range f.hints {
		p.complain("hint", h)
	}
	return f.code
}

func rootCommand(p *process) *cobra.Command {
	root := &cobra.Command{
		Use:   "aircallkit",
		Short: "A fake Aircall, its Lua binding, and a conformance suite for both",
		Long: `aircallkit is a test double of Aircall's REST API and a conformance suite for the Lua functions
app.integrations.aircall.*

Start a fake Aircall in one terminal and run a script against it in another.`,
		Example: `  aircallkit serve
  aircallkit lua --target http://127.0.0.1:8787 report.lua
  aircallkit conformance`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return unable(fmt.Errorf("%s: %w", cmd.Name(), flagProblem(err)), cmd.CommandPath()+" --help lists the flags")
	})
	root.SetHelpCommand(&cobra.Command{ // cobra's own ends well whatever it was asked for
		Use:               "help [command]",
		Short:             "Help about any command",
		Example:           "  aircallkit help serve",
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err == nil && len(rest) > 0 {
				err = noCommand(root, rest)
			}
			if err != nil {
				return err
			}
			return cmd.Help()
		},
	})
	root.SetVersionTemplate("aircallkit {{.Version}}\n")
	root.AddCommand(
		serveCommand(p),
		luaCommand(p),
		checkCommand(p),
		conformanceCommand(p),
		sweepCommand(p),
		docsCommand(p),
		simulateCommand(p),
		healthCommand(p),
		snapshotCommand(p),
		versionCommand(p),
		assumptionsTopic(),
	)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages", fmt.Sprintf("Flags.FlagUsagesWrapped %d", helpWidth)))
	return root
}

// noCommand refuses what is no command, in the place of a parent's arguments.
func noCommand(parent *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := parent.CommandPath() + " --help lists the commands"
	if like := parent.SuggestionsFor(args[0]); len(like) > 0 {
		hint = "did you mean " + like[0] + "?"
	}
	return unable(fmt.Errorf("there is no command %q", args[0]), hint)
}

// helpWidth is how many columns a line of help has at most.
const helpWidth = 100

// wrapped joins words with commas, in lines that fit into a help text.
func wrapped(words []string) string {
	var b strings.Builder
	column := 2
	for i, w := range words {
		if i > 0 {
			b.WriteString(",")
			if column += len(w) + 2; column < helpWidth {
				b.WriteString(" ")
			} else {
				b.WriteString("\n  ")
				column = 2 + len(w)
			}
		} else {
			column += len(w)
		}
		b.WriteString(w)
	}
	return b.String()
}

// assumptionsTopic is the help text of the assumptions.
func assumptionsTopic() *cobra.Command {
	var b strings.Builder
	b.WriteString(`Nobody knows every detail of Aircall's API. Where the sources say nothing, the fake makes an
assumption. For some assumptions there is more than one plausible answer: choose another one with
serve --assume id=answer, or under assume in the --config file. The first answer is the default.

`)
	for _, a := range fakeaircall.Assumptions() {
		if len(a.Answers) > 0 {
			fmt.Fprintf(&b, "  %s\n", a.ID+"="+strings.Join(a.Answers, "|"))
		}
	}
	b.WriteString("\nThe reasons are in docs/fidelity.md.")
	return &cobra.Command{Use: "assumptions", Short: "The assumptions of the fake and their answers", Long: b.String()}
}
