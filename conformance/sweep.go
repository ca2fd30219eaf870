package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// SweepOptions select what to sweep.
type SweepOptions struct {
	Target     string                     // "live" or an address
	Accounts   map[string]binding.Account // as in Options
	Production []string                   // accounts that are never changed
	UndoLog    string                     // of the run to undo; "": all in StateDir of this target
	Yes        bool                       // do it; else only print what would be done
	Stdout     io.Writer

	tune  func(*http.Transport) // as in Options
	pause func(context.Context, time.Duration) error
}

// marker is what the kit writes into the field information of contacts that it creates: exactly this and nothing else.
var marker = regexp.MustCompile(`^aircallkit-[0-9a-f]{8}$`)

// oldEnough is how old a marked contact must be to be swept without an undo log: a run may still use a younger one.
const oldEnough = 24 * time.Hour

// sweeper removes what runs left.
type sweeper struct {
	o    SweepOptions
	t    *target
	left int      // things that are still there
	runs []string // runs whose undo logs were applied: their marked contacts are swept at any age
}

// Sweep undoes what killed runs left behind: what their undo logs record, and contacts that bear the mark of a run and are a
// day old. Without Yes it changes nothing. It goes on after an error; the error it returns has the exit code ExitLeft if
// anything remains, including what it would do with Yes.
func Sweep(ctx context.Context, o SweepOptions) (err error) {
	if o.Target == "" || o.Target == kindFake {
		return errors.New("sweep: the fake inside a run is gone when the run ends; give --target live or an address")
	}
	t, err := newTarget(Options{Target: o.Target, Accounts: o.Accounts, tune: o.tune, pause: o.pause})
	if err != nil {
		return err
	}
	defer t.close()
	defer func() { err = t.redactor.err(err) }()
	o.Stdout = t.redactor.writer(o.Stdout, false)
	s := &sweeper{o: o, t: t}
	logs, err := s.undoLogs()
	if err != nil {
		return err
	}
	if _, err := t.preflight(ctx); err != nil {
		return err
	}
	t.production = o.Production
	if err := t.identifyAll(ctx); err != nil {
		return err
	}
	ctx = withExchanges(ctx, &exchangeList{}, forUndo)
	var failed error
	for _, l := range logs {
		failed = errors.Join(failed, s.undo(ctx, l))
	}
	for _, name := range t.names() {
		failed = errors.Join(failed, s.marked(ctx, name))
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case failed != nil && len(logs) == 0 && s.left == 0 && t.useless(ctx, "") != "": // nobody knows whether anything is left
		return exits(ExitEnvironment, fmt.Errorf("sweep: %w", failed))
	case failed != nil:
		return exits(ExitLeft, fmt.Errorf("sweep: %w", failed))
	case s.left > 0:
		return exits(ExitLeft, fmt.Errorf("sweep: %d would be done, nothing was: --yes does it", s.left))
	}
	fmt.Fprintln(o.Stdout, "nothing is left")
	return nil
}

// undoLogs reads the undo log that was named, or those of this target. It leaves out those of running runs.
func (s *sweeper) undoLogs() (out []*undoLog, err error) {
	if s.o.UndoLog != "" {
		l, err := readUndoLog(s.o.UndoLog)
		switch {
		case err != nil:
			return nil, fmt.Errorf("--undo-log: %w", err)
		case l.head.Run != "" && l.head.Target != s.t.url:
			return nil, fmt.Errorf("--undo-log %s: it is of %s, not of %s", s.o.UndoLog, l.head.Target, s.t.url)
		case l.alive():
			return nil, fmt.Errorf("--undo-log %s: its run is still going, as process %d", s.o.UndoLog, l.head.Process)
		}
		return []*undoLog{l}, nil
	}
	paths, err := filepath.Glob(filepath.Join(StateDir(), "*.undolog"))
	for _, path := range paths {
		if l, err := readUndoLog(path); err == nil && l.head.Target == s.t.url && !l.alive() {
			out = append(out, l)
		}
	}
	return out, err
}

func (s *sweeper) say(format string, args ...any) { fmt.Fprintf(s.o.Stdout, format+"\n", args...) }

// do makes a change, or prints it without Yes.
func (s *sweeper) do(account, what string, change func() error) error {
	what = fmt.Sprintf("account %q: %s", account, what)
	switch _, known := s.t.accounts[account]; {
	case !known:
		return fmt.Errorf("account %q of the undo log is not configured", account)
	case s.t.isProduction(account):
		return fmt.Errorf("account %q has the purpose production: it is never changed", account)
	case !s.o.Yes:
		s.left++
		s.say("would: %s", what)
		return nil
	}
	if err := change(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	s.say("done: %s", what)
	return nil
}

// undo undoes what an undo log records, the last change first.
func (s *sweeper) undo(ctx context.Context, l *undoLog) (failed error) {
	open := l.open("")
	slices.Reverse(open)
	s.say("undo log %s of %s: %s to undo", l.path, l.head.Run, report.Plural(len(open), "change"))
	if s.o.Yes {
		if err := l.resume(); err != nil {
			return err
		}
	}
	for _, c := range open {
		at := c.at.Format(time.RFC3339)
		what := fmt.Sprintf("put contact %s back as it was at %s", c.id, at)
		switch {
		case c.made && c.id == "":
			what = fmt.Sprintf("look for a contact that may have been made at %s, and delete it", at)
		case c.made:
			what = fmt.Sprintf("delete contact %s, made at %s", c.id, at)
		}
		failed = errors.Join(failed, s.do(c.account, what, func() error { return s.t.putBackLater(ctx, l, c) }))
	}
	if s.o.Yes {
		s.runs = append(s.runs, l.head.Run)
		_, err := l.close()
		failed = errors.Join(failed, err)
	}
	return failed
}

// mostSwept is how many pages of contacts are searched for marks: newest first, so that the oldest may be missed.
const mostSwept = 200

// marked deletes the contacts of an account that bear a mark and are old enough. It deletes nothing before it has read all
// pages, because that would move contacts from page to page.
func (s *sweeper) marked(ctx context.Context, account string) (failed error) {
	var found []map[string]any
	for page, more := 1, true; more; page++ {
		if page > mostSwept {
			s.say("account %q: only the newest %d contacts were looked at", account, mostSwept*perPage)
			break
		}
		list, _, err := s.t.readPage(ctx, account, "/v1/contacts?order=desc", "contacts", page)
		if err != nil {
			return fmt.Errorf("account %q: %w", account, err)
		}
		more = len(list) == perPage
		for _, m := range list {
			made, isTime := orderedjson.Integer(m["created_at"])
			text, _ := m["information"].(string)
			old := isTime && s.t.pacer.targetNow().Sub(time.Unix(made, 0)) >= oldEnough
			if marker.MatchString(text) && (old || slices.Contains(s.runs, text)) {
				found = append(found, m)
			}
		}
	}
	for _, m := range found {
		made, _ := orderedjson.Integer(m["created_at"])
		what := fmt.Sprintf("delete contact %s, marked %s and made at %s", idOf(m), m["information"], time.Unix(made, 0).UTC().Format(time.RFC3339))
		failed = errors.Join(failed, s.do(account, what, func() error {
			_, err := s.t.remove(ctx, account, idOf(m), nil)
			return err
		}))
	}
	return failed
}
