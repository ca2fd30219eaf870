package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/docscheck"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

type docsOptions struct {
	search    string
	searching bool // --search is given, even if it is empty
	schema    bool
	openAPI   bool
	config    bool
}

func docsCommand(p *process) *cobra.Command {
	var o docsOptions
	cmd := &cobra.Command{
		Use:   "docs [function]",
		Short: "Print the reference of the Lua functions, or Aircall's API",
		Long: `Print the reference of the Lua functions as Markdown: all of it, or the chapter of one function or
topic. The name may have its path in front, as in a script. --schema prints the JSON Schema of the
arguments instead, for tool calling: of one function, or of all in one object.

--openapi prints Aircall's REST API as an OpenAPI 3.0 document in JSON: every operation with
examples of its replies, and with the evidence for its status, shape and errors. --config-schema
prints the JSON Schema of the file for serve --config, for editors.`,
		Example: `  aircallkit docs
  aircallkit docs list_calls
  aircallkit docs errors
  aircallkit docs --search "phone number"
  aircallkit docs --schema create_contact
  aircallkit docs --openapi
  aircallkit docs --config-schema`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return pageNames(binding.Pages()), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.searching = cmd.Flags().Changed("search")
			return o.run(p, args)
		},
	}
	cmd.AddCommand(docsCheckCommand(p), docsAcceptCommand(p), docsObserveCommand(p))
	cmd.Flags().StringVar(&o.search, "search", "", "list the chapters that contain all of these `words`")
	cmd.Flags().BoolVar(&o.schema, "schema", false, "print JSON Schema, draft 2020-12")
	cmd.Flags().BoolVar(&o.openAPI, "openapi", false, "print Aircall's REST API as an OpenAPI document in JSON")
	cmd.Flags().BoolVar(&o.config, "config-schema", false, "print the JSON Schema, draft 2020-12, of the file for serve --config")
	return cmd
}

func (o *docsOptions) run(p *process, args []string) error {
	wanted := 0
	for _, is := range []bool{o.config, o.openAPI, o.searching, o.schema || len(args) > 0} {
		if is {
			wanted++
		}
	}
	pages := binding.Pages()
	switch {
	case wanted > 1:
		return errors.New("--config-schema, --openapi, --search and a function, with or without --schema, exclude each other")
	case o.config:
		return printJSON(p, configSchema())
	case o.openAPI:
		_, err := p.stdout.Write(fakeaircall.OpenAPI())
		return err
	case o.searching:
		return searchDocs(p, pages, o.search)
	case len(args) == 0 && o.schema:
		all := map[string]json.RawMessage{}
		for _, f := range binding.All() {
			all[f.Name] = f.Schema()
		}
		return printJSON(p, all)
	case len(args) == 0:
		return p.markdown(binding.Manual())
	}
	found, err := lookUp(pages, args[0])
	if err != nil {
		return err
	}
	if asked := args[0][strings.LastIndex(args[0], ".")+1:]; strings.HasPrefix(found.Name, strings.ToLower(asked)) && !strings.EqualFold(asked, found.Name) {
		p.complain("hint", fmt.Sprintf("there is no %.40q; this is %s, the only name that begins so", asked, found.Name))
	}
	if !o.schema {
		return p.markdown(found.Text)
	}
	for _, f := range binding.All() {
		if f.Name == found.Name {
			return printLine(p, string(f.Schema()))
		}
	}
	return fmt.Errorf("%s is not a function and has no schema", found.Name)
}

func pageNames(pages []binding.Page) (out []string) {
	for _, page := range pages {
		out = append(out, page.Name)
	}
	return out
}

// lookUp finds a chapter by name. Its error suggests similar names.
func lookUp(pages []binding.Page, name string) (*binding.Page, error) {
	found, near := binding.FindPage(pages, name)
	if found != nil {
		return found, nil
	}
	hint := "aircallkit docs --search looks for words"
	if strings.HasPrefix(name, "api_") {
		hint = "aircallkit docs raw-requests describes these functions"
	}
	if len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return nil, unable(fmt.Errorf("there is no function %q", name), hint)
}

// searchDocs lists the chapters that contain every word, the best first.
func searchDocs(p *process, pages []binding.Page, query string) error {
	if strings.TrimSpace(query) == "" {
		return errors.New("--search needs a word")
	}
	hits := binding.SearchPages(pages, query)
	if len(hits) == 0 {
		return &failure{exitFailed, fmt.Errorf("no chapter contains %q", query), []string{"aircallkit docs prints everything"}}
	}
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	for _, page := range hits {
		fmt.Fprintf(w, "%s\t%s\n", page.Name, page.Summary)
	}
	return w.Flush()
}

