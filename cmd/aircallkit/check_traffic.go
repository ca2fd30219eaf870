package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
)

type checkTrafficOptions struct {
	traffic.Options
	assume                     []string
	known, reportDir           string
	format, failOn, shapesInto string
}

func checkTrafficCommand(p *process) *cobra.Command {
	o := checkTrafficOptions{format: "text", failOn: "breach"}
	cmd := &cobra.Command{
		Use:   "check-traffic FILE...",
		Short: "Check recorded exchanges with Aircall against the contract and the fake's assumptions",
		Long: `Read HTTP Archives (.har), which browsers and proxies write, and compare each exchange with
api.aircall.io with the contract and with what the fake assumes. The command prints which
assumptions the recording confirms, which it refutes, and what is new: paths, members, words,
headers and events that the contract does not have. It needs no credentials and sends nothing.

Exchanges with api.aircall.io, with fakes on this machine and with each --host count, and so do
events for webhooks, whatever host received them. The command skips all other entries, and counts
them. An entry without the body of the reply, as some browsers write it, is checked by its status
and headers. Of an entry with masked values only the shape counts.

The output and the report contain places, statuses, members, kinds and words of enumerations, and
no recorded value. --report writes what "conformance" writes, so that "docs observe" merges
observations.json. --shapes writes what "conformance record" writes, for "conformance diff".

Exit codes: 0 nothing to report, 1 a finding of the level of --fail-on or worse, 2 a file cannot be
read or is not an HTTP Archive: the error names the entry and the byte.`,
		Example: `  aircallkit conformance check-traffic recording.har
  aircallkit conformance check-traffic recording.har --entry 12
  aircallkit conformance check-traffic monday.har tuesday.har --report out
  aircallkit conformance check-traffic proxy.har --host aircall.internal.example --fail-on refuted
  aircallkit conformance check-traffic recording.har --assume rate-limit-headers=always`,
		Args: checkArguments,
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := checkEntries(cmd, o.Hosts, o.Entry); err != nil {
				return err
			}
			return o.run(cmd.Context(), p, files)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"har"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.Hosts, "host", nil, "also check exchanges with this `host`, such as that of a proxy before Aircall; may be repeated")
	f.StringArrayVar(&o.assume, "assume", nil, "choose another answer to an assumption, as `id=answer`; may be repeated; see aircallkit help assumptions")
	f.IntVar(&o.Entry, "entry", 0, "show only the entry with this `number`, from 1, with the outline of its reply")
	f.StringVar(&o.known, "known", "", "YAML `file` of known failures: breaches with one of its causes are accepted")
	f.StringVar(&o.reportDir, "report", "", "write observations.json, run.json and the report in all other formats to this `directory`")
	f.StringVar(&o.shapesInto, "shapes", "", "write the shapes of the replies to this `file`")
	choose(cmd, &o.failOn, "fail-on", "the lightest finding that fails", traffic.Levels...)
	choose(cmd, &o.format, "format", "how to print", "text", "json")
	complete(cmd, "assume", assumptionAnswers()...)
	_ = cmd.MarkFlagDirname("report")
	_ = cmd.MarkFlagFilename("known", "yaml", "yml")
	_ = cmd.MarkFlagFilename("shapes", "json")
	cmd.MarkFlagsMutuallyExclusive("entry", "report")
	cmd.MarkFlagsMutuallyExclusive("assume", "report") // observations are about what the fake assumes
	cmd.MarkFlagsMutuallyExclusive("entry", "shapes")
	return cmd
}

