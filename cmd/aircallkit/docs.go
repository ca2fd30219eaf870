package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

type docsOptions struct {
	search    string
	searching bool // search was given, even if it is empty
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
		Args: takes(1, "one function, or --search"),
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
	pages := binding.Pages()
	switch {
	case o.config && (len(args) > 0 || o.searching || o.schema || o.openAPI):
		return unable(fmt.Errorf("docs: --config-schema goes alone"))
	case o.config:
		return printLine(p, string(configSchema()))
	case o.openAPI && (len(args) > 0 || o.searching || o.schema):
		return unable(fmt.Errorf("docs: --openapi goes alone"))
	case o.openAPI:
		_, err := p.stdout.Write(fakeaircall.OpenAPI())
		return err
	case o.searching && (len(args) > 0 || o.schema):
		return unable(fmt.Errorf("docs: give a function or --search, not both"))
	case o.searching:
		return searchDocs(p, pages, o.search)
	case len(args) == 0 && o.schema:
		return printSchemas(p)
	case len(args) == 0:
		return p.markdown(p.stdout, binding.Manual())
	}
	found, err := lookUp(pages, args[0])
	if err != nil {
		return err
	}
	if !o.schema {
		return p.markdown(p.stdout, found.Text)
	}
	for _, f := range binding.All() {
		if f.Name == found.Name {
			return printLine(p, string(f.Schema()))
		}
	}
	return unable(fmt.Errorf("docs: %s is no function and has no schema", found.Name))
}

// printSchemas prints an object with the schema of each function, by its name.
func printSchemas(p *process) error {
	var all, indented bytes.Buffer
	for i, f := range binding.All() {
		all.WriteByte("{,"[min(i, 1)])
		fmt.Fprintf(&all, "%q:%s", f.Name, f.Schema())
	}
	all.WriteByte('}')
	if err := json.Indent(&indented, all.Bytes(), "", "  "); err != nil {
		return err
	}
	return printLine(p, indented.String())
}

func printLine(p *process, text string) error {
	_, err := fmt.Fprintln(p.stdout, text)
	return err
}

func pageNames(pages []binding.Page) (out []string) {
	for _, page := range pages {
		out = append(out, page.Name)
	}
	return out
}

// lookUp finds the page, or says which may have been meant.
func lookUp(pages []binding.Page, name string) (*binding.Page, error) {
	found, near := binding.FindPage(pages, name)
	if found != nil {
		return found, nil
	}
	hint := "aircallkit docs --search looks for words"
	if len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return nil, unable(fmt.Errorf("docs: there is no function %q", name), hint)
}

// searchDocs lists the pages that have every word, the best first.
func searchDocs(p *process, pages []binding.Page, query string) error {
	if strings.TrimSpace(query) == "" {
		return unable(fmt.Errorf("docs: --search needs a word"))
	}
	hits := binding.SearchPages(pages, query)
	if len(hits) == 0 {
		return &failure{exitFailed, fmt.Errorf("docs: nothing has %q", query), []string{"aircallkit docs prints everything"}}
	}
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	for _, page := range hits {
		fmt.Fprintf(w, "%s\t%s\n", page.Name, page.Summary)
	}
	return w.Flush()
}

// markdown writes it as it is, but for the headings, which a terminal shows bold.
func (p *process) markdown(w io.Writer, text string) error {
	var b strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if strings.HasPrefix(line, "#") && !fenced {
			line = p.paint(w, bold, strings.TrimSuffix(line, "\n")) + "\n"
		}
		b.WriteString(line)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
