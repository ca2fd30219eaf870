package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// snapshotsPath is where the control API has snapshots.
const snapshotsPath = "/_fake/snapshots"

// snapshotOptions are what the commands of snapshot have in common.
type snapshotOptions struct {
	simulateOptions
	file string
}

func snapshotCommand(p *process) *cobra.Command {
	o := snapshotOptions{simulateOptions: simulateOptions{format: "text"}}
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Save, restore and compare the state of a running fake",
		Long: `Save, restore and compare the state of a running fake: companies with their data, ids, timers,
webhooks and pending deliveries, tokens, rate limits and the clock. A snapshot does not contain
faults, the request log or the credentials of accounts.

With --file the snapshot is also in a file: JSON with one entity per line, the same text for the
same state. The file contains the tokens of webhooks and OAuth apps, which the fake made up.

Exit codes: 0 the command succeeded, 1 diff found differences, 2 the fake refused the command.`,
		Example: `  aircallkit snapshot save before
  aircallkit snapshot diff before
  aircallkit snapshot restore before
  aircallkit snapshot save before --file before.json
  aircallkit snapshot restore before --file before.json`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SuggestionsMinimumDistance = 2
	o.flags(cmd)
	withFile := func(c *cobra.Command, usage string) *cobra.Command {
		c.Flags().StringVar(&o.file, "file", "", usage)
		_ = c.MarkFlagFilename("file", "json")
		return c
	}
	cmd.AddCommand(
		withFile(o.command(p, "save NAME", "Save the current state under a name", o.save), "also write it to this `file`"),
		withFile(o.command(p, "restore NAME", "Restore the state of a snapshot", o.restore), "read the snapshot from this `file` first"),
		o.command(p, "list", "List the snapshots of the fake", o.list),
		o.command(p, "diff NAME [OTHER]", "Compare a snapshot with another, or with the current state", o.diff),
		o.command(p, "delete NAME", "Delete a snapshot", o.remove),
	)
	return cmd
}

// asking sends a request to the control API.
type asking func(method, path string, query url.Values, body []byte) ([]byte, error)

func (o *snapshotOptions) command(p *process, use, short string, run func(*process, asking, []string) error) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short}
	least, most := 1, 1
	switch cmd.Name() {
	case "list":
		least, most = 0, 0
	case "diff":
		most = 2
	}
	cmd.Example = "  aircallkit snapshot " + map[string]string{
		"save": "save before", "restore": "restore before", "list": "list", "diff": "diff before after", "delete": "delete before",
	}[cmd.Name()]
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return unable(fmt.Errorf("%s: %d arguments", cmd.CommandPath(), len(args)), "usage: "+cmd.UseLine())
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := run(p, func(method, path string, query url.Values, body []byte) ([]byte, error) {
			return o.exchange(cmd.Context(), p, method, path, query, body, o.timeout)
		}, args)
		if _, told := errors.AsType[*failure](err); told || err == nil {
			return err
		}
		return failedTo("snapshot "+cmd.Name(), err)
	}
	return cmd
}

// ofSnapshot is the path of a snapshot, or of what is below it.
func ofSnapshot(name, below string) string { return snapshotsPath + "/" + url.PathEscape(name) + below }

// aSnapshot is a snapshot in a reply of the control API.
type aSnapshot struct {
	Name       string
	Saved, Now time.Time
	Accounts   []string
}

func (s aSnapshot) cells() []any {
	return []any{s.Name, "saved " + s.Saved.Format(time.RFC3339), fmt.Sprintf("%d accounts", len(s.Accounts))}
}

func (o *snapshotOptions) save(p *process, ask asking, args []string) error {
	body, err := json.Marshal(map[string]string{"name": args[0]})
	if err != nil {
		return err
	}
	reply, err := ask("POST", snapshotsPath, nil, body)
	if err != nil {
		return err
	}
	if o.file != "" {
		text, err := ask("GET", ofSnapshot(args[0], ""), nil, nil)
		if err == nil {
			err = writeWhole(o.file, text, 0o600, os.Rename)
		}
		if err != nil {
			return err
		}
	}
	return o.print(p, drive{tell: telling(func(w io.Writer, v struct{ Snapshot aSnapshot }) error {
		return table(w, func(add func(...any)) { add(v.Snapshot.cells()...) })
	})}, reply)
}

func (o *snapshotOptions) restore(p *process, ask asking, args []string) error {
	if o.file != "" {
		text, err := os.ReadFile(o.file)
		if err != nil {
			return err
		}
		if _, err := ask("PUT", ofSnapshot(args[0], ""), nil, text); err != nil {
			return fmt.Errorf("%s: %w", o.file, err)
		}
	}
	reply, err := ask("POST", ofSnapshot(args[0], "/restore"), nil, nil)
	if err != nil {
		return err
	}
	return o.print(p, drive{tell: telling(func(w io.Writer, v struct{ Now time.Time }) error {
		_, err := fmt.Fprintf(w, "restored %s, it is %s\n", args[0], v.Now.Format(time.RFC3339Nano))
		return err
	})}, reply)
}

func (o *snapshotOptions) list(p *process, ask asking, _ []string) error {
	reply, err := ask("GET", snapshotsPath, nil, nil)
	if err != nil {
		return err
	}
	return o.print(p, drive{tell: telling(func(w io.Writer, v struct{ Snapshots []aSnapshot }) error {
		return table(w, func(add func(...any)) {
			for _, s := range v.Snapshots {
				add(s.cells()...)
			}
		})
	})}, reply)
}

type aDiff struct {
	Differences []struct {
		Account, Path string
		From, To      json.RawMessage
	}
	Total int
}

func (o *snapshotOptions) diff(p *process, ask asking, args []string) error {
	query := url.Values{}
	if len(args) == 2 {
		query.Set("to", args[1])
	}
	reply, err := ask("GET", ofSnapshot(args[0], "/diff"), query, nil)
	if err != nil {
		return err
	}
	var v aDiff
	if err := json.Unmarshal(reply, &v); err != nil {
		return fmt.Errorf("the reply is not what the control API answers: %w", err)
	}
	if err := o.print(p, drive{tell: telling(tellDiff)}, reply); err != nil || v.Total == 0 {
		return err
	}
	return &failure{exitFailed, fmt.Errorf("snapshot diff: %d differences", v.Total), nil}
}

// tellDiff prints what is gone with a minus and what is there with a plus, as diff does.
func tellDiff(w io.Writer, v aDiff) error {
	for _, d := range v.Differences {
		for _, side := range []struct {
			sign string
			data json.RawMessage
		}{{"-", d.From}, {"+", d.To}} {
			if side.data == nil {
				continue
			}
			if _, err := fmt.Fprintf(w, "%s %s %s %s\n", side.sign, orDash(d.Account), d.Path, side.data); err != nil {
				return err
			}
		}
	}
	if more := v.Total - len(v.Differences); more > 0 {
		_, err := fmt.Fprintf(w, "and %d more\n", more)
		return err
	}
	return nil
}

func (o *snapshotOptions) remove(_ *process, ask asking, args []string) error {
	_, err := ask("DELETE", ofSnapshot(args[0], ""), nil, nil)
	return err
}
