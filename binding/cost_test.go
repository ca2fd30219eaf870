package binding_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// fastest is the least time of some runs: what else the machine does only ever adds to it.
func fastest(runs int, f func()) time.Duration {
	best := time.Hour
	for range runs {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

// What a script costs, as ratios of one run of this test where something can be compared.
func TestCost(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes everything slow, and not by the same")
	}
	r := runner(t, "", three("http://127.0.0.1:1"))
	mustRun := func(source string) {
		if _, err := r.Run(context.Background(), "", source, binding.RunOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("a fresh state", func(t *testing.T) {
		const most = 6.0
		ours, theirs := time.Hour, time.Hour
		for range 300 { // in turn, so that both see the same machine
			ours = min(ours, fastest(1, func() { mustRun("") }))
			theirs = min(theirs, fastest(1, func() { lua.NewState().Close() }))
		}
		ratio := float64(ours) / float64(theirs)
		t.Logf("ready and ended in %v, %.2f times gopher-lua's %v", ours, ratio, theirs)
		if ratio > most {
			t.Errorf("%.2f times, the most is %.1f", ratio, most)
		}
	})
	t.Run("a million turns of a loop", func(t *testing.T) {
		for _, loop := range []string{
			`for i = 1, 1000000 do end`,
			`local n = 0 for i = 1, 1000000 do n = n + i % 7 end`,
			`local t = {} for i = 1, 1000000 do t[i % 100 + 1] = i end`,
			`local t = {} for i = 1, 1000000 do t.x = i end`,
		} {
			theirs := time.Hour
			ours := time.Hour
			for range 3 { // in turn, so that both see the same machine
				ours = min(ours, fastest(1, func() { mustRun(loop) }))
				theirs = min(theirs, fastest(1, func() {
					L := lua.NewState()
					defer L.Close()
					if err := L.DoString(loop); err != nil {
						t.Fatal(err)
					}
				}))
			}
			ratio := float64(ours) / float64(theirs)
			t.Logf("%.2f times gopher-lua's %v: %s", ratio, theirs, loop)
			if ratio > 2 {
				t.Errorf("%s takes %.2f times as long as in gopher-lua, the most is 2", loop, ratio)
			}
		}
	})
	t.Run("a page of calls as tables", func(t *testing.T) {
		page := fakePage(t, fakeaircall.RunT(t, checked(t, fakeaircall.Options{})), 50)
		convert := binding.Converter(t, page)
		ours, theirs := time.Hour, time.Hour
		for range 50 {
			ours = min(ours, fastest(1, convert))
			theirs = min(theirs, fastest(1, func() {
				var v any
				if err := json.Unmarshal(page, &v); err != nil {
					t.Fatal(err)
				}
			}))
		}
		ratio := float64(ours) / float64(theirs)
		t.Logf("%d bytes: %v, %.2f times json.Unmarshal's %v", len(page), ours, ratio, theirs)
		if ratio > 2.5 {
			t.Errorf("%.2f times as long as json.Unmarshal, the most is 2.5", ratio)
		}
	})
}
