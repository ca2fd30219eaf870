package binding_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aircallkit/aircallkit/binding"
)

// What a hostile script may take beyond its bounds. The time is the promise of Run; the rest of it is for a machine that
// does other things besides, or looks for races. The memory is what Go's collector lets lie around, twice the live heap
// and the text or list in the making.
const (
	hostileTime   = 100 * time.Millisecond
	timeTolerance = 250 * time.Millisecond
	busy          = 2 * time.Second
	heapTolerance = 192 << 20
)

// Each script of testdata/hostile says in its first line how it must end, in one way of several, and why.
func TestHostileScripts(t *testing.T) {
	if raceEnabled {
		t.Skip("it measures time and heap, which the race detector changes; FuzzSource runs the same scripts")
	}
	scripts, err := filepath.Glob("testdata/hostile/*.lua")
	if err != nil || len(scripts) < 60 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	ignore := []goleak.Option{goleak.IgnoreCurrent()} // and whatever keeps connections
	for _, f := range []string{"(*conn).serve", "(*persistConn).readLoop", "(*persistConn).writeLoop"} {
		ignore = append(ignore, goleak.IgnoreAnyFunction("net/http."+f))
	}
	brief := runner(t, srv.URL, func(c *binding.Config) { c.Limits.Timeout = hostileTime })
	patient := runner(t, srv.URL) // for those that something else must end
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".lua"), func(t *testing.T) {
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(source), "\n")
			ends, why, ok := strings.Cut(strings.TrimPrefix(first, "-- "), ": ")
			if !ok || why == "" {
				t.Fatalf("its first line is %q", first)
			}
			r, most := patient, 30*time.Second
			if strings.Contains(ends, "timeout") {
				r, most = brief, hostileTime+timeTolerance
			}
			peak := watchHeap()
			start := time.Now()
			res, failed := r.Run(context.Background(), "hostile.lua", string(source), binding.RunOptions{})
			for try := 0; try < 2 && strings.Contains(errorText(failed), "abandoned"); try++ { // a busy machine may be late once
				leftBehind(5 * time.Second)
				start = time.Now()
				res, failed = r.Run(context.Background(), "hostile.lua", string(source), binding.RunOptions{})
			}
			took, grown := time.Since(start), peak()
			got := "ends"
			var e *binding.ScriptError
			if errors.As(failed, &e) {
				got = e.Type
			}
			if !slices.Contains(strings.Fields(ends), got) {
				t.Errorf("it ends with %s, want %s: %v", got, ends, failed)
			}
			if took > most+busy {
				t.Errorf("it took %v", took)
			}
			if grown > 64<<20+heapTolerance {
				t.Errorf("the heap grew by %d MB", grown>>20)
			}
			if n := len(res.Output); n > 256<<10+100 {
				t.Errorf("it printed %d bytes", n)
			}
			if e != nil && len(e.Message) > 64<<10 {
				t.Errorf("its message has %d bytes", len(e.Message))
			}
			if strings.Contains(errorText(failed), "abandoned") {
				t.Errorf("it was abandoned: %v", failed)
			}
			if left := leftBehind(100 * time.Millisecond); left != "" {
				t.Errorf("100 ms after Run returned it still works:\n%s", left)
			}
			t.Logf("%s in %v, %d MB: %.100v", got, took.Round(time.Millisecond), grown>>20, failed)
		})
	}
	goleak.VerifyNone(t, ignore...)
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// leftBehind waits until no goroutine works for a run. It returns the stacks of those that do after the given time, of
// which only that counts in which the process worked: other processes can hold up a goroutine that only has to end.
func leftBehind(within time.Duration) string {
	buf := make([]byte, 1<<20)
	for start := workTime(); ; runtime.Gosched() {
		var left []string
		for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
			if strings.Contains(stack, "aircallkit/binding.") || strings.Contains(stack, "aircallkit/internal/luabox.") {
				left = append(left, stack)
			}
		}
		if len(left) == 0 || workTime()-start > within {
			return strings.Join(left, "\n\n")
		}
	}
}

// No work in Go outlives its script: 50 ms after the deadline nothing works for the run, whatever it was doing. What
// counts is the time that the process worked, since other processes can hold it up, and the least of some tries, since the
// garbage collector works too.
func TestNothingWorksAfterTheDeadline(t *testing.T) {
	if raceEnabled {
		t.Skip("it measures time, which the race detector changes")
	}
	const late = 50 * time.Millisecond
	scripts, err := filepath.Glob("testdata/hostile/*.lua")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	for _, path := range scripts {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(source), "\n")
		if ends, _, _ := strings.Cut(first, ": "); !strings.Contains(ends, "timeout") {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".lua"), func(t *testing.T) {
			for _, deadline := range []time.Duration{60 * time.Millisecond, 130 * time.Millisecond} {
				r := runner(t, srv.URL, func(c *binding.Config) { c.Limits.Timeout = deadline })
				least := time.Hour
				for try := 0; try < 5 && least > late; try++ {
					least = min(least, workAfter(t, r, string(source), deadline))
				}
				t.Logf("with a deadline of %v it works for %v beyond it", deadline, least)
				if least > late {
					t.Errorf("with a deadline of %v it works for %v beyond it", deadline, least)
				}
			}
		})
	}
}

