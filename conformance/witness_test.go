package conformance

import (
	"testing"
	"time"
)

// TestWitnessCountsAMinute of the target's limit, wherever it begins.
func TestWitnessCountsAMinute(t *testing.T) {
	now := start
	tg := &target{kind: kindLive, now: func() time.Time { return now }}
	w := &witness{t: tg, asked: map[string]*minute{"default": {limit: 2}}}
	for i, step := range []struct {
		after time.Duration
		sent  bool
	}{{0, true}, {30 * time.Second, true}, {29 * time.Second, false}, {time.Second, true}, {29 * time.Second, false}, {time.Second, true}} {
		now = now.Add(step.after)
		if err := w.count("default"); (err == nil) != step.sent {
			t.Errorf("step %d, %v after the first: %v, want it sent: %v", i, now.Sub(start), err, step.sent)
		}
	}
	if err := w.count("sales"); err != nil {
		t.Errorf("an account whose limit nobody knows: %v", err)
	}
}
