package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"
)

// A background is the fake of "serve --detach". The fake has its log open as its output, with a lock on it: while the lock is
// held, the fake runs and its process id is its own.
type background struct {
	dir string
}

// backgroundFake is the content of the file that names the fake.
type backgroundFake struct {
	PID int    `json:"pid"`
	URL string `json:"url"`
}

// background returns the place of the files, in the user's runtime or cache directory.
func (p *process) background() (background, error) {
	base := p.getenv("XDG_RUNTIME_DIR")
	if base == "" {
		var err error
		if base, err = os.UserCacheDir(); err != nil {
			return background{}, errors.New("this user has neither a runtime nor a cache directory; set XDG_RUNTIME_DIR to a directory")
		}
	}
	b := background{filepath.Join(base, "aircallkit")}
	return b, os.MkdirAll(b.dir, 0o700)
}

func (b background) log() string  { return filepath.Join(b.dir, "serve.log") }
func (b background) file() string { return filepath.Join(b.dir, "serve.json") }

// claim opens the log and locks it. It returns nil if a fake holds the lock.
func (b background) claim() (*os.File, error) {
	f, err := os.OpenFile(b.log(), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	locked, err := lockFile(f)
	if !locked || err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// running returns the fake that runs, or nil.
func (b background) running() (*backgroundFake, error) {
	log, err := b.claim()
	if err != nil {
		return nil, err
	} else if log != nil {
		return nil, log.Close()
	}
	var fake backgroundFake
	data, err := readBounded(b.file(), maxToken)
	if err == nil {
		err = json.Unmarshal(data, &fake)
	}
	if err != nil {
		return nil, fmt.Errorf("a fake is starting: %w", err)
	}
	return &fake, nil
}

var addressLine = regexp.MustCompile(`(?m)^aircallkit: fake Aircall on (\S+)\n`)

// start runs this command again in the background, and returns when the fake answers.
func (b background) start(ctx context.Context, p *process) error {
	log, err := b.claim()
	if err != nil {
		return err
	} else if log == nil {
		return unable(errors.New("a fake already runs in the background"), "aircallkit status shows it, and aircallkit stop ends it")
	}
	defer log.Close()
	if err := errors.Join(log.Truncate(0), os.RemoveAll(b.file())); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe, append(p.args[:len(p.args):len(p.args)], "--detach=false")...)
	cmd.Args[0], cmd.Env, cmd.Stdout, cmd.Stderr = os.Args[0], p.env, log, log
	leaveTerminal(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		text, err := os.ReadFile(b.log())
		if m := addressLine.FindSubmatch(text); m != nil {
			fake, _ := json.Marshal(backgroundFake{cmd.Process.Pid, string(m[1])})
			if err := writeFile(b.file(), fake, 0o600, os.Rename); err != nil {
				return errors.Join(err, cmd.Process.Kill())
			}
			_, err = fmt.Fprintf(p.stdout, "%sIt runs in the background as process %d. \"%s stop\" ends it; its output, with the credentials, is in %s\n", m[0], cmd.Process.Pid, self(), b.log())
			return err
		}
		select {
		case <-ended:
			text, _ = os.ReadFile(b.log())
			p.stderr.Write(text)
			return &failure{code: max(exitFailed, cmd.ProcessState.ExitCode())}
		case <-ctx.Done():
			return errors.Join(errors.New("interrupted"), cmd.Process.Kill())
		case <-time.After(20 * time.Millisecond):
		}
		if err != nil {
			return errors.Join(err, cmd.Process.Kill())
		}
	}
}

func statusCommand(p *process) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show whether a fake runs in the background",
		Long: `Show whether the fake of "aircallkit serve --detach" runs, and where.

Exit codes: 0 it runs, 1 it does not.`,
		Example: `  aircallkit status`,
		RunE: func(*cobra.Command, []string) error {
			_, fake, err := p.runningFake()
			if err != nil {
				return err
			}
			return printLine(p, fmt.Sprintf("running on %s as process %d", fake.URL, fake.PID))
		},
	}
}

func stopCommand(p *process) *cobra.Command {
	return &cobra.Command{
		Use:   "stop",
		Short: "Stop the fake that runs in the background",
		Long: `Stop the fake of "aircallkit serve --detach" and wait until it has ended. It stops no other process.

Exit codes: 0 it has ended, 1 none runs.`,
		Example: `  aircallkit stop`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, fake, err := p.runningFake()
			if err == nil {
				err = b.stop(cmd.Context(), fake)
			}
			if err != nil {
				return err
			}
			return printLine(p, fmt.Sprintf("stopped the fake on %s, process %d", fake.URL, fake.PID))
		},
	}
}

// runningFake returns the fake in the background and the place of its files. It fails with exitFailed if there is none.
func (p *process) runningFake() (b background, fake *backgroundFake, err error) {
	if b, err = p.background(); err == nil {
		fake, err = b.running()
	}
	if fake == nil && err == nil {
		err = &failure{exitFailed, errors.New("no fake runs in the background"), []string{"aircallkit serve --detach starts one"}}
	}
	return b, fake, err
}

// stopTime is longer than a fake takes to end: five seconds for requests and two for deliveries.
const stopTime = 15 * time.Second

// stop ends a fake and waits until its lock is free.
func (b background) stop(ctx context.Context, fake *backgroundFake) error {
	if err := terminate(fake.PID); err != nil {
		return fmt.Errorf("process %d: %w", fake.PID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	for {
		if log, err := b.claim(); err != nil {
			return err
		} else if log != nil {
			return errors.Join(os.RemoveAll(b.file()), log.Close())
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("process %d did not end within %v; its output is in %s", fake.PID, stopTime, b.log())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
