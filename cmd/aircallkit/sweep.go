package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/conformance"
)

func sweepCommand(p *process) *cobra.Command {
	o := conformance.SweepOptions{}
	var accounts string
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Undo what a killed conformance run left on a server",
		Long: `Undo the changes of conformance runs that could not undo them themselves: the changes in their
journals, and contacts older than a day whose field information is the mark of a run, aircallkit-
and eight hexadecimal digits.

Without --yes the command only prints what it would do. It leaves a contact that somebody else has
changed since as it is, and reports it. It continues after an error.

Exit codes: 0 nothing is left to undo, 3 the server does not answer, 4 a change is left to undo.

` + accountsHelp,
		Example: `  aircallkit sweep --target live
  aircallkit sweep --target live --yes
  aircallkit sweep --target http://127.0.0.1:8787 --journal run.journal --yes`,
		Args: takes(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error { return runSweep(cmd.Context(), p, o, accounts) },
	}
	targetFlags(cmd, &o.Target, &accounts, "")
	f := cmd.Flags()
	f.StringVar(&o.UndoLog, "journal", "", "undo the changes in this `file` (default all files of this target in "+stateDirName+")")
	f.BoolVar(&o.Yes, "yes", false, "undo the changes; without it nothing is changed")
	_ = cmd.MarkFlagRequired("target")
	return cmd
}

func runSweep(ctx context.Context, p *process, o conformance.SweepOptions, file string) (err error) {
	if o.Target != targetFake {
		if _, err := address(o.Target); err != nil {
			return unable(err)
		}
	}
	if o.Accounts, o.Production, err = p.accountsAndPurposes(file); err != nil {
		return unable(err)
	}
	o.Stdout = p.stdout
	err = conformance.Sweep(ctx, o)
	switch code := conformance.ExitCode(nil, err); {
	case err == nil:
		return nil
	case code == conformance.ExitInterrupted:
		return &failure{code: code, err: errors.New("sweep: interrupted; run it again")}
	default:
		return &failure{code: code, err: err}
	}
}
