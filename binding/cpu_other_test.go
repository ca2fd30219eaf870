//go:build !unix

package binding_test

import "time"

var started = time.Now()

// workTime returns the time that has passed, where nothing says how long a process has worked.
func workTime() time.Duration { return time.Since(started) }
