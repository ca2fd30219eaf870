package repotest

import (
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
)

// An example that is a separate module is not in ./..., so this test builds and runs it as its users would.
func TestExamplesWithModules(t *testing.T) {
	found := 0
	for name := range files(t) {
		if !strings.HasPrefix(name, "examples/") || path.Base(name) != "go.mod" {
			continue
		}
		found++
		dir := path.Dir(name)
		t.Run(dir, func(t *testing.T) {
			for _, args := range [][]string{{"build", "-o", os.DevNull, "./..."}, {"vet", "./..."}, {"test", "-count=1", "./..."}} {
				cmd := exec.Command("go", args...)
				cmd.Dir = path.Join(root, dir)
				cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly -buildvcs=false")
				if said, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, said)
				}
			}
		})
	}
	if found == 0 {
		t.Error("no example has a module")
	}
}
