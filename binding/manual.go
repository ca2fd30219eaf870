package binding

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/internal/suggest"
)

//go:embed topics.md
var topics string

// A Page is one chapter of the [Manual].
type Page struct {
	Name    string // of the function or the topic: get_call, multi-account-usage
	Summary string // the first sentence
	Text    string // Markdown, beginning with the heading

	function *Function // nil: a topic
	terms    string    // the text that searches look at, in lower case
}

// Manual returns the documentation for authors of scripts, in Markdown: a chapter for each function of [All], which begins
// as in [Reference], then topics.
func Manual() string {
	var b strings.Builder
	b.WriteString(manualTitle)
	for _, p := range Pages() {
		b.WriteString(p.Text + "---\n")
	}
	return strings.TrimSuffix(b.String(), "---\n")
}

const manualTitle = "# Aircall — Lua API Reference\n"

// Pages returns the chapters of the manual, in order.
func Pages() []Page {
	return pagesOf(All())
}

func pagesOf(functions []Function) []Page {
	pages := functionPages(functions)
	for _, text := range strings.SplitAfter(multiAccountChapter()+"\n"+topics, "\n\n## ") {
		if heading, cut := strings.CutSuffix(text, "\n## "); cut {
			text = heading
		}
		text = "## " + strings.TrimPrefix(text, "## ")
		title, rest, _ := strings.Cut(strings.TrimPrefix(text, "## "), "\n")
		pages = append(pages, Page{
			Name: strings.ReplaceAll(strings.ToLower(title), " ", "-"), Summary: firstSentence(rest), Text: text, terms: strings.ToLower(text),
		})
	}
	return pages
}

// firstSentence returns the first sentence of a text whose lines are wrapped.
func firstSentence(text string) string {
	paragraph, _, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	paragraph = strings.Join(strings.Fields(paragraph), " ")
	if sentence, _, more := strings.Cut(paragraph, ". "); more {
		return sentence + "."
	}
	return paragraph
}

func functionPages(functions []Function) (pages []Page) {
	for i := range functions {
		f := &functions[i]
		terms := f.Name + " " + f.Description
		for _, p := range f.Params {
			terms += " " + p.Name + " " + p.Description
		}
		pages = append(pages, Page{Name: f.Name, Summary: f.Description, Text: f.page(), function: f, terms: strings.ToLower(terms)})
	}
	return pages
}

// FindPage returns the page with a name, which may have a path in front, or the only page whose name has it as a prefix.
// Otherwise it returns nil and similar names.
func FindPage(pages []Page, name string) (found *Page, near []string) {
	id := strings.ToLower(name[strings.LastIndex(name, ".")+1:])
	var begin []*Page
	var names []string
	for i := range pages {
		p := &pages[i]
		if p.Name == id || p.function != nil && slices.Contains(p.function.Aliases, id) {
			return p, nil
		}
		if id != "" && strings.HasPrefix(p.Name, id) {
			begin = append(begin, p)
		}
		names = append(names, p.Name)
	}
	switch len(begin) {
	case 0:
		return nil, suggest.For(id, names)
	case 1:
		return begin[0], nil
	}
	for _, p := range begin {
		near = append(near, p.Name)
	}
	return nil, near
}

// SearchPages returns the pages that contain every word of the query, the best first: a word in the name counts most, then
// one in the description, then one in a parameter.
func SearchPages(pages []Page, query string) []Page {
	words := strings.Fields(strings.ToLower(query))
	scores := make(map[string]int)
	var found []Page
	for _, p := range pages {
		score := 0
		for _, w := range words {
			switch {
			case p.Name == w:
				score += 10
			case strings.Contains(p.Name, w):
				score += 5
			case strings.Contains(strings.ToLower(p.Summary), w):
				score += 2
			case strings.Contains(p.terms, w):
				score++
			default:
				score = -100
			}
		}
		if strings.Contains(p.terms, strings.Join(words, " ")) {
			score += 5
		}
		if score > 0 && len(words) > 0 {
			found, scores[p.Name] = append(found, p), score
		}
	}
	slices.SortStableFunc(found, func(a, b Page) int { return scores[b.Name] - scores[a.Name] })
	return found
}

// page returns the function's chapter: first as in the reference, then results, errors and limits.
func (f *Function) page() string {
	var b strings.Builder
	writeChapter(&b, f)
	if f.Prints != "" {
		fmt.Fprintf(&b, "On a fresh fake it prints:\n```text\n%s```\n", f.Prints)
	}
	if f.Returns != "" {
		fmt.Fprintf(&b, "### Returns\n%s\n", f.returned())
	}
	if derived := derivations[f.Key].fields; len(derived) > 0 && len(f.Ops) > 0 && !f.plain {
		b.WriteString("### Derived fields\nThese are added where Aircall sends none, or null:\n" + strings.Join(derived, "\n") + "\n")
	}
	b.WriteString("### Errors\n")
	for _, e := range f.errors() {
		b.WriteString("- " + e + "\n")
	}
	b.WriteString("### Limits\n")
	for _, l := range f.bounds() {
		b.WriteString("- " + l + "\n")
	}
	return b.String()
}

