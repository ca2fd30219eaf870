//go:build unix

package binding_test

import (
	"syscall"
	"time"
)

// workTime returns how long the process has worked, on all processors together.
func workTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
