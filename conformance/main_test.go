package conformance

import (
	"os"
	"testing"
)

// TestMain keeps the undo logs of runs out of the home directory of the person who runs the tests.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "aircallkit-state-")
	if err != nil {
		panic(err)
	}
	os.Setenv("XDG_STATE_HOME", dir)
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// full says that the long proofs run whole.
func full() bool { return os.Getenv("AIRCALLKIT_FULL") == "1" }
