package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestClock: it stands, runs and is moved, and never goes back.
func TestClock(t *testing.T) {
	still := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon}))
	still.Advance(90 * time.Minute)
	if got := still.Now(); !got.Equal(noon.Add(90 * time.Minute)) {
		t.Errorf("a standing clock reads %s", got)
	}
	if err := still.SetClock(noon); err == nil || !strings.Contains(err.Error(), "does not go back") {
		t.Errorf("back to noon: %v", err)
	}
	if err := still.SetClock(noon.AddDate(200, 0, 0)); err == nil {
		t.Error("two hundred years at once")
	}
	real := RunT(t, checked(t, Options{Scale: ScaleEmpty}))
	real.Advance(time.Hour)
	if ahead := real.Now().Sub(time.Now()); ahead < 59*time.Minute || ahead > time.Hour {
		t.Errorf("the real clock moved by an hour is %s ahead", ahead)
	}
	fast := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Speed: 3600}))
	if fast.Speed() != 3600 {
		t.Errorf("speed %g", fast.Speed())
	}
	before := time.Now()
	for fast.Now().Equal(noon) {
		if time.Since(before) > 10*time.Second {
			t.Fatal("an accelerated clock stands")
		}
	}
	for _, speed := range []float64{-1, 3601} {
		if err := fast.SetSpeed(speed); err == nil {
			t.Errorf("speed %g", speed)
		}
		if _, err := New(checked(t, Options{Speed: speed})); err == nil {
			t.Errorf("option speed %g", speed)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Advance went back")
		}
	}()
	still.Advance(-time.Second)
}

// setTimers makes what is due write its time down.
func setTimers(t *testing.T, s *Server, i int, log *[]string, delays ...time.Duration) {
	t.Helper()
	acts[testAct] = func(t *tx, m timer) {
		*log = append(*log, fmt.Sprintf("%d %s", m.ID, t.now.Sub(noon)))
		if m.N > 0 {
			t.after(time.Second, testAct, m.ID, m.N-1)
		}
	}
	t.Cleanup(func() { delete(acts, testAct) })
	err := s.accounts()[i].do(s.Now(), func(t *tx) error {
		for j, d := range delays {
			t.after(d, testAct, int64(10*i+j), int64(j))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

const testAct = act("test")

// Everything due happens in order, at its own time, over companies too, also what
// is set by what happens, before Advance returns.
func TestAdvanceOrder(t *testing.T) {
	s, err := New(checked(t, Options{Scale: ScaleEmpty, Clock: noon}))
	if err != nil {
		t.Fatal(err)
	}
	var log []string
	setTimers(t, s, 0, &log, 5*time.Second, 3*time.Second, time.Hour)
	setTimers(t, s, 1, &log, 4*time.Second, 0)
	if want := []string{"11 0s"}; !slices.Equal(log, want) {
		t.Errorf("at once %q, want %q", log, want)
	}
	s.Advance(10 * time.Second)
	want := []string{"11 0s", "11 1s", "1 3s", "10 4s", "1 4s", "0 5s"}
	if len(log) != len(want) || !slices.Equal(inSequence(log), inSequence(want)) {
		t.Errorf("within ten seconds\n\t%q, want\n\t%q", log, want)
	}
	for i := 1; i < len(log); i++ {
		if moment(log[i-1]) > moment(log[i]) {
			t.Errorf("%q before %q", log[i-1], log[i])
		}
	}
	if s.Advance(2 * time.Hour); log[len(log)-1] != "2 1h0m2s" {
		t.Errorf("after two hours %q", log)
	}
}

func inSequence(s []string) []string { s = slices.Clone(s); slices.Sort(s); return s }
func moment(s string) string         { return s[strings.IndexByte(s, ' '):] }

// On a running clock things happen when their time comes, unasked.
func TestLive(t *testing.T) {
	defer goleak.VerifyNone(t)
	s, err := New(checked(t, Options{Scale: ScaleEmpty, Clock: noon, Speed: MaxSpeed}))
	if err != nil {
		t.Fatal(err)
	}

	happened := make(chan time.Time, 1)
	acts[testAct] = func(t *tx, m timer) { happened <- t.now }
	defer delete(acts, testAct)
	due := s.Now().Add(30 * time.Minute)
	_ = s.accounts()[0].do(s.Now(), func(t *tx) error { t.after(30*time.Minute, testAct, 0, 0); return nil })
	select {
	case at := <-happened:
		if at.Before(due) {
			t.Errorf("due at %s, happened at %s", due, at)
		}
	case <-time.After(10 * time.Second):
		t.Error("half an hour at 3600 takes over ten seconds")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
