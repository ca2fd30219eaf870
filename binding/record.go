package binding

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
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

// called tells of a call. Neither arguments nor results are told.
func (r *Runner) called(ctx context.Context, script string, c CallRecord) {
	if r.onCall != nil {
		r.onCall(ctx, c)
	}
	if r.logger == nil {
		return
	}
	level := slog.LevelDebug
	if c.ErrorType != "" {
		level = slog.LevelWarn
	}
	r.logger.LogAttrs(ctx, level, "lua call", slog.String("script", script), slog.String("path", c.Path), slog.String("account", c.Account),
		slog.String("effect", string(c.Effect)), slog.String("effect_status", string(c.EffectStatus)), slog.Int("requests", c.Requests),
		slog.Duration("duration", c.Duration), slog.String("error_type", c.ErrorType), slog.Int("status", c.Status), slog.Bool("dry_run", c.DryRun))
}

// ran tells of a run.
func (r *Runner) ran(ctx context.Context, script string, result *Result, failed *ScriptError) {
	rec := &RunRecord{Name: script, Calls: len(result.Calls), Output: len(result.Output), Duration: result.Duration}
	if failed != nil {
		rec.ErrorType = failed.Type
	}
	if r.onRun != nil {
		r.onRun(ctx, rec)
	}
	if r.logger != nil {
		r.logger.LogAttrs(ctx, slog.LevelInfo, "lua run", slog.String("script", script), slog.Int("calls", rec.Calls),
			slog.Int("output", rec.Output), slog.Duration("duration", rec.Duration), slog.String("error_type", rec.ErrorType))
	}
}
