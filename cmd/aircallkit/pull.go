package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/pull"
)

type pullOptions struct {
	pull.Options
	accounts, clock string
	output, report  string // files
	dryRun, force   bool
}

func pullCommand(p *process) *cobra.Command {
	o := pullOptions{Options: pull.Options{Calls: pull.DefaultCalls, Contacts: pull.DefaultContacts, Days: pull.DefaultDays}}
	cmd := &cobra.Command{
		Use:   "pull",
		Short: "Make a file for the fake that resembles an account, without personal data",
		Long: `Read an account and write a file for "aircallkit serve --config": users, numbers, teams, tags,
webhooks, the newest contacts and calls, and statistics of the calls for "aircallkit simulate
traffic". The fake that it makes, the twin, has the structure, the counts, the time zones,
languages, opening, settings and plan of the account.

No personal data survives. Names, e-mails, phone numbers, texts, URLs and ids are replaced by
made-up ones, the same value by the same one everywhere. Only settings with known values stay.
Instants move by whole weeks, so that the newest call is near the twin's clock and each call keeps
its hour and weekday. Before the file is written, the command scans it for everything that it
read, in several encodings, and writes nothing if it finds any of it. The same account and --seed
give the same file.

The command only sends GET requests, below the rate limit. It prints first how many there are and
how long they take; --dry-run ends there. Standard error gets a report of what was replaced, what
stayed and what is not in the file; --report writes it as JSON. Neither has a value of the
account.

Exit codes: 0 the file is written, 2 bad usage or a reply that cannot be used, 3 the target does
not answer, or refuses the credentials, 130 interrupted. Without 0, no file is written.

` + accountsHelp,
		Example: `  aircallkit pull --accounts live.yaml --dry-run
  aircallkit pull --accounts live.yaml -o fake.yaml
  aircallkit pull --target http://127.0.0.1:8787 -o fake.yaml --account sales --calls 2000
  aircallkit serve --config fake.yaml`,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), p) },
	}
	targetFlags(cmd, &o.Target.Target, &o.accounts, targetLive)
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "", "`file` to write")
	f.StringVar(&o.Account, "account", "", "read only the account with this `name` (default all)")
	f.IntVar(&o.Calls, "calls", o.Calls, fmt.Sprintf("the twin gets this `number` of the newest calls, at most %d", pull.MaxCalls))
	f.IntVar(&o.Contacts, "contacts", o.Contacts, fmt.Sprintf("the twin gets this `number` of the newest contacts, at most %d", pull.MaxContacts))
	f.IntVar(&o.Days, "days", o.Days, fmt.Sprintf("count all calls of this `number` of days before the newest call, at most %d; 0: no statistics", pull.MaxDays))
	f.Int64Var(&o.Seed, "seed", 1, "seed of the made-up values")
	f.StringVar(&o.clock, "clock", "", "begin the twin's clock at this `instant`; the newest call is in the week before (default soon after the newest call, in November 2026)")
	f.BoolVar(&o.KeepNames, "keep-names", false, "keep the names of the accounts, instead of account2 and so on")
	f.BoolVar(&o.dryRun, "dry-run", false, "print the plan of the requests, and read nothing more")
	f.BoolVar(&o.force, "force", false, "overwrite the file")
	f.StringVar(&o.report, "report", "", "write the report as JSON to this `file`")
	_ = cmd.MarkFlagFilename("output", "yaml", "yml")
	_ = cmd.MarkFlagFilename("report", "json")
	return cmd
}

func (o *pullOptions) run(ctx context.Context, p *process) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	if err := p.prepareRun(&o.Target, o.accounts); err != nil {
		return err
	}
	puller, err := pull.Open(ctx, o.Options)
	if err != nil {
		return runFailure(nil, err)
	}
	defer puller.Close()
	p.say(puller.Lines())
	if o.dryRun {
		return nil
	}
	data, rep, err := puller.Pull(ctx)
	if err != nil {
		return runFailure(nil, err)
	}
	if err := o.write(o.output, data); err != nil {
		return err
	}
	p.say(rep.Lines())
	if o.report != "" {
		out, err := json.MarshalIndent(rep, "", "  ")
		if err == nil {
			err = writeFile(o.report, append(out, '\n'), 0o600, os.Rename)
		}
		if err != nil {
			return fmt.Errorf("--report: %w", err)
		}
	}
	return printLine(p, fmt.Sprintf("wrote %s: %s serve --config %[1]s starts the twin", o.output, self()))
}

// check refuses wrong flags, and a file that exists, before anything is sent.
func (o *pullOptions) check() (err error) {
	if o.clock != "" {
		if o.Clock, err = time.Parse(time.RFC3339, o.clock); err != nil {
			return fmt.Errorf("--clock %q: give an instant such as 2026-06-15T09:00:00Z", o.clock)
		}
		if err := fakeaircall.CheckClock(o.Clock); err != nil {
			return fmt.Errorf("--clock %s: %w", o.clock, err)
		}
	}
	info, err := os.Stat(o.output)
	switch {
	case o.dryRun && o.report != "":
		return errors.New("--report has no effect with --dry-run, which reads nothing to report")
	case o.dryRun:
		return nil
	case o.output == "":
		return unable(errors.New("no file to write is given"), "-o FILE names it; --dry-run needs none")
	case err == nil && info.IsDir():
		return unable(fmt.Errorf("-o %s: it is a directory", o.output), "give a file, such as "+filepath.Join(o.output, "fake.yaml"))
	case err == nil && !o.force:
		return o.exists()
	}
	return errors.Join(checkDirectory("-o", o.output), checkDirectory("--report", o.report))
}

// checkDirectory returns an error if the directory of a file to write does not exist.
func checkDirectory(flag, file string) error {
	dir := filepath.Dir(file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("%s %s: there is no directory %s", flag, file, dir)
	}
	return nil
}

func (o *pullOptions) exists() error {
	return unable(fmt.Errorf("%s already exists", o.output), "--force overwrites it")
}

func (o *pullOptions) write(name string, data []byte) error {
	publish := os.Link // fails if the file exists
	if o.force {
		publish = os.Rename
	}
	err := writeFile(name, data, 0o600, publish)
	if errors.Is(err, fs.ErrExist) {
		return o.exists()
	}
	return err
}

// say prints lines to standard error.
func (p *process) say(lines []string) {
	for _, line := range lines {
		fmt.Fprintln(p.stderr, line)
	}
}
