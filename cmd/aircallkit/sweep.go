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
		Long: `Undo what conformance runs left on a server that could not undo it themselves: what their journals tell of,
and contacts with the mark of a run, aircallkit- and eight hexadecimal digits, as all of their field
information, which are older than a day.

Without --yes it only says what it would do. A contact that somebody else has changed since is left as it is
and told of. It goes on after an error, and ends with 4 if anything remains or would have to be done, with 3
if the server is out of reach.

` + accountsHelp,
		Example: `  aircallkit sweep --target live
  aircallkit sweep --target live --yes
  aircallkit sweep --target http://127.0.0.1:8787 --journal run.journal --yes`,
		Args: takes(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error { return runSweep(cmd.Context(), p, o, accounts) },
	}
	targetFlags(cmd, &o.Target, &accounts, "")
	f := cmd.Flags()
	f.StringVar(&o.UndoLog, "journal", "", "undo what this `file` tells of (default all of this target in "+stateDirName+")")
	f.BoolVar(&o.Yes, "yes", false, "do it; without, nothing is changed")
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
