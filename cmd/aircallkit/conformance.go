package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/conformance/selftest"
)

const stateDirName = "$XDG_STATE_HOME/aircallkit, or ~/.local/state/aircallkit"

type conformanceOptions struct {
	conformance.Options
	accounts, known string // files
	rerunFailed     string // a report
	plan, selfTest  bool
	list            bool
}

func conformanceCommand(p *process) *cobra.Command {
	o := conformanceOptions{Options: conformance.Options{Format: "text"}}
	cmd := &cobra.Command{
		Use:   "conformance",
		Short: "Run every documented example and parameter against a target",
		Long: `Run every example of the documentation, and a scenario for each parameter, through the real Lua
binding, and compare the results with what the API itself returns.

Without --allow-writes the command only reads from a server. With it, the command undoes every
change afterwards, even when it is interrupted. On another machine it writes only to the account
in --allow-writes=NAME, and never if the accounts file marks an account of the same company as
production. It never sends calls or messages there, never changes users, numbers or teams, and
never does anything that cannot be undone. It records each change in an undo log first, so that
"aircallkit sweep" can undo what a killed run left behind.

The fake in this process is always written to. The command stays below the rate limit of a server:
at 120 requests a minute a whole run takes four to five minutes, and the command says so first.
--plan prints the number of requests, the time, and what others in the company will see of a
writing run. Reports and output contain no credentials and
no personal data of a live account.

A scenario fails if the target breaks a promise of the documentation. A reply that only differs
from the expected wire format, such as a missing header or an unknown field, is drift: the report
lists it by cause, and it changes the exit code only with --strict.

Exit codes:
  0    nothing failed
  1    a scenario failed, or there is drift and --strict
  2    bad usage, or the command broke and its counts are not reliable
  3    the target does not answer, or refuses the credentials
  4    a change could not be undone
  5    the documentation or its coverage differs from what was accepted
  6    a scenario did not run and --require-complete is given
  7    a defect of aircallkit
  130  interrupted
If several apply, the first of 7, 4, 130, 3, 2, 1, 5, 6 is returned.

` + accountsHelp,
		Example: `  aircallkit conformance
  aircallkit conformance --target http://127.0.0.1:8787 --allow-writes
  aircallkit conformance --target live --report out --tags @function:list_calls
  aircallkit conformance --target live --rerun-failed out
  aircallkit conformance --tags '@function:get_call and not @changes' --list
  aircallkit conformance --target live --allow-writes=sandbox --plan`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.selectFailed(cmd.Flags()); err != nil {
				return fmt.Errorf("--rerun-failed: %w", err)
			}
			return o.run(cmd.Context(), p)
		},
	}
	cmd.AddCommand(recordCommand(p), diffCommand(p), checkTrafficCommand(p), replayTrafficCommand(p))
	targetFlags(cmd, &o.Target, &o.accounts, targetFake)
	f := cmd.Flags()
	f.StringVar(&o.Tags, "tags", "", "run the scenarios with these tags, an `expression` such as '@op:search-calls and not @changes'")
	f.StringArrayVar(&o.Scenarios, "scenario", nil, "run the scenario with this `id`; may be repeated")
	f.StringVar(&o.rerunFailed, "rerun-failed", "", "run the scenarios that failed in this `report`, a directory of --report or the run.json in it")
	f.BoolVar(&o.FailFast, "fail-fast", false, "skip the rest after the first scenario that fails")
	f.BoolVar(&o.list, "list", false, "print the scenarios that would run, with their tags, and send nothing")
	completeScenarios(cmd)
	f.Func("allow-writes", "also run scenarios that change this `account`, and undo the changes; a server on this machine needs no name", func(name string) error {
		o.AllowWrites, o.WriteAccount = name != "false", name
		switch name {
		case "":
			return errors.New("give the name of an account, or leave out the =")
		case "any", "true", "false":
			o.WriteAccount = ""
		}
		return nil
	})
	f.Lookup("allow-writes").NoOptDefVal = "any"
	f.BoolVar(&o.plan, "plan", false, "print what would run and the number of requests, and run nothing")
	f.IntVar(&o.MaxRequests, "max-requests", 0, "send at most this `number` of requests per account, a fifth of them reserved for undoing changes; 0: twice the planned number")
	f.StringVar(&o.UndoLog, "undo-log", "", "record changes in this undo log `file` before they are made; it is removed when all are undone (default a new file in "+stateDirName+")")
	f.StringVar(&o.known, "known", "", "YAML `file` of known failures of the target: these scenarios must fail in the recorded way, and pass as known")
	f.BoolVar(&o.Strict, "strict", false, "exit with 1 if there is drift; always on for the fake in this process")
	f.BoolVar(&o.FailOnExpired, "fail-on-expired", false, "fail a known failure whose until date has passed")
	f.BoolVar(&o.RequireComplete, "require-complete", false, "exit with 6 if a scenario is skipped or unsupported")
	f.StringVar(&o.ReportDir, "report", "", "write run.json and the report in all other formats to this `directory`")
	f.Int64Var(&o.Seed, "seed", 1, "seed of the data of the fake in this process")
	f.BoolVar(&o.selfTest, "self-test", false, "run the suite against servers with deliberate defects and check that it finds each one")
	choose(cmd, &o.Format, "format", "how to print", report.Formats()...)
	_ = cmd.MarkFlagDirname("report")
	cmd.MarkFlagsMutuallyExclusive("rerun-failed", "scenario")
	for _, name := range []string{"plan", "report", "format", "fail-fast"} {
		cmd.MarkFlagsMutuallyExclusive("list", name)
	}
	f.VisitAll(func(flag *pflag.Flag) {
		if flag.Name != "self-test" && flag.Name != "report" {
			cmd.MarkFlagsMutuallyExclusive("self-test", flag.Name)
		}
	})
	return cmd
}

