package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

func docsCommand(p *process) *cobra.Command {
	var search string
	var openAPI bool
	cmd := &cobra.Command{
		Use:   "docs [function]",
		Short: "Print the reference of the Lua functions, or Aircall's API",
		Long: `Print the reference of the Lua functions as Markdown: all of it, or the chapter of one function. The name
may have the path in front, as in a script.

With --openapi print Aircall's REST API instead, as an OpenAPI 3.0 document in JSON: every operation with
examples of its replies, and with how sure its status, its shape and its errors are.`,
		Example: `  aircallkit docs
  aircallkit docs list_calls
  aircallkit docs multi-account
  aircallkit docs --search "phone number"
  aircallkit docs --openapi`,
		Args: takes(1, "one function, or --search"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ids(chapters(binding.Reference())), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all := chapters(binding.Reference())
			switch {
			case openAPI && (len(args) > 0 || cmd.Flags().Changed("search")):
				return unable(fmt.Errorf("docs: --openapi goes alone"))
			case openAPI:
				_, err := p.stdout.Write(fakeaircall.OpenAPI())
				return err
			case cmd.Flags().Changed("search") && len(args) > 0:
				return unable(fmt.Errorf("docs: give a function or --search, not both"))
			case cmd.Flags().Changed("search"):
				return searchDocs(p, all, search)
			case len(args) == 0:
				return p.markdown(p.stdout, binding.Reference())
			}
			found, err := lookUp(all, args[0])
			if err != nil {
				return err
			}
			return p.markdown(p.stdout, found.text)
		},
	}
	cmd.Flags().StringVar(&search, "search", "", "list the chapters that have all of these `words`")
	cmd.Flags().BoolVar(&openAPI, "openapi", false, "print Aircall's REST API as an OpenAPI document in JSON")
	return cmd
}

// chapter is one function's part of the reference, or that of a topic.
type chapter struct{ id, title, text string }

// chapters cuts the reference at its second-level headings.
func chapters(reference string) (out []chapter) {
	fenced := false
	for line := range strings.Lines(reference) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if title, ok := strings.CutPrefix(line, "## "); ok && !fenced {
			title = strings.TrimSpace(title)
			out = append(out, chapter{id: strings.ReplaceAll(strings.ToLower(title), " ", "-"), title: title})
		}
		if len(out) > 0 {
			out[len(out)-1].text += line
		}
	}
	for i := range out {
		out[i].text = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(out[i].text, "\n"), "---"), "\n") + "\n"
	}
	return out
}

func ids(all []chapter) (out []string) {
	for _, c := range all {
		out = append(out, c.id)
	}
	return out
}

// lookUp finds the chapter by its name, with or without a path in front, or by a beginning that fits no other.
func lookUp(all []chapter, name string) (chapter, error) {
	id := strings.ToLower(name[strings.LastIndex(name, ".")+1:])
	var begin []chapter
	for _, c := range all {
		if c.id == id {
			return c, nil
		}
		if id != "" && strings.HasPrefix(c.id, id) {
			begin = append(begin, c)
		}
	}
	if len(begin) == 1 {
		return begin[0], nil
	}
	hint := "the chapters are " + strings.Join(ids(all), ", ")
	if like := binding.Suggest(id, ids(all)); len(begin) == 0 && len(like) > 0 {
		hint = "did you mean " + like[0] + "?"
	}
	return chapter{}, unable(fmt.Errorf("docs: there is no function %q", name), hint)
}

// searchDocs lists the chapters that have every word, those that have one in the title first.
func searchDocs(p *process, all []chapter, query string) error {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return unable(fmt.Errorf("docs: --search needs a word"))
	}
	hits := slices.DeleteFunc(slices.Clone(all), func(c chapter) bool {
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(strings.ToLower(c.text), w) })
	})
	if len(hits) == 0 {
		return &failure{exitFailed, fmt.Errorf("docs: nothing has %q", query), []string{"aircallkit docs prints everything"}}
	}
	slices.SortStableFunc(hits, func(a, b chapter) int { return inTitle(b, words) - inTitle(a, words) })
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	for _, c := range hits {
		_, rest, _ := strings.Cut(c.text, "\n")
		first, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
		fmt.Fprintf(w, "%s\t%s\n", c.id, first)
	}
	return w.Flush()
}

func inTitle(c chapter, words []string) (n int) {
	for _, w := range words {
		if strings.Contains(c.id, w) {
			n++
		}
	}
	return n
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
