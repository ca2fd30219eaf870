package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

func (o *serveOptions) checkReload() error {
	if o.reload && o.config == "" {
		return errors.New("serve: --reload: it reads the file of --config again: give that, too")
	}
	return nil
}

// settled is how long nothing has happened to the file before it is read: editors write in pieces.
const settled = 100 * time.Millisecond

// follow reads the file again whenever its directory says that something changed, until stop is called: editors
// rename, so the file itself cannot be watched.
func (o *serveOptions) follow(ctx context.Context, p *process, srv *fakeaircall.Server, again func() error) (stop func(), err error) {
	if !o.reload {
		return func() {}, nil
	}
	eyes, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	if err := eyes.Add(filepath.Dir(o.config)); err != nil {
		eyes.Close()
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		last := o.seen
		wait := time.NewTimer(0) // the file may have changed since it was read first
		defer wait.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-eyes.Events:
				wait.Reset(settled)
			case err := <-eyes.Errors:
				p.complain("warning", fmt.Sprintf("--reload: %v", err))
				wait.Reset(settled) // events may be lost
			case <-wait.C:
				data, err := os.ReadFile(o.config)
				if bytes.Equal(data, last) && (err == nil || last == nil) { // nil: it is gone, which was said
					continue
				}
				last = data
				o.reread(p, srv, again)
			}
		}
	}()
	return func() {
		cancel()
		<-over
		eyes.Close()
	}, nil
}

// reread takes what the file says now, or says what is wrong and leaves everything as it is.
func (o *serveOptions) reread(p *process, srv *fakeaircall.Server, again func() error) {
	before := o.worldOptions
	err := again()
	var next fakeaircall.Options
	if err == nil {
		next, err = o.fake()
	}
	var took string
	if err == nil {
		if took, err = o.take(srv, next); err != nil {
			err = fmt.Errorf("--config: %w", o.file.explain(err))
		}
	}
	if err != nil {
		o.worldOptions = before
		p.complain("error", fmt.Sprintf("serve: %v", err))
		p.complain("hint", "the fake goes on with what it had")
		return
	}
	o.taken = next
	fmt.Fprintf(p.stdout, "aircallkit: took %s again; %s\n", o.config, took)
}

// take gives the fake what is new, and says what that was. Where it is nothing but credentials, the fake goes on with
// all that it has.
func (o *serveOptions) take(srv *fakeaircall.Server, next fakeaircall.Options) (took string, err error) {
	was, is := accountsOf(o.taken), accountsOf(next)
	var renewed []string
	same := len(was) == len(is)
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			renewed = append(renewed, is[i].Name)
		}
		same = same && was[i].Name == is[i].Name && was[i].User == is[i].User
	}
	if same && len(renewed) > 0 {
		took = "other credentials of " + strings.Join(renewed, ", ") + " hold, the old ones are unknown; "
		others := next
		others.Accounts = o.taken.Accounts
		if reflect.DeepEqual(others, o.taken) {
			return took + "nothing else changed, and what was written to the fake stays", srv.SetCredentials(is...)
		}
	}
	if err := srv.Reseed(next); err != nil {
		return "", err
	}
	if o.speedSet {
		_ = srv.SetSpeed(o.speed)
	}
	return took + "what was written to the fake since is gone, faults and the journal stay", nil
}

func accountsOf(o fakeaircall.Options) []fakeaircall.Account {
	if len(o.Accounts) == 0 {
		return fakeaircall.StandardAccounts()
	}
	return o.Accounts
}
