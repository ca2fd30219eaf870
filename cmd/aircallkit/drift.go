package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/drift"
)

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
		Args: takes(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.reach(&o, accounts); err != nil {
				return err
			}
			shapes, err := conformance.Record(cmd.Context(), o)
			if err != nil {
				return &failure{code: conformance.ExitCode(nil, err), err: err}
			}
			data, err := shapes.Encode()
			if err == nil {
				err = writeWhole(into, data, 0o644, os.Rename)
			}
			if err != nil {
				return unable(fmt.Errorf("record: %w", err))
			}
			_, err = fmt.Fprintf(p.stdout, "recorded %d kinds of replies of %s to %s\n", len(shapes.Replies), shapes.Target, into)
			return err
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
		Use:   "diff before now",
		Short: "Compare two recordings",
		Long: `Compare two files of "conformance record". A new key is info. A key that is missing, can be null or
is no longer always present is warn. Another type, another status or a new word is error. The exit
code is 1 if a change is of the tier of --fail-on, or worse.`,
		Example: `  aircallkit conformance diff fake.json live.json
  aircallkit conformance diff monday.json today.json --fail-on warn --format json`,
		Args: takes(2, "two files"),
		RunE: func(_ *cobra.Command, files []string) error {
			if len(files) < 2 {
				return unable(fmt.Errorf("diff: name two files of conformance record"))
			}
			return diffShapes(p, files[0], files[1], format, failOn)
		},
	}
	choose(cmd, &format, "format", "how to print", "text", "json")
	choose(cmd, &failOn, "fail-on", "the lightest tier that fails", drift.TierInfo, drift.TierWarn, drift.TierError, "never")
	return cmd
}

func diffShapes(p *process, before, now, format, failOn string) error {
	var recordings []*drift.Shapes
	for _, name := range []string{before, now} {
		data, err := readBounded(name)
		if err != nil {
			return unable(fmt.Errorf("diff: %w", err))
		}
		s, err := drift.Read(data)
		if err != nil {
			return unable(fmt.Errorf("diff: %s: %w", name, err))
		}
		recordings = append(recordings, s)
	}
	changes := drift.Diff(recordings[0], recordings[1])
	counts := map[string]int{}
	fails := false
	for _, c := range changes {
		counts[c.Tier]++
		fails = fails || failOn != "never" && c.AtLeast(failOn)
	}
	if format == "json" {
		if changes == nil {
			changes = []drift.Change{}
		}
		data, err := json.MarshalIndent(map[string]any{"changes": changes}, "", "  ")
		if err == nil {
			err = printLine(p, string(data))
		}
		if err != nil {
			return unable(err)
		}
	} else {
		for _, c := range changes {
			fmt.Fprintln(p.stdout, c)
		}
		fmt.Fprintf(p.stdout, "%d error, %d warn, %d info\n", counts[drift.TierError], counts[drift.TierWarn], counts[drift.TierInfo])
	}
	if fails {
		return &failure{code: conformance.ExitFailed}
	}
	return nil
}
