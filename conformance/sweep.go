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
)

// SweepOptions say what to sweep.
type SweepOptions struct {
	Target     string                     // "live" or an address
	Accounts   map[string]binding.Account // as in Options
	Production []string                   // accounts that are never changed
	UndoLog    string                     // of the run to undo; "": all in StateDir that are of this target
	Yes        bool                       // do it; else tell what would be done
	Stdout     io.Writer

	tune  func(*http.Transport) // as in Options
	pause func(context.Context, time.Duration) error
}

// marker is what the kit writes into the field information of a contact of its own: exactly this, and nothing beside it.
var marker = regexp.MustCompile(`^aircallkit-[0-9a-f]{8}$`)

// oldEnough is how old a marked contact must be to be swept without an undo log: a younger one may be in use by a run.
const oldEnough = 24 * time.Hour

// sweeper takes away what runs left.
type sweeper struct {
	o    SweepOptions
	t    *target
	left int      // things that are still there
	runs []string // whose marks are swept whatever their age: their undo logs were applied
}

// Sweep undoes what runs left behind that were killed: what their undo logs record, and contacts that bear the mark of a
// run and are a day old. Without Yes it changes nothing. It goes on after an error; the error it returns has the exit
// code ExitLeft if anything remains, also of what would be done without Yes.
func Sweep(ctx context.Context, o SweepOptions) (err error) {
	if o.Target == "" || o.Target == kindFake {
		return errors.New("sweep: the fake in a run's own process went away with it; give --target live or an address")
	}
	t, err := newTarget(Options{Target: o.Target, Accounts: o.Accounts, tune: o.tune, pause: o.pause})
	if err != nil {
		return err
	}
	defer t.close()
	defer func() { err = t.redactor.err(err) }()
	o.Stdout = t.redactor.writer(o.Stdout, false)
	s := &sweeper{o: o, t: t}
	ledgers, err := s.undoLogs()
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
	for _, l := range ledgers {
		failed = errors.Join(failed, s.undo(ctx, l))
	}
	for _, name := range t.names() {
		failed = errors.Join(failed, s.marked(ctx, name))
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case failed != nil:
		return exits(ExitLeft, fmt.Errorf("sweep: %w", failed))
	case s.left > 0:
		return exits(ExitLeft, fmt.Errorf("sweep: %d would be done, nothing was: --yes does it", s.left))
	}
	fmt.Fprintln(o.Stdout, "nothing is left")
	return nil
}

// undoLogs reads the undo log that was named, or those of this target. One whose run still goes is not touched.
func (s *sweeper) undoLogs() (out []*undoLog, err error) {
	if s.o.UndoLog != "" {
		l, err := readUndoLog(s.o.UndoLog)
		switch {
		case err != nil:
			return nil, fmt.Errorf("--journal: %w", err)
		case l.head.Run != "" && l.head.Target != s.t.url:
			return nil, fmt.Errorf("--journal %s: it is of %s, not of %s", s.o.UndoLog, l.head.Target, s.t.url)
		case l.alive():
			return nil, fmt.Errorf("--journal %s: its run is still going, as process %d", s.o.UndoLog, l.head.Process)
		}
		return []*undoLog{l}, nil
	}
	paths, err := filepath.Glob(filepath.Join(StateDir(), "*.journal"))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if l, err := readUndoLog(path); err == nil && l.head.Target == s.t.url && !l.alive() {
			out = append(out, l)
		}
	}
	return out, nil
}

func (s *sweeper) say(format string, args ...any) { fmt.Fprintf(s.o.Stdout, format+"\n", args...) }

// undo puts back what an undo log records, the last change first.
func (s *sweeper) undo(ctx context.Context, l *undoLog) (failed error) {
	open := l.open("")
	slices.Reverse(open)
	s.say("journal %s of %s: %d changes are not undone", l.path, l.head.Run, len(open))
	if s.o.Yes {
		if err := l.resume(); err != nil {
			return err
		}
	}
	for _, c := range open {
		failed = errors.Join(failed, s.one(ctx, l, c))
	}
	if s.o.Yes {
		s.runs = append(s.runs, l.head.Run)
		_, err := l.close()
		failed = errors.Join(failed, err)
	}
	return failed
}

func (s *sweeper) one(ctx context.Context, l *undoLog, c *contactChange) error {
	what := fmt.Sprintf("account %q: put contact %s back as it was at %s", c.account, c.id, c.at.Format(time.RFC3339))
	switch {
	case c.made && c.id == "":
		what = fmt.Sprintf("account %q: look for a contact that may have been made at %s, and delete it", c.account, c.at.Format(time.RFC3339))
	case c.made:
		what = fmt.Sprintf("account %q: delete contact %s, made at %s", c.account, c.id, c.at.Format(time.RFC3339))
	}
	switch _, known := s.t.accounts[c.account]; {
	case !known:
		return fmt.Errorf("account %q of the journal is not configured", c.account)
	case s.t.isProduction(c.account):
		return fmt.Errorf("account %q has the purpose production: it is never changed", c.account)
	case !s.o.Yes:
		s.left++
		s.say("would: %s", what)
		return nil
	}
	if err := s.t.putBackLater(ctx, l, c); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	s.say("done: %s", what)
	return nil
}

// mostSwept bounds how far the contacts are read for marks: newest first, so that it is the oldest that are not seen.
const mostSwept = 200 // pages

// marked deletes the contacts of an account that bear a mark and are old enough.
func (s *sweeper) marked(ctx context.Context, account string) (failed error) {
	found, err := s.findMarked(ctx, account)
	if err != nil {
		return fmt.Errorf("account %q: %w", account, err)
	}
	for _, m := range found {
		made, _ := integer(m["created_at"])
		what := fmt.Sprintf("account %q: delete contact %s, marked %s and made at %s", account, idOf(m), m["information"], time.Unix(made, 0).UTC().Format(time.RFC3339))
		switch {
		case s.t.isProduction(account):
			failed = errors.Join(failed, fmt.Errorf("account %q has the purpose production: it is never changed", account))
		case !s.o.Yes:
			s.left++
			s.say("would: %s", what)
		default:
			if _, err := s.t.remove(ctx, account, idOf(m), nil); err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %w", what, err))
				continue
			}
			s.say("done: %s", what)
		}
	}
	return failed
}

func (s *sweeper) findMarked(ctx context.Context, account string) (found []map[string]any, err error) {
	for page := 1; page <= mostSwept; page++ {
		list, err := s.t.readPage(ctx, account, "/v1/contacts?order=desc", "contacts", page)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			made, isTime := integer(m["created_at"])
			text, _ := m["information"].(string)
			old := isTime && s.t.pacer.targetNow().Sub(time.Unix(made, 0)) >= oldEnough
			if marker.MatchString(text) && (old || slices.Contains(s.runs, text)) {
				found = append(found, m)
			}
		}
		if len(list) < perPage {
			return found, nil
		}
	}
	s.say("account %q: only the newest %d contacts were looked at", account, mostSwept*perPage)
	return found, nil
}
