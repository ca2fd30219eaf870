package main

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

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
		return unable(flagProblem(err), cmd.CommandPath()+" --help lists the flags")
	})
	root.SetHelpCommand(&cobra.Command{ // cobra's own accepts unknown commands
		Use:               "help [command]",
		Short:             "Help about any command",
		Example:           "  aircallkit help serve",
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err == nil {
				err = noCommand(root, rest)
			}
			if err != nil {
				return err
			}
			return cmd.Help()
		},
	})
	root.PersistentFlags().BoolFunc("no-color", "write without colors, as with NO_COLOR set", func(value string) error {
		without, err := strconv.ParseBool(value)
		if err != nil {
			return errors.New("give true or false")
		}
		if without {
			p.env = append(p.env, "NO_COLOR=1")
		}
		return nil
	})
	root.SetVersionTemplate("aircallkit {{.Version}}\n")
	root.AddCommand(
		initCommand(p),
		serveCommand(p),
		statusCommand(p),
		stopCommand(p),
		luaCommand(p),
		mcpCommand(p),
		checkCommand(p),
		conformanceCommand(p),
		sweepCommand(p),
		pullCommand(p),
		docsCommand(p),
		simulateCommand(p),
		proxyCommand(p),
		getCommand(p),
		requestsCommand(p),
		eventsCommand(p),
		deliveriesCommand(p),
		triggerCommand(p),
		replayCommand(p),
		healthCommand(p),
		snapshotCommand(p),
		versionCommand(p),
		assumptionsTopic(),
	)
	setArguments(root)
	setCompletions(root)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages", fmt.Sprintf("Flags.FlagUsagesWrapped %d", helpWidth)))
	return root
}

// setArguments makes all commands check the number of their arguments, except those that take any number.
func setArguments(cmd *cobra.Command) {
	if cmd.Args == nil && cmd.Runnable() && !strings.Contains(cmd.Use, "...") {
		cmd.Args = checkArguments
	}
	for _, sub := range cmd.Commands() {
		setArguments(sub)
	}
}

// noCommand refuses the arguments of a command that only has subcommands.
func noCommand(parent *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := didYouMean(parent.SuggestionsFor(args[0]), parent.CommandPath()+" --help lists the commands")
	return unable(fmt.Errorf("there is no command %q", args[0]), hint)
}

// didYouMean returns a hint with the nearest name, or another hint if no name is near.
func didYouMean(near []string, otherwise string) string {
	if len(near) > 0 {
		return "did you mean " + near[0] + "?"
	}
	return otherwise
}

// checkArguments compares the number of arguments with the usage of a command; words in brackets are optional, and the last
// may have dots and stand for several.
func checkArguments(cmd *cobra.Command, args []string) error {
	words := strings.Fields(cmd.Use)[1:]
	problem := ""
	switch {
	case len(args) > len(words) && (len(words) == 0 || !strings.HasSuffix(words[len(words)-1], "...")):
		problem = fmt.Sprintf("unexpected argument %q", args[len(words)])
	case len(args) < len(words) && !strings.HasPrefix(words[len(args)], "["):
		problem = "missing argument " + strings.TrimSuffix(words[len(args)], "...")
	default:
		return nil
	}
	return unable(errors.New(problem), "usage: "+cmd.UseLine())
}

// helpWidth is the number of columns of the help.
const helpWidth = 100

// assumptionsTopic returns the help about the assumptions.
func assumptionsTopic() *cobra.Command {
	var b strings.Builder
	b.WriteString(`Nobody knows every detail of Aircall's API. Where the sources say nothing, the fake makes an
assumption. For some assumptions there is more than one plausible answer: choose another one with
serve --assume id=answer, or under assume in the --config file, there also for a single account. The
first answer is the default.

`)
	for _, a := range fakeaircall.Assumptions() {
		if len(a.Answers) > 0 {
			fmt.Fprintf(&b, "  %s\n", a.ID+"="+strings.Join(a.Answers, "|"))
		}
	}
	b.WriteString("\nThe reasons are in docs/fidelity.md.")
	return &cobra.Command{Use: "assumptions", Short: "The assumptions of the fake and their answers", Long: b.String()}
}

// versionedModules are the modules whose version changes the behavior of aircallkit.
var versionedModules = []string{
	"github.com/brianvoe/gofakeit/v6",        // the seeded data
	"github.com/cucumber/godog",              // the steps
	"github.com/modelcontextprotocol/go-sdk", // the protocol of agents
	"github.com/nyaruka/phonenumbers",        // how numbers are written
	"github.com/yuin/gopher-lua",             // the language
}

func versionCommand(p *process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of aircallkit, Go, and the modules that affect its behavior",
		Long: `Print the versions of aircallkit, Go, and the modules that affect its behavior. The same seed
produces the same data only with the same version of gofakeit, for example.`,
		Example: `  aircallkit version`,
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
			fmt.Fprintf(w, "aircallkit\t%s\n", version())
			if info, ok := debug.ReadBuildInfo(); ok {
				fmt.Fprintf(w, "go\t%s\n", info.GoVersion)
				for _, m := range info.Deps {
					if slices.Contains(versionedModules, m.Path) {
						fmt.Fprintf(w, "%s\t%s\n", m.Path, m.Version)
					}
				}
			}
			return w.Flush()
		},
	}
}

// version returns the version of the module, with the commit if it was built from a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// choice is the value of a flag that takes one of a few words.
type choice struct {
	value *string
	of    []string
}

func (c choice) String() string { return *c.value }
func (c choice) Type() string   { return strings.Join(c.of, "|") } // the help shows it as the value

func (c choice) Set(word string) error {
	if !slices.Contains(c.of, word) {
		return fmt.Errorf("give one of %s", strings.Join(c.of, ", "))
	}
	*c.value = word
	return nil
}

// choose adds a choice to the command, with the current value as default, and completes the words in the shell.
func choose(cmd *cobra.Command, value *string, flag, usage string, of ...string) {
	cmd.Flags().Var(choice{value, of}, flag, usage)
	complete(cmd, flag, of...)
}

// flagProblem replaces the advice of package strconv about a flag.
func flagProblem(err error) error {
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return badValue(bad.GetFlag(), bad.GetValue(), bad.Unwrap())
	}
	return err
}

// badValue returns the error of a flag that cannot have a value.
func badValue(f *pflag.Flag, value string, err error) error {
	advice := err.Error()
	switch f.Value.Type() {
	case "int", "int64":
		advice = "give a whole number"
	case "int64Slice":
		advice = "give whole numbers with commas between them"
	case "bool":
		advice = "give true or false"
	case "duration":
		advice = "give a duration such as 30s or 2m"
	case "time":
		advice = "give an instant such as 2026-06-15T09:00:00Z"
	}
	return fmt.Errorf("--%s %q: %s", f.Name, value, advice)
}
