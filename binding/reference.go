package binding

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

//go:embed reference.md
var reference string

// Reference returns the Lua reference in Markdown: one chapter for each function, then the use of several accounts.
func Reference() string { return reference }

// An Example is one Lua block of the reference.
type Example struct {
	ID     string // the function's name, or "multi-account"
	Line   int    // of the block's first line of Lua in the reference, from 1
	Source string
}

// MultiAccount is the ID of the example that shows several accounts.
const MultiAccount = "multi-account"

const multiAccountTitle = "Multi-Account Usage"

// Examples returns every Lua block of [Reference], in its order.
func Examples() []Example {
	source := []byte(reference)
	var examples []Example
	var chapter string
	root := goldmark.DefaultParser().Parse(text.NewReader(source))
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			if n.Level == 2 {
				chapter = string(n.Lines().Value(source))
			}
		case *ast.FencedCodeBlock:
			if string(n.Language(source)) != "lua" || n.Lines().Len() == 0 {
				continue
			}
			id := chapter
			if chapter == multiAccountTitle {
				id = MultiAccount
			}
			examples = append(examples, Example{
				ID:     id,
				Line:   1 + bytes.Count(source[:n.Lines().At(0).Start], []byte("\n")),
				Source: string(n.Lines().Value(source)),
			})
		}
	}
	return examples
}

// writeReference makes the page from the table of the documented functions. The file beside this one is its output, kept by a test.
func writeReference(fns []Function) string {
	var b strings.Builder
	b.WriteString("# Aircall — Lua API Reference\n")
	for i := range fns {
		writeChapter(&b, &fns[i])
		b.WriteString("---\n")
	}
	b.WriteString(multiAccountChapter())
	return b.String()
}

func multiAccountChapter() string {
	return fmt.Sprintf("## %s\n%s\n```lua\n%s```\n%s\n", multiAccountTitle,
		"If you have multiple Aircall accounts configured, use account-specific namespaces:",
		multiAccountExample,
		"All functions are identical across accounts — only the credentials differ.")
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
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", p.Name, p.Type, required, p.document())
	}
	for _, o := range f.Objects {
		fmt.Fprintf(b, "### %s\n```json\n%s\n```\n", o.Title, o.JSON)
	}
	if f.Example != "" {
		fmt.Fprintf(b, "### Example\n```lua\n%s```\n", f.Example)
	}
}

const multiAccountExample = `-- Default account (always works)
app.integrations.aircall.function_name({...})
-- Explicit default (portable across setups)
app.integrations.aircall.default.function_name({...})
-- Named accounts
app.integrations.aircall.sales.function_name({...})
app.integrations.aircall.support.function_name({...})
`
