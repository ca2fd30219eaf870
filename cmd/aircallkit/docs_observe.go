package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/conformance/report"
)

func docsObserveCommand(p *process) *cobra.Command {
	var into string
	cmd := &cobra.Command{
		Use:   "observe file...",
		Short: "Collect what live runs observed about the assumptions of the fake",
		Long: `Merge the observations.json of reports on live accounts into one file. It keeps the newest
observation of each assumption of the fake, and leaves out observations on other targets, which say
nothing about Aircall.`,
		Example: `  aircallkit conformance --target live --report out --tags @reads
  aircallkit docs observe out/observations.json --into docs/observations.json`,
		RunE: func(_ *cobra.Command, runs []string) error { return docsObserve(p, into, runs) },
	}
	cmd.Flags().StringVar(&into, "into", "", "`file` to merge into; it is created if it does not exist")
	_ = cmd.MarkFlagRequired("into")
	_ = cmd.MarkFlagFilename("into", "json")
	return cmd
}

func docsObserve(p *process, into string, names []string) error {
	if len(names) == 0 {
		return unable(errors.New("docs observe: name an observations.json"))
	}
	before, err := readBounded(into)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unable(fmt.Errorf("docs observe: %w", err))
	}
	var runs [][]byte
	for _, name := range names {
		data, err := readBounded(name)
		if err != nil {
			return unable(fmt.Errorf("docs observe: %w", err))
		}
		runs = append(runs, data)
	}
	merged, added, err := report.MergeObservations(before, runs...)
	if err != nil {
		return unable(fmt.Errorf("docs observe: %w", err))
	}
	if err := writeWhole(into, merged, 0o644, os.Rename); err != nil {
		return unable(fmt.Errorf("docs observe: %w", err))
	}
	_, err = fmt.Fprintf(p.stdout, "%d observations of live accounts added to %s\n", added, into)
	return err
}
