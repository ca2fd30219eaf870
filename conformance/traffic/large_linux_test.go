package traffic_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance/traffic"
)

// readLarge is the name of a recording that this process reads in place of the tests.
const readLarge = "AIRCALLKIT_READ_RECORDING"

func TestMain(m *testing.M) {
	name := os.Getenv(readLarge)
	if name == "" {
		os.Exit(m.Run())
	}
	f, err := os.Open(name)
	if err == nil {
		var c *traffic.Checker
		if c, err = traffic.NewChecker(traffic.Options{Shapes: true}); err == nil {
			err = c.Read(context.Background(), name, f)
		}
		if err == nil && len(c.Result().Breaches) > 0 {
			err = fmt.Errorf("%s", c.Result().Breaches[0])
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// A recording of 100 MB is read in 10 seconds with 500 MB of memory. Other programs may slow this one down, so that the time of
// the processors counts.
func TestLargeRecording(t *testing.T) {
	size := int64(5_000_000)
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		size = hundredMB
	}
	name := largeRecording(t, size)
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), readLarge+"="+name), os.Stderr
	began := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	memory := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10
	busy := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("%d MB in %.1f s, %.1f s of processors, with %d MB of memory", size/1_000_000, took.Seconds(), busy.Seconds(), memory)
	if busy > 10*time.Second || memory > 500 {
		t.Errorf("it took %s of processors and %d MB, want 10s and 500 MB at most", busy, memory)
	}
}