// selectFailed selects the scenarios that failed in the report of --rerun-failed. Against another target than that of the report
// they may pass, so that target has to be named. Only the seed of the fake in this process is taken from the report.
func (o *conformanceOptions) selectFailed(flags *pflag.FlagSet) error {
	if o.rerunFailed == "" {
		return nil
	}
	rep, err := report.ReadReport(o.rerunFailed)
	if err != nil {
		return err
	}
	if o.Scenarios = rep.Failed(); len(o.Scenarios) == 0 {
		return fmt.Errorf("%s: no scenario failed in that run: there is nothing to run again", o.rerunFailed)
	}
	if rep.Run.Target != targetFake && !flags.Changed("target") {
		return fmt.Errorf("%s: that run was against %s: name the target with --target", o.rerunFailed, rep.Run.URL)
	}
	if rep.Run.Seed != 0 && !flags.Changed("seed") {
		o.Seed = rep.Run.Seed
	}
	return nil
}

// printList prints the scenarios that a run would execute: on stdout a line for each, on stderr their number.
func (o *conformanceOptions) printList(p *process) error {
	if o.Target != targetFake {
		if _, err := address(o.Target); err != nil {
			return err
		}
	}
	runs, skipped, err := conformance.List(o.Options)
	if err != nil {
		return err
	}
	var lines strings.Builder
	for _, s := range runs {
		fmt.Fprintln(&lines, strings.Join(append([]string{s.ID}, s.Tags...), " "))
	}
	if _, err := io.WriteString(p.stdout, lines.String()); err != nil {
		return err
	}
	text := report.Plural(len(runs), "scenario") + " would run"
	if skipped > 0 {
		text += fmt.Sprintf(", %d would be skipped: they need --allow-writes, or a fake on this machine", skipped)
	}
	_, err = fmt.Fprintln(p.stderr, text)
	return err
}