func (f *Function) returned() string {
	if f.Returns == "" {
		return ""
	}
	text := strings.ToUpper(f.Returns[:1]) + f.Returns[1:]
	if strings.HasPrefix(f.Returns, "`") {
		text = "A table with " + f.Returns
	}
	return text
}

// errors returns the error types of a call, apart from those of every function, which the topic lists.
func (f *Function) errors() []string {
	var all []string
	if len(f.Params) > 0 {
		all = append(all, "`invalid_arguments` if an argument is missing, wrong or unknown; then no request is sent")
	}
	if len(f.Params) > 0 && f.Params[0].Required && strings.HasSuffix(f.Params[0].Name, "_id") {
		all = append(all, "`not_found` if the id does not exist")
	}
	for _, e := range f.Errors {
		typ, rest, _ := strings.Cut(e, " ")
		all = append(all, "`"+typ+"` "+rest)
	}
	if f.Do != nil {
		return append(all, "`integration_error` if the integration fails") // a function of the host
	}
	all = append(all, "`not_configured`, `unauthorized` or `forbidden` if the account's credentials are missing or rejected",
		"`rate_limited` if the script cannot wait for the company's next minute")
	if f.Effect == EffectWrite {
		return append(all, "`network`, `timeout` or `server_error` if Aircall cannot be reached; `effect_status` is `unknown` if the change may have happened: check before trying again")
	}
	return append(all, "`network`, `timeout` or `server_error` if Aircall cannot be reached")
}

// askedFrom returns the note on a window that the function requests differently.
func (f *Function) askedFrom() string {
	if f.Key != "calls" {
		return ""
	}
	return " Aircall leaves out the calls that start in the second of `from`, so the function requests them from one second earlier."
}

func (f *Function) bounds() []string {
	all := []string{"It reads."}
	if f.Effect == EffectWrite {
		all[0] = "It writes: a host may forbid it."
	}
	if f.Note != "" {
		all = append(all, f.Note)
	}
	if p := f.param("from"); p != nil && p.Kind == KindTime {
		all = append(all, "`from` and `to` include their own second; a fraction of a second is dropped."+f.askedFrom())
	}
	if f.Effect == EffectRead && (f.Key == "call" || f.Key == "calls") {
		all = append(all, "`cost`, `pricing_type`, `duration` and `started_at` of a call can change by a little until 20 minutes after its end.")
	}
	if p := f.param("per_page"); p != nil {
		all = append(all, fmt.Sprintf("A page has at most %d results, and lists end at 10,000.", p.Max))
	}
	for _, p := range f.Params {
		if p.Kind == KindList {
			all = append(all, fmt.Sprintf("`%s` has at most %d entries.", p.Name, p.Max))
		}
	}
	return all
}

//go:embed reference.md
var reference string

// Reference returns the Lua reference in Markdown: one chapter for each documented function, then the use of several
// accounts.
func Reference() string { return reference }

// An Example is one Lua block of the reference.
type Example struct {
	ID     string // the function's name, or MultiAccount
	Line   int    // number of its first line in the reference, from 1
	Source string // Lua
}

// MultiAccount is the ID of the [Example] with several accounts.
const MultiAccount = "multi-account"

const multiAccountTitle = "Multi-Account Usage"

// multiAccountChapter returns the last chapter of the reference.
func multiAccountChapter() string {
	return reference[strings.Index(reference, "## "+multiAccountTitle):]
}

// Examples returns every Lua block of [Reference], in order.
func Examples() []Example {
	var examples []Example
	add := func(id, source string) {
		before, _, _ := strings.Cut(reference, source)
		examples = append(examples, Example{ID: id, Line: strings.Count(before, "\n") + 1, Source: source})
	}
	for _, f := range Functions() {
		add(f.Name, f.Example)
	}
	_, block, _ := strings.Cut(multiAccountChapter(), "```lua\n")
	source, _, _ := strings.Cut(block, "```")
	add(MultiAccount, source)
	return examples
}

func writeChapter(b *strings.Builder, f *Function) {
	fmt.Fprintf(b, "## %s\n%s\n### Parameters\n", f.Name, f.Description)
	if len(f.Params) == 0 {
		b.WriteString("None.\n")
	} else {
		b.WriteString("| Name | Type | Required | Description |\n|------|------|----------|-------------|\n")
	}
	for i := range f.Params {
		p := &f.Params[i]
		required := "no"
		if p.Required {
			required = "yes"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", p.Name, p.Kind.Type(), required, p.document())
	}
	for _, o := range f.Objects {
		fmt.Fprintf(b, "### %s\n```json\n%s\n```\n", o.Title, o.JSON)
	}
	if f.Example != "" {
		fmt.Fprintf(b, "### Example\n```lua\n%s```\n", f.Example)
	}
}
