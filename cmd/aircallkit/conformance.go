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
		Long: `Run every example of the documentation, and a scenario for each parameter, through the real Lua
binding, and compare the results with what the API itself returns.

Without --allow-writes the command only reads from a server. With it, the command undoes every
change afterwards, even when it is interrupted. On another machine it writes only to the account
in --allow-writes=NAME, and never if the accounts file marks an account of the same company as
production. It never sends calls or messages there, never changes users, numbers or teams, and
never does anything that cannot be undone. It records each change in a journal first, so that
"aircallkit sweep" can undo what a killed run left behind.

The fake in this process is always written to. The command stays below the rate limit of a server:
at 120 requests a minute a whole run takes some minutes. --plan prints the number of requests, and
what others in the company will see of a writing run. Reports and output contain no credentials and
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
	f.StringVar(&o.Tags, "tags", "", "run the scenarios with these tags, an `expression` such as '@op:search-calls and not @changes'")
	f.StringArrayVar(&o.Scenarios, "scenario", nil, "run the scenario with this `id`; may be repeated")
	f.Var(&leave{&o}, "allow-writes", "also run scenarios that change this `account`, and undo the changes; a server on this machine needs no name")
	f.Lookup("allow-writes").NoOptDefVal = anyAccount
	f.BoolVar(&plan, "plan", false, "print what would run and the number of requests, and run nothing")
	f.IntVar(&o.MaxRequests, "max-requests", 0, "send at most this `number` of requests per account, a fifth of them reserved for undoing changes; 0: twice the planned number")
	f.StringVar(&o.UndoLog, "journal", "", "record changes in this `file` before they are made; it is removed when all are undone (default a new file in "+stateDirName+")")
	f.StringVar(&known, "known", "", "YAML `file` of known failures of the target: these scenarios must fail in the recorded way, and pass as known")
	f.BoolVar(&o.Strict, "strict", false, "exit with 1 if there is drift; always on for the fake in this process")
	f.BoolVar(&o.FailOnExpired, "fail-on-expired", false, "fail a known failure whose until date has passed")
	f.BoolVar(&o.RequireComplete, "require-complete", false, "exit with 6 if a scenario is skipped or unsupported")
	f.StringVar(&o.ReportDir, "report", "", "write run.json and the report in all other formats to this `directory`")
	f.Int64Var(&o.Seed, "seed", 1, "seed of the data of the fake in this process")
	f.BoolVar(&selfTest, "self-test", false, "run the suite against servers with deliberate defects and check that it finds each one")
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