func (o *conformanceOptions) run(ctx context.Context, p *process) error {
	// A run is short and small: collecting garbage less often makes it a fifth faster.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	if o.selfTest {
		m, err := selftest.Run(ctx, selftest.Options{ReportDir: o.ReportDir, Stdout: p.stdout})
		if err == nil && !m.OK() {
			return &failure{code: conformance.ExitDefect}
		}
		return runFailure(nil, err)
	}
	if o.list {
		return o.printList(p)
	}
	if err := p.prepareRun(&o.Options, o.accounts); err != nil {
		return err
	}
	if o.accounts != "" {
		o.Again = []string{"--accounts", o.accounts}
	}
	if o.known != "" {
		data, err := readBounded(o.known, maxInput)
		if err == nil {
			o.Known, err = conformance.ReadKnown(data)
		}
		if err != nil {
			return fmt.Errorf("--known %s: %w", o.known, err)
		}
	}
	o.Stdout, o.Terminal = p.stdout, terminal(p.stdout) && p.getenv("TERM") != "dumb"
	if o.plan {
		return runFailure(nil, conformance.Plan(ctx, o.Options))
	}
	report, err := conformance.Run(ctx, o.Options)
	err = runFailure(report, err)
	if f, ok := errors.AsType[*failure](err); ok && f.code == conformance.ExitLeft {
		sweep := strings.Join(append([]string{"aircallkit sweep --target", o.Target}, o.Again...), " ")
		if report.UndoLog != "" {
			sweep += " --undo-log " + report.UndoLog
		}
		f.hints = []string{sweep + " shows what is left to undo, and undoes it with --yes"}
	}
	return err
}

// runFailure returns the failure of a run, nil if it succeeded.
func runFailure(report *report.Report, err error) error {
	code := conformance.ExitCode(report, err)
	if code == conformance.ExitOK {
		return nil
	}
	if code == conformance.ExitInterrupted {
		err = errors.New("interrupted")
	}
	return &failure{code: code, err: err}
}

// prepareRun fills in the accounts, from a file or the environment, unless the target is the fake.
func (p *process) prepareRun(o *conformance.Options, file string) (err error) {
	o.Wrap = p.wrap
	if o.Target == targetFake {
		return nil
	}
	if _, err := address(o.Target); err != nil {
		return err
	}
	o.Accounts, o.Production, err = p.accountsAndPurposes(file)
	return err
}

func sweepCommand(p *process) *cobra.Command {
	var run conformance.Options
	o := conformance.SweepOptions{}
	var accounts string
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Undo what a killed conformance run left on a server",
		Long: `Undo the changes of conformance runs that could not undo them themselves: the changes in their
undo logs, and contacts older than a day whose field information is the mark of a run, aircallkit-
and eight hexadecimal digits.

Without --yes the command only prints what it would do. It leaves a contact that somebody else has
changed since as it is, and reports it. It continues after an error.

Exit codes: 0 nothing is left to undo, 3 the server does not answer, 4 a change is left to undo.

` + accountsHelp,
		Example: `  aircallkit sweep --target live
  aircallkit sweep --target live --yes
  aircallkit sweep --target http://127.0.0.1:8787 --undo-log run.undolog --yes`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.prepareRun(&run, accounts); err != nil {
				return err
			}
			o.Target, o.Accounts, o.Production, o.Stdout = run.Target, run.Accounts, run.Production, p.stdout
			return runFailure(nil, conformance.Sweep(cmd.Context(), o))
		},
	}
	targetFlags(cmd, &run.Target, &accounts, "")
	f := cmd.Flags()
	f.StringVar(&o.UndoLog, "undo-log", "", "undo the changes in this undo log `file` (default all files of this target in "+stateDirName+")")
	f.BoolVar(&o.Yes, "yes", false, "undo the changes; without it nothing is changed")
	_ = cmd.MarkFlagRequired("target")
	return cmd
}

