package conformance

import (
	"context"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// checked makes the test fail if an exchange of a fake breaks the contract, whatever defect is in front of the fake.
func checked(t contract.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI())
	return o
}

// checkedRun is for the fakes that a run starts itself.
func checkedRun(t contract.TB, o Options, exceptions ...string) Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI(), exceptions...)
	if o.pause == nil && o.tune == nil { // a rig has its own clock
		o.pause = noPause
	}
	return o
}

// noPause lets no time pass where a run waits for something to settle.
func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// mayLeave is for targets that are wrong: one that does not do what it says often does not let itself be put back.
func mayLeave(err error) error {
	if codeOf(err) == ExitLeft {
		return nil
	}
	return err
}
