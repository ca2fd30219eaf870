package fakeaircall

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// An observed run compares parameters.txt with what the handlers read. A run of some tests reads less than all of them do,
// but never more.
type observed struct{ *testing.M }

func (m observed) Run() int {
	var mu sync.Mutex
	read := make(map[string]map[string]bool) // names by operation
	onRead = func(op, name string) {
		mu.Lock()
		defer mu.Unlock()
		if read[op] == nil {
			read[op] = make(map[string]bool)
		}
		read[op][name] = true
	}
	code := m.M.Run()
	mu.Lock()
	defer mu.Unlock()
	if flag.Lookup("test.list").Value.String() != "" {
		return code
	}
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" && !testing.Short()
	var got []string
	for op, names := range read {
		got = append(got, op+" "+strings.Join(slices.Sorted(maps.Keys(names)), " ")+"\n")
	}
	slices.Sort(got)
	const ask = "run go test ./fakeaircall -update"
	switch {
	case *update && whole:
		if err := os.WriteFile("parameters.txt", []byte(strings.Join(got, "")), 0o666); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	case whole && code == 0 && !slices.Equal(got, slices.Collect(strings.Lines(parametersRead))):
		fmt.Fprintf(os.Stderr, "parameters.txt is not what the handlers read; %s. They read\n%s", ask, strings.Join(got, ""))
		return 1
	case code == 0 && !*update:
		for op, of := range knownRoutes().operations {
			for name := range read[op] {
				if !of.parameters.names[name] {
					fmt.Fprintf(os.Stderr, "parameters.txt lacks %s of %s; %s\n", name, op, ask)
					code = 1
				}
			}
		}
	}
	return code
}