// markdown prints Markdown as it is, with bold headings on a terminal.
func (p *process) markdown(text string) error {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if strings.HasPrefix(line, "#") && !fenced {
			line = p.paint(p.stdout, bold, strings.TrimSuffix(line, "\n")) + "\n"
		}
		b.WriteString(line)
	}
	_, err := io.WriteString(p.stdout, b.String())
	return err
}

// pageFiles are the files that docs check and docs accept compare.
type pageFiles struct{ reference, lock string }

func (f *pageFiles) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.reference, "reference", "", "read the reference from this `file` instead of the built-in one")
	cmd.Flags().StringVar(&f.lock, "lock", "", "read the lock from this `file` instead of the built-in one")
	_ = cmd.MarkFlagFilename("reference", "md")
	_ = cmd.MarkFlagFilename("lock", "lock")
}

func (f *pageFiles) read() (o docscheck.Options, err error) {
	if f.reference != "" {
		if o.Reference, err = readBounded(f.reference, maxInput); err != nil {
			return o, err
		}
	}
	if f.lock != "" {
		o.Lock, err = readBounded(f.lock, maxInput)
	}
	return o, err
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
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := files.read()
			if err != nil {
				return err
			}
			found, err := docscheck.Check(o)
			var covered *docscheck.Coverage
			if err == nil && (files.reference == "" || coverage != "") {
				if covered, err = coverageOf(cmd, p, coverage); err == nil {
					found = append(found, covered.Problems...)
				}
			}
			if err == nil {
				err = printProblems(p, format, found, covered)
			}
			if err == nil && len(found) > 0 {
				err = &failure{code: conformance.ExitGate}
			}
			return err
		},
	}
	files.flags(cmd)
	cmd.Flags().StringVar(&coverage, "coverage", "", "read the coverage from this `file`, the coverage.json of a run, instead of running the scenarios")
	_ = cmd.MarkFlagFilename("coverage", "json")
	choose(cmd, &format, "format", "how to print", "text", "json")
	return cmd
}

// coverageOf reads the coverage of a run, or without a file runs everything against the fake.
func coverageOf(cmd *cobra.Command, p *process, file string) (*docscheck.Coverage, error) {
	var c docscheck.Coverage
	if file != "" {
		data, err := readBounded(file, maxInput)
		if err == nil {
			c, err = docscheck.ReadCoverage(data)
		}
		return &c, err
	}
	rep, err := conformance.Run(cmd.Context(), conformance.Options{Wrap: p.wrap})
	if err == nil {
		c, err = docscheck.CoverageOf(rep)
	}
	return &c, err
}

func printProblems(p *process, format string, found []docscheck.Problem, covered *docscheck.Coverage) error {
	if format == "json" {
		return printJSON(p, struct {
			Problems []docscheck.Problem `json:"problems"`
			Coverage *docscheck.Coverage `json:"coverage,omitempty"`
		}{append([]docscheck.Problem{}, found...), covered})
	}
	for _, f := range found {
		fmt.Fprintf(p.stdout, "%-10s %s\n", f.Kind, f)
	}
	if covered != nil {
		fmt.Fprintf(p.stdout, "operations %s\nparameters %s\nreplies    %s\n", covered.Operations, covered.Parameters, covered.Replies)
	}
	return printLine(p, fmt.Sprintf("problems: %d", len(found)))
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
		RunE: func(_ *cobra.Command, ids []string) error {
			o, err := files.read()
			if err != nil {
				return err
			}
			next, err := docscheck.Accept(o, ids, all)
			if err == nil {
				err = writeFile(files.lock, next, 0o644, os.Rename)
			}
			if err != nil {
				return err
			}
			return printLine(p, "wrote "+files.lock)
		},
	}
	files.flags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "accept everything in the reference, and drop entries that are no longer there")
	_ = cmd.MarkFlagRequired("lock")
	return cmd
}

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
		RunE: func(_ *cobra.Command, names []string) error {
			if len(names) == 0 {
				return errors.New("name an observations.json")
			}
			before, err := readBounded(into, maxInput)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			var runs [][]byte
			for _, name := range names {
				data, err := readBounded(name, maxInput)
				if err != nil {
					return err
				}
				runs = append(runs, data)
			}
			merged, added, err := report.MergeObservations(before, runs...)
			if err == nil {
				err = writeFile(into, merged, 0o644, os.Rename)
			}
			if err != nil {
				return err
			}
			why := ""
			if added == 0 {
				why = " (" + report.WhyNoneAdded(runs...) + ")"
			}
			return printLine(p, fmt.Sprintf("observations of live accounts added to %s: %d%s", into, added, why))
		},
	}
	cmd.Flags().StringVar(&into, "into", "", "`file` to merge into; it is created if it does not exist")
	_ = cmd.MarkFlagRequired("into")
	_ = cmd.MarkFlagFilename("into", "json")
	return cmd
}
