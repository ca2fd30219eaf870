package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/replay"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control"
)

type replayTrafficOptions struct {
	replay.Options
	target, accounts string
	assume           []string
	format, failOn   string
	close            func()
}

func replayTrafficCommand(p *process) *cobra.Command {
	o := replayTrafficOptions{format: "text", failOn: drift.TierError, close: func() {}}
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Send recorded requests to a fake and compare the replies",
		Long: `Read an HTTP Archive (.har), send the requests in it to a fake, and report where the fake answers in
another shape than the recording: with another status, with members or headers that one of the two
lacks, or with members of another kind. Values are not compared.

The fake is a new one in this process, whose clock shows the time of the recording, or one that runs
on this machine. The command never sends a recorded request to anything else. It sends only requests
that read, unless --writes is given. It replaces ids in paths, queries and bodies by ids of records
that the fake has, the same id by the same id. A request whose recorded reply is a 404 asks for a
record that does not exist. Some entries say nothing about the shape of replies, so the command does
not send them, and counts them: refusals for the rate limit or the plan, failures of the server,
replies from the cache of a browser, and exchanges with other servers.

The tiers are those of "conformance diff". A new member is info. A member that is missing, can be
null or is no longer always present is warn. Another type, another status or a new word is error.
The output contains no recorded value.

Exit codes: 0 no difference of the tier of --fail-on, 1 there is one, 2 the file cannot be read, or
the fake does not answer.`,
		Example: `  aircallkit conformance replay traffic.har
  aircallkit conformance replay traffic.har --entry 12
  aircallkit conformance replay traffic.har --writes --fail-on warn
  aircallkit conformance replay traffic.har --target http://127.0.0.1:8787`,
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := checkEntries(cmd, o.Hosts, o.Entry); err != nil {
				return err
			}
			return o.run(cmd.Context(), p, files[0])
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"har"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.target, "target", targetFake, "send the requests to `fake|URL`: a new fake in this process, or one on this machine")
	f.StringVar(&o.accounts, "accounts", "", "read the accounts of a running fake from this YAML `file`; the first one is used, or default")
	f.BoolVar(&o.Writes, "writes", false, "also send requests that change the fake")
	f.IntVar(&o.Entry, "entry", 0, "report only the entry with this `number`, from 1")
	f.StringArrayVar(&o.Hosts, "host", nil, "also send entries with this `host`, such as that of a proxy before Aircall; may be repeated")
	f.StringArrayVar(&o.assume, "assume", nil, "choose another answer to an assumption for the fake in this process, as `id=answer`; may be repeated")
	choose(cmd, &o.format, "format", "how to print", "text", "json")
	choose(cmd, &o.failOn, "fail-on", "the lightest tier that fails", drift.TierInfo, drift.TierWarn, drift.TierError, "never")
	complete(cmd, "target", targetFake, defaultURL)
	complete(cmd, "assume", assumptionAnswers()...)
	_ = cmd.MarkFlagFilename("accounts", "yaml", "yml")
	return cmd
}

func (o *replayTrafficOptions) run(ctx context.Context, p *process, name string) error {
	assumed := map[string]string{}
	for _, a := range o.assume {
		id, answer, ok := strings.Cut(a, "=")
		if !ok {
			return fmt.Errorf("--assume %q: give id=answer", a)
		}
		assumed[id] = answer
	}
	if err := o.checkTarget(); err != nil {
		return err
	}
	file, err := openRecording(name)
	if err != nil {
		return err
	}
	defer file.Close()
	o.Start = func(at time.Time) (replay.Fake, error) { return o.start(p, at, assumed) }
	defer func() { o.close() }()
	r, err := replay.Run(ctx, o.Options, file)
	place, isMistake := errors.AsType[*har.PlaceError](err)
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted")
	case isMistake:
		return fmt.Errorf("%s: %w", name, place)
	case errors.Is(err, replay.ErrNotFake):
		return unable(err, "start a fake with aircallkit serve, or leave out --target")
	case err != nil:
		return err
	case r.Sent == 0:
		return unable(fmt.Errorf("%s: no request was sent", name), skippedHints(r)...)
	case o.Entry != 0 && r.Compared == 0:
		return fmt.Errorf("--entry %d: the file has no such entry, or it was not sent", o.Entry)
	}
	if o.format == "json" {
		err = printJSON(p, r)
	} else {
		again := []string{self(), "conformance replay", quoteWord(name)}
		if o.target != targetFake {
			again = append(again, "--target", o.target)
		}
		if o.Writes {
			again = append(again, "--writes")
		}
		for _, a := range o.assume {
			again = append(again, "--assume", a)
		}
		for _, h := range o.Hosts {
			again = append(again, "--host", quoteWord(h))
		}
		err = r.Text(p.stdout, strings.Join(again, " "))
	}
	for _, d := range r.Differences {
		if err == nil && o.failOn != "never" && d.AtLeast(o.failOn) {
			err = &failure{code: conformance.ExitFailed}
		}
	}
	return err
}

// skippedHints says why nothing was sent.
func skippedHints(r *replay.Result) (hints []string) {
	for why, n := range r.Skipped {
		hints = append(hints, fmt.Sprintf("%d not sent: %s", n, why))
	}
	return hints
}

// checkTarget refuses what is not a fake before anything is read.
func (o *replayTrafficOptions) checkTarget() error {
	if o.target == targetFake && o.accounts != "" {
		return errors.New("--accounts: the fake in this process has its own accounts; give the address of a running fake with --target")
	}
	if o.target == targetFake {
		return nil
	}
	if len(o.assume) > 0 {
		return errors.New("--assume: a running fake has its own assumptions; start it with aircallkit serve --assume")
	}
	if o.target == targetLive {
		return errors.New("--target live: recorded requests are never sent to Aircall; give fake, or the address of a fake on this machine")
	}
	u, err := addressOr(o.target, targetFake)
	if err == nil && !conformance.Loopback(u) {
		err = fmt.Errorf("--target %s: recorded requests are sent only to a fake on this machine", u.Host)
	}
	return err
}

// start starts the fake in this process, or returns the one that runs.
func (o *replayTrafficOptions) start(p *process, at time.Time, assumed map[string]string) (replay.Fake, error) {
	if o.target != targetFake {
		t, err := p.open(strings.TrimRight(o.target, "/"), o.accounts)
		if err != nil {
			return replay.Fake{}, err
		}
		a, ok := t.accounts["default"]
		if !ok {
			a = t.accounts[names(t.accounts)[0]]
		}
		return replay.Fake{URL: a.URL, APIID: a.APIID, APIToken: a.APIToken, Bearer: a.AccessToken}, nil
	}
	options := fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit, Assume: assumed, Wrap: p.wrap, Control: control.New}
	if fakeaircall.CheckClock(at) == nil {
		options.Clock = at
	}
	srv, err := fakeaircall.New(options)
	if err == nil {
		err = srv.Listen("127.0.0.1:0")
	}
	if err != nil {
		return replay.Fake{}, fmt.Errorf("start the fake: %w", err)
	}
	o.close = func() { _ = srv.Close() } // no request is under way then
	a := srv.Accounts()[0]
	return replay.Fake{URL: srv.URL(), APIID: a.APIID, APIToken: a.APIToken, Bearer: a.Bearer}, nil
}
