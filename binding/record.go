package binding

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

// A record gathers what a script does. A script that was abandoned may still be running, so the record can be closed
// against it.
type record struct {
	mu     sync.Mutex
	closed bool
	out    []byte
	full   bool
	calls  []CallRecord

	limit int       // bytes of output
	w     io.Writer // may be nil
}

func newRecord(r *Runner, opts RunOptions) *record {
	return &record{limit: r.limits.Output, w: opts.Output}
}

var errClosed = errors.New("the run is over")

const truncated = "... output truncated\n"

// write takes one line of output. The writer is called outside of the lock: one that blocks must not hold up close.
func (r *record) write(line []byte) error {
	r.mu.Lock()
	if r.closed || r.full {
		defer r.mu.Unlock()
		if r.closed {
			return errClosed
		}
		return nil
	}
	if len(r.out)+len(line) > r.limit {
		r.full = true
		line = append(slices.Clone(line[:r.limit-len(r.out)]), "\n"+truncated...)
	}
	r.out = append(r.out, line...)
	r.mu.Unlock()
	if r.w == nil {
		return nil
	}
	if _, err := r.w.Write(line); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

func (r *record) add(c CallRecord) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.calls = append(r.calls, c)
	}
}

// count is how many calls were made.
func (r *record) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.calls)
}

func (r *record) close() *Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return &Result{Output: string(r.out), Calls: r.calls}
}
