package fakeaircall

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// An observed run compares parameters.txt with what the handlers have read. A run
// of some tests reads less than all of them do, but never more.
type observed struct{ *testing.M }

func (m observed) Run() int {
	code := m.M.Run()
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" && !testing.Short()
	if code != 0 || flag.Lookup("test.list").Value.String() != "" {
		return code
	}
	got, ask := knownRoutes().readSoFar(), "run go test ./fakeaircall -update"
	if *update {
		if !whole {
			return 0
		}
		if err := os.WriteFile("parameters.txt", []byte(strings.Join(got, "")), 0o666); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	want := slices.Collect(strings.Lines(parametersRead))
	if whole && !slices.Equal(got, want) {
		fmt.Fprintf(os.Stderr, "parameters.txt is not what the handlers read; %s. They read\n%s", ask, strings.Join(got, ""))
		return 1
	}
	for op, of := range knownRoutes().operations {
		for name := range of.parameters.learned.Range {
			fmt.Fprintf(os.Stderr, "parameters.txt lacks %s of %s; %s\n", name, op, ask)
			code = 1
		}
	}
	return code
}

// readSoFar is what parameters.txt should say, by lines.
func (t *routeTable) readSoFar() (lines []string) {
	for op, of := range t.operations {
		p := of.parameters
		var names []string
		for name, seen := range p.recorded {
			if seen.Load() {
				names = append(names, name)
			}
		}
		for name := range p.learned.Range {
			names = append(names, name.(string))
		}
		slices.Sort(names)
		if len(names) > 0 {
			lines = append(lines, op+" "+strings.Join(names, " ")+"\n")
		}
	}
	slices.Sort(lines)
	return lines
}
