package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/docscheck"
)

// pageFiles are the files that docs check and docs accept compare.
type pageFiles struct{ reference, lock string }

func (f *pageFiles) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.reference, "reference", "", "read the reference from this `file` instead of the built-in one")
	cmd.Flags().StringVar(&f.lock, "lock", "", "read the lock from this `file` instead of the built-in one")
	_ = cmd.MarkFlagFilename("reference", "md")
	_ = cmd.MarkFlagFilename("lock", "lock")
}

func (f *pageFiles) read() (o docscheck.Options, err error) {
	for _, part := range []struct {
		name string
		into *[]byte
	}{{f.reference, &o.Reference}, {f.lock, &o.Lock}} {
		if part.name == "" {
			continue
		}
		if *part.into, err = readBounded(part.name); err != nil {
			return o, err
		}
	}
	return o, nil
}

// most is what a file of ours may weigh.
const most = 16 << 20

func readBounded(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err == nil && info.Size() > most {
		err = fmt.Errorf("%s: %d bytes: give a file of at most %d", name, info.Size(), most)
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

func docsCheckCommand(p *process) *cobra.Command {
	var (
		files    pageFiles
		coverage string
		format   string
	)
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Compare the reference with the scenarios and the accepted state",
		Long: `Compare every code block and every parameter of the reference with the scenarios that run it, and
with reference.lock, the state that was accepted last. The command prints each problem with the way
to solve it: an example that is new, removed, changed or not run, a parameter or function that only
one side has, an exemption without a reason or without need.

Then it runs every scenario against the fake in this process, to count the operations, parameters
and replies of Aircall's API that are covered. --coverage reads the coverage.json of an earlier run
instead. With --reference, which checks a newer page, it runs nothing.

Exit codes: 0 no problem, 5 there is a problem.`,
		Example: `  aircallkit docs check
  aircallkit docs check --reference aircall.md --format json`,
		Args: takes(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return docsCheck(cmd.Context(), p, files, coverage, format)
		},
	}
	files.flags(cmd)
	cmd.Flags().StringVar(&coverage, "coverage", "", "read the coverage from this `file`, the coverage.json of a run, instead of running the scenarios")
	_ = cmd.MarkFlagFilename("coverage", "json")
	choose(cmd, &format, "format", "how to print", "text", "json")
	return cmd
}

func docsCheck(ctx context.Context, p *process, files pageFiles, coverage, format string) error {
	o, err := files.read()
	if err != nil {
		return unable(fmt.Errorf("docs check: %w", err))
	}
	found, err := docscheck.Check(o)
	var covered *docscheck.Coverage
	if err == nil && (files.reference == "" || coverage != "") {
		covered, err = coverageOf(ctx, p, coverage)
	}
	if err != nil {
		return unable(fmt.Errorf("docs check: %w", err))
	}
	if covered != nil {
		found = append(found, covered.Problems...)
	}
	if err := printCheck(p, format, found, covered); err != nil {
		return unable(err)
	}
	if len(found) > 0 {
		return &failure{code: conformance.ExitGate}
	}
	return nil
}

// coverageOf reads the coverage of a run, or runs everything against the fake.
func coverageOf(ctx context.Context, p *process, file string) (*docscheck.Coverage, error) {
	if file != "" {
		data, err := readBounded(file)
		if err != nil {
			return nil, err
		}
		c, err := docscheck.ReadCoverage(data)
		return &c, err
	}
	rep, err := conformance.Run(ctx, conformance.Options{Wrap: p.wrap})
	if err != nil {
		return nil, err
	}
	c, err := docscheck.CoverageOf(rep)
	return &c, err
}

func printCheck(p *process, format string, found []docscheck.Problem, covered *docscheck.Coverage) error {
	if format == "json" {
		if found == nil {
			found = []docscheck.Problem{}
		}
		data, err := json.MarshalIndent(struct {
			Problems []docscheck.Problem `json:"problems"`
			Coverage *docscheck.Coverage `json:"coverage,omitempty"`
		}{found, covered}, "", "  ")
		if err != nil {
			return err
		}
		return printLine(p, string(data))
	}
	for _, f := range found {
		fmt.Fprintf(p.stdout, "%-10s %s\n", f.Kind, f)
	}
	if covered != nil {
		fmt.Fprintf(p.stdout, "operations %s\nparameters %s\nreplies    %s\n", covered.Operations, covered.Parameters, covered.Replies)
	}
	return printLine(p, fmt.Sprintf("%d places do not fit", len(found)))
}

func docsAcceptCommand(p *process) *cobra.Command {
	var (
		files pageFiles
		all   bool
	)
	cmd := &cobra.Command{
		Use:   "accept {id... | --all}",
		Short: "Accept changed examples and parameters of the reference",
		Long: `Record in a reference.lock that you have compared these blocks and parameters of the reference with
their scenarios. Give the ids that "docs check" prints. The file is rewritten; its reasons stay.`,
		Example: `  aircallkit docs accept list_calls list_calls.per_page --lock conformance/docscheck/reference.lock
  aircallkit docs accept --all --lock conformance/docscheck/reference.lock`,
		RunE: func(_ *cobra.Command, ids []string) error { return docsAccept(p, files, ids, all) },
	}
	files.flags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "accept everything in the reference, and drop entries that are no longer there")
	_ = cmd.MarkFlagRequired("lock")
	return cmd
}

func docsAccept(p *process, files pageFiles, ids []string, all bool) error {
	o, err := files.read()
	if err != nil {
		return unable(fmt.Errorf("docs accept: %w", err))
	}
	next, err := docscheck.Accept(o, ids, all)
	if err != nil {
		return unable(fmt.Errorf("docs accept: %w", err))
	}
	if err := writeWhole(files.lock, next, 0o644, os.Rename); err != nil {
		return unable(fmt.Errorf("docs accept: %w", err))
	}
	_, err = fmt.Fprintf(p.stdout, "wrote %s\n", files.lock)
	return err
}