func recordCommand(p *process) *cobra.Command {
	var (
		o              conformance.Options
		accounts, into string
	)
	cmd := &cobra.Command{
		Use:   "record",
		Short: "Record the shapes of the replies of a target",
		Long: `Read a few samples of everything that a target can return, and record the shapes of the replies:
keys, types, how often a key is present, the words of some enumerations, the names of headers. The
command records no values and changes nothing. It makes about 170 requests with the default account.

` + accountsHelp,
		Example: `  aircallkit conformance record -o fake.json
  aircallkit conformance record --target live -o live.json
  aircallkit conformance diff fake.json live.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.prepareRun(&o, accounts); err != nil {
				return err
			}
			shapes, err := conformance.Record(cmd.Context(), o)
			if err != nil {
				return runFailure(nil, err)
			}
			data, err := shapes.Encode()
			if err == nil {
				err = writeFile(into, data, 0o644, os.Rename)
			}
			if err != nil {
				return err
			}
			return printLine(p, fmt.Sprintf("recorded the shapes of %d kinds of replies of %s in %s", len(shapes.Replies), shapes.Target, into))
		},
	}
	targetFlags(cmd, &o.Target, &accounts, targetFake)
	cmd.Flags().Int64Var(&o.Seed, "seed", 1, "seed of the data of the fake in this process")
	cmd.Flags().StringVarP(&into, "output", "o", "", "`file` to write")
	_ = cmd.MarkFlagRequired("output")
	_ = cmd.MarkFlagFilename("output", "json")
	return cmd
}

func diffCommand(p *process) *cobra.Command {
	var format, failOn = "text", drift.TierError
	cmd := &cobra.Command{
		Use:   "diff BEFORE NOW",
		Short: "Compare two recordings",
		Long: `Compare two files of "conformance record". A new key is info. A key that is missing, can be null or
is no longer always present is warn. Another type, another status or a new word is error. The exit
code is 1 if a change is of the tier of --fail-on, or worse.`,
		Example: `  aircallkit conformance diff fake.json live.json
  aircallkit conformance diff monday.json today.json --fail-on warn --format json`,
		RunE: func(_ *cobra.Command, files []string) error {
			return diffShapes(p, files, format, failOn)
		},
	}
	choose(cmd, &format, "format", "how to print", "text", "json")
	choose(cmd, &failOn, "fail-on", "the lightest tier that fails", drift.TierInfo, drift.TierWarn, drift.TierError, "never")
	return cmd
}

func diffShapes(p *process, files []string, format, failOn string) error {
	var recordings []*drift.Shapes
	for _, name := range files {
		data, err := readBounded(name, maxInput)
		if err != nil {
			return err
		}
		s, err := drift.Read(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		recordings = append(recordings, s)
	}
	changes := append([]drift.Change{}, drift.Diff(recordings[0], recordings[1])...) // an empty list in JSON, not null
	counts := map[string]int{}
	var lines strings.Builder
	fails := false
	for _, c := range changes {
		fmt.Fprintln(&lines, c)
		counts[c.Tier]++
		fails = fails || failOn != "never" && c.AtLeast(failOn)
	}
	var err error
	if format == "json" {
		err = printJSON(p, map[string]any{"changes": changes})
	} else {
		_, err = fmt.Fprintf(p.stdout, "%s%d error, %d warn, %d info\n", lines.String(), counts[drift.TierError], counts[drift.TierWarn], counts[drift.TierInfo])
	}
	if err == nil && fails {
		err = &failure{code: conformance.ExitFailed}
	}
	return err
}

// completeScenarios offers the shipped scenarios for --scenario, and the last tag of an expression for --tags.
func completeScenarios(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("scenario", func(*cobra.Command, []string, string) (ids []string, _ cobra.ShellCompDirective) {
		list, _ := scenario.Shipped() // a test checks that they can be read
		for _, s := range list {
			ids = append(ids, s.ID)
		}
		return ids, cobra.ShellCompDirectiveNoFileComp
	})
	_ = cmd.RegisterFlagCompletionFunc("tags", func(_ *cobra.Command, _ []string, typed string) (tags []string, _ cobra.ShellCompDirective) {
		before := typed[:strings.LastIndexAny(typed, " (")+1]
		list, _ := scenario.Shipped()
		for _, s := range list {
			for _, tag := range s.Tags {
				tags = append(tags, before+tag)
			}
		}
		slices.Sort(tags)
		return slices.Compact(tags), cobra.ShellCompDirectiveNoFileComp
	})
}
