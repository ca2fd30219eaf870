package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
)

// starterName is the file that init writes, and that serve reads if it is in the current folder.
const starterName = "aircallkit.yaml"

//go:embed starter.yaml
var starter []byte

func initCommand(p *process) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a configuration file to begin with",
		Long: `Write ` + starterName + ` into the current folder: a commented file with the standard accounts and a few
records. "aircallkit serve" reads it when it is started in the same folder without --config.`,
		Example: `  aircallkit init
  aircallkit serve`,
		RunE: func(*cobra.Command, []string) error {
			publish := os.Link // fails if the file exists
			if force {
				publish = os.Rename
			}
			err := writeFile(starterName, starter, 0o644, publish)
			switch {
			case errors.Is(err, fs.ErrExist):
				return unable(errors.New(starterName+" already exists in this folder"), "--force overwrites it")
			case err != nil:
				return err
			}
			fmt.Fprintf(p.stdout, `wrote %[1]s

Next:
  %[2]s serve
  curl -u fake-default-id:fake-default-token %[3]s/v1/contacts/5678
  %[2]s docs --config-schema > aircallkit.schema.json   # your editor then completes and checks %[1]s

The file says what to change; docs/fixtures.md has all its keys.
`, starterName, self(), defaultURL)
			return nil
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "overwrite the file")
	return cmd
}
