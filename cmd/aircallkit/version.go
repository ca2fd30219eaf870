package main

import (
	"fmt"
	"runtime/debug"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// behaving are the modules whose version changes what aircallkit does, not only how it does it.
var behaving = []string{
	"github.com/brianvoe/gofakeit/v6", // the seeded data
	"github.com/cucumber/godog",       // the steps
	"github.com/nyaruka/phonenumbers", // how numbers are written
	"github.com/yuin/gopher-lua",      // the language
}

func versionCommand(p *process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of aircallkit, Go, and the modules that affect its behavior",
		Long: `Print the versions of aircallkit, Go, and the modules that affect its behavior. The same seed
produces the same data only with the same version of gofakeit, for example.`,
		Example: `  aircallkit version`,
		Args:    takes(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
			fmt.Fprintf(w, "aircallkit\t%s\n", version())
			info, ok := debug.ReadBuildInfo()
			if !ok {
				return w.Flush()
			}
			fmt.Fprintf(w, "go\t%s\n", info.GoVersion)
			for _, m := range info.Deps {
				if slices.Contains(behaving, m.Path) {
					fmt.Fprintf(w, "%s\t%s\n", m.Path, m.Version)
				}
			}
			return w.Flush()
		},
	}
}

// version is the module's version, with the commit if it was built from a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
