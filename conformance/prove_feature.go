package conformance

import (
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/cucumber/godog"
)

// onlyScenario is a feature of one scenario, at the path of the feature it comes from and with its steps as a run sees
// them: backgrounds and rows of outlines are worked in. To read a whole feature for one scenario takes longer than to run
// it.
func onlyScenario(p *godog.Scenario) fs.FS {
	var b strings.Builder
	b.WriteString("Feature: " + p.Uri + "\n  Scenario: " + p.Name + "\n")
	for _, st := range p.Steps {
		b.WriteString("    * " + st.Text + "\n")
		if st.Argument == nil {
			continue
		}
		if doc := st.Argument.DocString; doc != nil {
			b.WriteString("      \"\"\"\n")
			for line := range strings.SplitSeq(doc.Content, "\n") {
				b.WriteString("      " + strings.ReplaceAll(line, `"""`, `\"\"\"`) + "\n")
			}
			b.WriteString("      \"\"\"\n")
		}
		if table := st.Argument.DataTable; table != nil {
			for _, row := range table.Rows {
				b.WriteString("      |")
				for _, cell := range row.Cells {
					b.WriteString(" " + cellEscapes.Replace(cell.Value) + " |")
				}
				b.WriteString("\n")
			}
		}
	}
	return fstest.MapFS{p.Uri: {Data: []byte(b.String())}}
}

// cellEscapes are those of Gherkin's tables.
var cellEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", `\n`)
