package conformance

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
)

const (
	// mostRetried is how many scenarios of a run may run once more: if more fail, it is not for what others do meanwhile.
	mostRetried = 25

	// retryLag is what a scenario that runs once more waits after each of its writes: a target may show them late.
	retryLag = 5 * time.Second
)

// retries runs scenarios once more that did not pass on an account that others use as well, or that shows its writes late.
// It belongs to the scenarios that run one after the other.
type retries struct {
	first map[string]report.Scenario // how those ended that run once more, by id
	n     int
	lag   time.Duration // after each write, once a scenario has passed for it
}

// mayRetry says whether the end of a scenario may be due to what others do, or to the way.
func (r *run) mayRetry(ctx context.Context, s report.Scenario) bool {
	_, again := r.retries.first[s.ID]
	return (s.Status == report.Fail || s.Status == report.Error) && !again && r.retries.n < mostRetried &&
		r.target.kind != kindFake && !r.target.local() && ctx.Err() == nil && r.stop.why() == nil
}

// retry runs those scenarios of a feature once more that did not pass.
func (f *feature) retry(ctx context.Context) error {
	if f.target.kind == kindFake {
		return nil
	}
	again := *f
	again.chosen, again.current = map[string]*scenario.Scenario{}, nil
	var wrote []string // what failed although it was answered
	for _, id := range slices.Sorted(maps.Keys(f.chosen)) {
		s, ran := f.results[id]
		if !ran || !f.mayRetry(ctx, s) {
			continue
		}
		f.retries.n++
		if f.retries.first == nil {
			f.retries.first = map[string]report.Scenario{}
		}
		f.retries.first[id] = s
		again.chosen[id] = f.chosen[id]
		if s.Status == report.Fail && f.chosen[id].Has("@changes") {
			wrote = append(wrote, id)
		}
	}
	if len(again.chosen) == 0 {
		return nil
	}
	before := f.retries.lag
	f.retries.lag = retryLag
	for _, of := range collections {
		for _, account := range f.target.names() {
			f.target.forget(account, of.name)
		}
	}
	err := again.execute(ctx)
	if !slices.ContainsFunc(wrote, func(id string) bool { return f.results[id].Status == report.Pass }) {
		f.retries.lag = before
	}
	return err
}

// merged is the result of a scenario that ran once more: the second end counts, and both say what was sent.
func (r *run) merged(s report.Scenario) report.Scenario {
	first, again := r.retries.first[s.ID]
	if !again {
		return s
	}
	s.Retried = string(first.Status)
	if first.Reason != "" {
		s.Retried += ": " + first.Reason
	}
	if s.Status == report.Pass {
		s.Reason = joinReasons("passed on retry", "before that "+s.Retried)
	}
	s.Seconds += first.Seconds
	s.Requests = append(slices.Clone(first.Requests), s.Requests...)
	s.Contract = append(slices.Clone(first.Contract), s.Contract...)
	return s
}
