package main

import (
	"context"
	"errors"
	"runtime/debug"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/selftest"
)

// proveConformance runs the kit against mutants.
func proveConformance(ctx context.Context, p *process, dir string) error {
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	m, err := selftest.Run(ctx, selftest.Options{ReportDir: dir, Stdout: p.stdout})
	switch {
	case errors.Is(err, context.Canceled):
		return unable(errors.New("interrupted"))
	case err != nil:
		return unable(err)
	case !m.OK():
		return &failure{code: conformance.ExitDefect}
	}
	return nil
}