// workAfter returns how long the process works from the deadline of a run until Run returns, when nothing is left behind.
func workAfter(t *testing.T, r *binding.Runner, source string, deadline time.Duration) time.Duration {
	t.Helper()
	at := make(chan time.Duration, 1)
	timer := time.AfterFunc(deadline, func() { at <- workTime() })
	r.Run(context.Background(), "hostile.lua", source, binding.RunOptions{})
	end := workTime()
	if left := leftBehind(100 * time.Millisecond); left != "" {
		t.Errorf("it still works after Run returned:\n%s", left)
	}
	if timer.Stop() {
		return 0 // it ended before
	}
	return max(end-<-at, 0)
}

// The compiler cannot be stopped: what would take it long is refused before. Each source has 256 KB of one thing.
func TestHostileSources(t *testing.T) {
	if raceEnabled {
		t.Skip("it measures time and heap, which the race detector changes")
	}
	r := runner(t, "")
	const size = 256 << 10
	nested := func(open, inner, end string) string {
		n := (size - len(inner) - 20) / (len(open) + len(end))
		return "return " + strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	rows := func(before, row, after string) string {
		var b strings.Builder
		b.WriteString(before)
		for i := 0; b.Len() < size-len(after)-40; i++ {
			b.WriteString(strings.ReplaceAll(row, "#", strconv.FormatInt(int64(i)+200, 36)))
		}
		return b.String() + after
	}
	for _, c := range []struct{ name, source, ends string }{
		{"parentheses", nested("(", "1", ")"), "limit_exceeded"},
		{"open parentheses", nested("(", "", ""), "limit_exceeded"},
		{"braces", nested("{", "", "}"), "limit_exceeded"},
		{"brackets", nested("a[", "1", "]"), "limit_exceeded"},
		{"functions in functions", nested("function() return ", "1", " end"), "limit_exceeded"},
		{"blocks", "do " + nested("do ", "", "end "), "limit_exceeded"},
		{"not", nested("not ", "1", ""), "limit_exceeded"},
		{"minus", nested("- ", "1", ""), "limit_exceeded"},
		{"concatenations", nested("a..", "a", ""), "limit_exceeded"},
		{"powers", nested("2^", "2", ""), "limit_exceeded"},
		{"sums", nested("a+", "a", ""), "limit_exceeded"},
		{"conjunctions", nested("a and ", "a", ""), "limit_exceeded"},
		{"fields", nested("", "a", ".a"), "limit_exceeded"},
		{"calls", nested("", "a", "()"), "limit_exceeded"},
		{"elseif", rows("if a then ", "elseif a then ", "end"), "limit_exceeded"},
		{"texts", rows("return {", "'#',", "}"), "limit_exceeded"},
		{"numbers", rows("return {", "0x#,", "}"), "limit_exceeded syntax_error"},
		{"tables", rows("return {", "{},", "}"), "limit_exceeded"},
		{"globals", rows("", "v_# = 1 ", ""), "limit_exceeded"},
		{"methods", rows("", "a:m_#() ", ""), "limit_exceeded"},
		{"labels", rows("", "::v_#:: ", ""), "limit_exceeded"},
		{"gotos", rows("", "goto v_# ::v_#:: ", ""), "limit_exceeded"},
		{"functions", rows("", "f = function() end ", ""), "limit_exceeded"},
		{"locals", rows("", "do local v_# end ", ""), "ends"},
		{"a long text", rows("return #[[", "x", "]]"), "ends"},
		{"a long number", nested("9", "9", ""), "syntax_error"},
		{"targets", rows("", "a,", "a = 1"), "syntax_error limit_exceeded"},
		{"a comment without end", rows("--[==[", "]=", ""), "syntax_error"},
		{"a bracket of equal signs", nested("[", strings.Repeat("=", size-100), ""), "syntax_error limit_exceeded"},
		{"bytes", strings.Repeat("\x00\xff", size/2), "syntax_error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			peak := watchHeap()
			start := time.Now()
			_, err := r.Run(context.Background(), "hostile.lua", c.source, binding.RunOptions{})
			took, grown := time.Since(start), peak()
			got := "ends"
			var e *binding.ScriptError
			if errors.As(err, &e) {
				got = e.Type
			}
			if !slices.Contains(strings.Fields(c.ends), got) {
				t.Errorf("it ends with %s, want %s: %v", got, c.ends, err)
			}
			if took > timeTolerance+busy {
				t.Errorf("it took %v", took)
			}
			if grown > 64<<20 {
				t.Errorf("the heap grew by %d MB", grown>>20)
			}
			const deadline = 10 * time.Millisecond
			brief := runner(t, "", func(c *binding.Config) { c.Limits.Timeout = deadline })
			least := time.Hour
			for try := 0; try < 3 && least > 50*time.Millisecond; try++ {
				least = min(least, workAfter(t, brief, c.source, deadline))
			}
			t.Logf("it works for %v beyond its deadline", least)
		})
	}
}

// watchHeap follows the heap until the function it returns is called, which gives by how much it was larger than now.
func watchHeap() func() int {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() int {
		metrics.Read(sample)
		return int(sample[0].Value.Uint64())
	}
	base := read()
	stop, done := make(chan struct{}), make(chan int)
	go func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		most := base
		for {
			select {
			case <-stop:
				done <- max(most, read()) - base
				return
			case <-tick.C:
				most = max(most, read())
			}
		}
	}()
	return func() int { close(stop); return <-done }
}
