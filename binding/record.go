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

// A record collects the output and the calls of a script. It can be closed, because an abandoned script may still run.
type record struct {
	mu     sync.Mutex
	closed bool
	out    []byte
	full   bool
	calls  []CallRecord

	limit int       // bytes of output
	w     io.Writer // may be nil
}

var errClosed = errors.New("the run is over")

const truncated = "... output truncated\n"

// write adds one line of output. It calls the writer without the lock, because a writer that blocks must not delay close.
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

// count returns the number of calls.
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

// called reports a call to the hook and the log, without arguments and results.
func (r *Runner) called(ctx context.Context, script string, c CallRecord) {
	if r.config.OnCall != nil {
		r.config.OnCall(ctx, c)
	}
	if r.config.Logger == nil {
		return
	}
	level := slog.LevelDebug
	if c.ErrorType != "" {
		level = slog.LevelWarn
	}
	r.config.Logger.Log(ctx, level, "lua call", "script", script, "path", c.Path, "account", c.Account,
		"effect", string(c.Effect), "effect_status", string(c.EffectStatus), "requests", c.Requests,
		"duration", c.Duration, "error_type", c.ErrorType, "status", c.Status, "dry_run", c.DryRun)
}

// ran reports a run to the hook and the log.
func (r *Runner) ran(ctx context.Context, script string, result *Result, failed *ScriptError) {
	rec := &RunRecord{Name: script, Calls: len(result.Calls), Output: len(result.Output), Duration: result.Duration}
	if failed != nil {
		rec.ErrorType = failed.Type
	}
	if r.config.OnRun != nil {
		r.config.OnRun(ctx, rec)
	}
	if r.config.Logger != nil {
		r.config.Logger.Log(ctx, slog.LevelInfo, "lua run", "script", script, "calls", rec.Calls,
			"output", rec.Output, "duration", rec.Duration, "error_type", rec.ErrorType)
	}
}
