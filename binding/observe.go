package binding

import (
	"context"
	"log/slog"
)

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
		slog.String("effect", string(c.Effect)), slog.String("effect_status", c.EffectStatus), slog.Int("requests", c.Requests),
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
