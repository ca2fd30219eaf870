package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/report"
)

func conformanceCommand(p *process) *cobra.Command {
	o := conformance.Options{Format: "text"}
	var accounts, known string
	var plan, selfTest bool
	cmd := &cobra.Command{
		Use:   "conformance",
		Short: "Run every documented example and parameter against a target",
		Long: `Run the documentation's examples, and a scenario for each of its parameters, through the real Lua binding,
and compare what they give with what the API itself holds.

Without --allow-writes a server is only read from; with it, what the scenarios make is undone afterwards,
also when the run is interrupted. A server that is not on this machine is changed only in the account that
is named, --allow-writes=NAME, and never if the accounts file gives an account of that company the purpose
production. Calls, messages, users, numbers, teams and whatever cannot be undone are never sent there. What
changes is written to a journal first, from which "aircallkit sweep" undoes what a killed run left.

The fake in this process is always written to. The rate limit of a server is kept: a whole run takes some
minutes at 120 requests a minute. --plan says how many, and what others in the company will see of a
writing run. No credential is printed or written, nor what an account holds of people.

A scenario fails if the target breaks a promise of the documentation. What only differs from the expected
wire format, such as a missing header or an unknown field, is drift: it is listed by cause, and changes the
exit code only with --strict.

The exit code is 0 if nothing failed and 1 if a scenario failed, or with --strict if there is drift; 2 if the command was misused or broke, so
that its counts cannot be relied on, 3 if the target is out of reach or refuses the credentials; 4 if
something the run changed is not as before; 5 if documentation or coverage is not what was accepted; 6 if
not everything ran and --require-complete is given; 7 if the kit failed itself, 130 if it was interrupted.
If several are true the first of 7, 4, 130, 3, 2, 1, 5, 6 is given.

` + accountsHelp,
		Example: `  aircallkit conformance
  aircallkit conformance --target http://127.0.0.1:8787 --allow-writes
  aircallkit conformance --target live --report out --tags @function:list_calls
  aircallkit conformance --target live --allow-writes=sandbox --plan`,
		Args: takes(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if selfTest {
				return proveConformance(cmd.Context(), p, o.ReportDir)
			}
			return runConformance(cmd.Context(), p, o, accounts, known, plan)
		},
	}
	cmd.AddCommand(recordCommand(p), diffCommand(p))
	targetFlags(cmd, &o.Target, &accounts, targetFake)
	f := cmd.Flags()
	f.StringVar(&o.Tags, "tags", "", "run the scenarios that this `expression` selects, such as '@op:search-calls and not @changes'")
	f.StringArrayVar(&o.Scenarios, "scenario", nil, "run the scenario with this `id`; may be repeated")
	f.Var(&leave{&o}, "allow-writes", "run the scenarios that change the `account`, and undo what they did; a server on this machine needs no name")
	f.Lookup("allow-writes").NoOptDefVal = anyAccount
	f.BoolVar(&plan, "plan", false, "say what would run and how many requests it would make, and run nothing")
	f.IntVar(&o.MaxRequests, "max-requests", 0, "ask no account more often than this `number` of times, a fifth of them kept back to undo; 0: twice what is planned")
	f.StringVar(&o.UndoLog, "journal", "", "note in this `file` what is changed, ahead of each change; it goes when all is undone (default a new one in "+stateDirName+")")
	f.StringVar(&known, "known", "", "the known differences of the target in this YAML `file`: they do not fail, until they are gone")
	f.BoolVar(&o.Strict, "strict", false, "exit with 1 if there is drift; always so for the fake in this process, whose drift is a defect of ours")
	f.BoolVar(&o.FailOnExpired, "fail-on-expired", false, "fail a known difference whose until is over")
	f.BoolVar(&o.RequireComplete, "require-complete", false, "exit with 6 if a scenario was skipped or is not supported")
	f.StringVar(&o.ReportDir, "report", "", "write run.json, and the report in every other form, to this `directory`")
	f.Int64Var(&o.Seed, "seed", 1, "the number that decides the data of the fake in this process")
	f.BoolVar(&selfTest, "self-test", false, "hold the kit against servers, and parts of itself, that are wrong: each must be noticed")
	choose(cmd, &o.Format, "format", "how to print", report.Formats()...)
	_ = cmd.MarkFlagDirname("report")
	f.VisitAll(func(flag *pflag.Flag) {
		if flag.Name != "self-test" && flag.Name != "report" {
			cmd.MarkFlagsMutuallyExclusive("self-test", flag.Name)
		}
	})
	return cmd
}

func runConformance(ctx context.Context, p *process, o conformance.Options, file, known string, plan bool) error {
	// A run is short and small: collecting garbage less often takes a fifth off it.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	if err := p.reach(&o, file); err != nil {
		return err
	}
	if file != "" {
		o.Again = []string{"--accounts", file}
	}
	if known != "" {
		data, err := readBounded(known)
		if err == nil {
			o.Known, err = conformance.ReadKnown(data)
		}
		if err != nil {
			return unable(fmt.Errorf("--known %s: %w", known, err))
		}
	}
	o.Stdout, o.Terminal = p.stdout, terminal(p.stdout) && p.getenv("TERM") != "dumb"
	if plan {
		if err := conformance.Plan(ctx, o); err != nil {
			return &failure{code: conformance.ExitCode(nil, err), err: err}
		}
		return nil
	}
	report, err := conformance.Run(ctx, o)
	switch code := conformance.ExitCode(report, err); code {
	case conformance.ExitOK:
		return nil
	case conformance.ExitInterrupted:
		return &failure{code: code, err: errors.New("interrupted")}
	case conformance.ExitLeft:
		return &failure{code, err, sweepHints(o, file, report.UndoLog)}
	default:
		return &failure{code: code, err: err}
	}
}

// reach fills in what it takes to speak to the target: its accounts, from the file or the environment.
func (p *process) reach(o *conformance.Options, file string) (err error) {
	o.Wrap = p.wrap
	if o.Target == targetFake {
		return nil
	}
	if _, err := address(o.Target); err != nil {
		return unable(err)
	}
	if o.Accounts, o.Production, err = p.accountsAndPurposes(file); err != nil {
		return unable(err)
	}
	return nil
}