func (o *checkTrafficOptions) run(ctx context.Context, p *process, files []string) error {
	defer debug.SetGCPercent(debug.SetGCPercent(150))
	var known []conformance.KnownFailure
	if o.known != "" {
		data, err := readBounded(o.known, maxInput)
		if err == nil {
			known, err = conformance.ReadKnown(data)
		}
		if err != nil {
			return fmt.Errorf("--known %s: %w", o.known, err)
		}
	}
	r, err := o.check(ctx, files)
	if err != nil {
		return err
	}
	accept := func(drift []report.Cause) { conformance.AcceptDrift(drift, known) }
	r.Accept(accept)
	again := o.again
	if o.reportDir != "" {
		rep := r.Report(conformance.ReportHeader(), accept, again)
		if err := report.Write(o.reportDir, rep, report.Files(), func(string, []byte) error { return nil }); err != nil {
			return notWritten("report", o.reportDir, err)
		}
	}
	if o.shapesInto != "" {
		data, err := r.Shapes().Encode()
		if err == nil {
			err = writeFile(o.shapesInto, data, 0o644, os.Rename)
		}
		if err != nil {
			return notWritten("shapes", o.shapesInto, err)
		}
	}
	if o.format == "json" {
		err = printJSON(p, r)
	} else {
		out := bufio.NewWriter(p.stdout)
		r.Text(out, again)
		err = out.Flush()
	}
	if err == nil && r.FailsAt(o.failOn) {
		err = &failure{code: conformance.ExitFailed}
	}
	return err
}

// check reads the files.
func (o *checkTrafficOptions) check(ctx context.Context, files []string) (*traffic.Result, error) {
	o.Assume = map[string]string{}
	for _, a := range o.assume {
		id, answer, ok := strings.Cut(a, "=")
		if !ok {
			return nil, fmt.Errorf("--assume %q: give id=answer", a)
		}
		o.Assume[id] = answer
	}
	o.Shapes = o.shapesInto != ""
	c, err := traffic.NewChecker(o.Options)
	if err != nil {
		return nil, unable(fmt.Errorf("--assume: %w", err), "aircallkit help assumptions lists them")
	}
	if err := different(files); err != nil {
		return nil, err
	}
	for _, name := range files {
		err := readTraffic(ctx, c, name)
		if ctx.Err() != nil {
			return nil, &failure{code: conformance.ExitInterrupted, err: errors.New("interrupted")}
		}
		if err != nil {
			return nil, err
		}
	}
	r := c.Result()
	switch {
	case r.Checked == 0:
		return nil, nothingChecked(r, files)
	case o.Entry > 0 && !r.Shown():
		return nil, fmt.Errorf("--entry %d: no file has such an entry that counts", o.Entry)
	}
	return r, nil
}

// different refuses a file that is given twice: its exchanges would count twice.
func different(files []string) error {
	var before []os.FileInfo
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(before, func(b os.FileInfo) bool { return os.SameFile(b, info) }) {
			return fmt.Errorf("%s is given twice", name)
		}
		before = append(before, info)
	}
	return nil
}

// nothingChecked says why no entry counts.
func nothingChecked(r *traffic.Result, files []string) error {
	problem := fmt.Errorf("%s: no exchange with Aircall that counts", strings.Join(files, ", "))
	if len(r.Skipped) == 0 {
		return unable(problem, "the file has no entries")
	}
	hints := []string{r.SkippedEntries()}
	if r.Skipped[traffic.SkipHost] > 0 {
		hints = append(hints, "check-traffic looks at exchanges with api.aircall.io and with fakes on this machine; name another host with --host")
	}
	if r.Skipped[traffic.SkipReply] > 0 {
		hints = append(hints, "an entry without a reply has the status 0: the server did not answer, or the recording ended before it did")
	}
	return unable(problem, hints...)
}

func readTraffic(ctx context.Context, c *traffic.Checker, name string) error {
	f, err := openRecording(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return c.Read(ctx, name, f)
}

// again returns the command that shows one entry.
func (o *checkTrafficOptions) again(at traffic.Place) string {
	words := []string{"aircallkit", "conformance", "check-traffic", at.File, "--entry", fmt.Sprint(at.Entry)}
	for _, h := range o.Hosts {
		words = append(words, "--host", h)
	}
	for _, a := range o.assume {
		words = append(words, "--assume", a)
	}
	return conformance.ShellLine(words)
}
