package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/proxy"
	"github.com/aircallkit/aircallkit/conformance/report"
)

type proxyOptions struct {
	target, output, addr, maxSize           string
	readOnly, rewriteLinks, bodies, replace bool
}

const (
	liveHost         = "api.aircall.io"
	defaultProxyAddr = "127.0.0.1:8788"
)

func proxyCommand(p *process) *cobra.Command {
	var o proxyOptions
	cmd := &cobra.Command{
		Use:   "proxy",
		Short: "Record what a program and Aircall send each other",
		Long: `Run a proxy on this machine that forwards the requests of a program to Aircall and records each
exchange in an HTTP Archive, until you interrupt it. Set the address of the proxy as the base URL of
the program, in place of https://api.aircall.io. The program keeps its own credentials: the proxy
passes them on, and they never reach the file.

The proxy forwards every request, including those that change the account: that is its purpose.
--read-only refuses all requests but GET and HEAD with a 403.

The recording has shapes and no values. The proxy masks each exchange before it stores it: keys,
types, statuses, page numbers and the words of Aircall's contract stay; names, phone numbers,
addresses, texts, ids, times and all other values become neutral ones of the same form. The same id
becomes the same number everywhere. With --bodies the recording has the bodies unchanged, except
that credentials are removed: it then contains personal data, and you must not share it.

Links to the next and the previous page lead to the proxy in what the program receives, so that a
program that follows them keeps using the proxy. --rewrite-links=false leaves them unchanged.
The recording has the original links.

The file is complete after each exchange, so it can be read even if the proxy is killed. If the
file cannot be written, or is full, the proxy goes on forwarding, and says so.

Exit codes: 0 everything was recorded or the file was full, 1 an exchange could not be written,
2 the proxy could not start.`,
		Example: `  aircallkit proxy -o traffic.har
  aircallkit proxy -o traffic.har --read-only
  aircallkit proxy --target http://127.0.0.1:8787 --addr 127.0.0.1:0 -o traffic.har
  aircallkit conformance check-traffic traffic.har`,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), p) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.target, "target", targetLive, "forward to `live|URL`: Aircall itself, or a server")
	f.StringVarP(&o.output, "output", "o", "", "`file` to write, an HTTP Archive")
	f.StringVar(&o.addr, "addr", defaultProxyAddr, "listen on this `host:port` of this machine; port 0 picks a free one")
	f.BoolVar(&o.readOnly, "read-only", false, "refuse requests other than GET and HEAD")
	f.BoolVar(&o.rewriteLinks, "rewrite-links", true, "make links to other pages lead to the proxy")
	f.BoolVar(&o.bodies, "bodies", false, "record bodies of all kinds unchanged, with personal data, without credentials")
	f.BoolVar(&o.replace, "force", false, "replace the file if it exists")
	f.StringVar(&o.maxSize, "max-size", "1GiB", "stop recording at this `size`, such as 500MiB, and continue to forward")
	_ = cmd.MarkFlagFilename("output", "har")
	complete(cmd, "target", targetLive, defaultURL)
	return cmd
}

func (o *proxyOptions) run(ctx context.Context, p *process) error {
	switch o.output {
	case "":
		return unable(errors.New("--output is missing"), "give the file for the recording: -o traffic.har")
	case "-":
		return unable(errors.New("--output -: the recording cannot go to standard output, because the proxy changes the end of the file after each exchange"), "give the file for the recording: -o traffic.har")
	}
	most, err := parseSize(o.maxSize)
	if err != nil {
		return fmt.Errorf("--max-size %q: %w", o.maxSize, err)
	}
	if o.target == targetFake {
		return fmt.Errorf("--target %s: give live or an address; for a fake, start one with aircallkit serve and give %s", o.target, defaultURL)
	}
	target, err := addressOr(o.target, targetLive)
	if err != nil {
		return err
	}
	if target == nil {
		target = &url.URL{Scheme: "https", Host: liveHost}
	}
	target.Path = strings.TrimSuffix(strings.TrimSuffix(strings.TrimRight(target.Path, "/"), "/v1"), "/v2") // programs send it
	listener, err := listenHere(o.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	here := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	if conformance.Loopback(target) && target.Port() == here.Port() {
		return fmt.Errorf("--target %s: this is the address of the proxy itself", o.target)
	}
	file, err := o.create()
	if err != nil {
		return err
	}
	var warnings sync.Mutex
	options := proxy.Options{
		Target: target, ReadOnly: o.readOnly, Bodies: o.bodies, MaxSize: most, MaxSizeName: "--max-size " + o.maxSize, Version: version(),
		Warn: func(text string) {
			warnings.Lock()
			defer warnings.Unlock()
			p.complain("warning", text)
		},
	}
	if o.rewriteLinks {
		options.Self = here
	}
	recorder, err := proxy.New(options, file)
	if err != nil {
		return errors.Join(err, file.Close(), os.Remove(o.output))
	}
	o.welcome(p, here, target)
	err = serveUntil(ctx, listener, recorder)
	summary := recorder.Close()
	if closed := file.Close(); summary.Err == nil && closed != nil {
		summary.Err = fmt.Errorf("close the recording: %w", closed)
	}
	o.goodbye(p, summary)
	if err == nil && summary.Err != nil {
		err = &failure{code: exitFailed, err: summary.Err, hints: []string{"free space for " + o.output + ", or name another file with --output"}}
	}
	return err
}

// sizes matches a number of bytes with a unit.
var sizes = regexp.MustCompile(`^([1-9][0-9]{0,9})(|KiB|MiB|GiB)$`)

// parseSize reads a size in bytes.
func parseSize(text string) (int64, error) {
	parts := sizes.FindStringSubmatch(text)
	if parts == nil {
		return 0, errors.New("give a size such as 500MiB or 2GiB, or a number of bytes")
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	return n << map[string]int{"": 0, "KiB": 10, "MiB": 20, "GiB": 30}[parts[2]], err
}

// listenHere listens on an address of this machine that no other machine can reach.
func listenHere(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %q: give host:port, such as %s", addr, defaultProxyAddr)
	}
	if !conformance.Loopback(&url.URL{Host: net.JoinHostPort(host, "1")}) {
		return nil, fmt.Errorf("--addr %s: the proxy listens only on this machine; give an address such as %s", addr, defaultProxyAddr)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return nil, fmt.Errorf("--addr %s: the port must be a number from 0 to 65535", addr)
	}
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, unable(fmt.Errorf("--addr: %w", err), "another program uses this address; --addr 127.0.0.1:0 picks a free port")
	case err != nil:
		return nil, fmt.Errorf("--addr: %w", err)
	}
	return l, nil
}

// create creates the file of the recording. Only its owner can read it.
func (o *proxyOptions) create() (*os.File, error) {
	if info, err := os.Lstat(o.output); err == nil && o.replace && info.Mode().IsRegular() {
		if err := os.Remove(o.output); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(o.output, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if info, found := os.Lstat(o.output); errors.Is(err, fs.ErrExist) && found == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("--output %s: it is not a regular file", o.output)
	} else if errors.Is(err, fs.ErrExist) {
		return nil, unable(fmt.Errorf("--output %s: the file already exists", o.output), "name another file, or replace this one with --force")
	}
	return f, err
}

// welcome says what to do next. Programs wait for the first line, so it is one write.
func (o *proxyOptions) welcome(p *process, here, target *url.URL) {
	fmt.Fprintf(p.stdout, "aircallkit: proxy on %s; set it as the base URL of your program in place of %s\n", here, target)
	accounts := ""
	if !conformance.Loopback(target) { // a fake knows the credentials that lua sends without accounts
		accounts = " --accounts live.yaml"
	}
	fmt.Fprintf(p.stdout, "\nRecording in %s until you press Ctrl-C here. For a script of aircallkit, for example:\n  %s lua --target %s%s report.lua\n", o.output, self(), here, accounts)
	if !o.readOnly {
		fmt.Fprintln(p.stdout, "Requests that change the account are forwarded as well; --read-only refuses them.")
	}
	if o.bodies {
		p.complain("warning", o.output+" will contain personal data, because of --bodies: keep it on this machine and do not share it")
	}
	if target.Scheme == "http" && !conformance.Loopback(target) {
		p.complain("warning", "credentials travel to "+target.Host+" without encryption; use https")
	}
}

// serveUntil serves until ctx ends. Then it waits a few seconds for requests under way.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 20,
		ErrorLog: log.New(io.Discard, "", 0), // its lines quote what programs send
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("listen: %w", err)
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if srv.Shutdown(patience) != nil {
		_ = srv.Close()
	}
	<-ended
	return nil
}

// goodbye prints what was recorded.
func (o *proxyOptions) goodbye(p *process, s proxy.Summary) {
	fmt.Fprintf(p.stdout, "\nRecorded %s in %s (%d bytes)\n", report.Plural(s.Recorded, "exchange"), o.output, s.Size)
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	for _, c := range s.Counts {
		op, status := c.Op, strconv.Itoa(c.Status)
		if op == "" {
			op = "unknown path"
		}
		if c.Status == 0 {
			status = "no reply"
		}
		fmt.Fprintf(w, "  %s\t%s\t%d\n", op, status, c.Times)
	}
	w.Flush()
	if s.Lost > 0 {
		fmt.Fprintf(p.stdout, "%s not recorded\n", report.Plural(s.Lost, "exchange"))
	}
	if s.Refused > 0 {
		fmt.Fprintf(p.stdout, "%s refused\n", report.Plural(s.Refused, "request"))
	}
	if s.Recorded > 0 {
		host := ""
		if at := (&url.URL{Host: s.Host}); at.Host != liveHost && !conformance.Loopback(at) {
			host = " --host " + quoteWord(at.Hostname())
		}
		fmt.Fprintf(p.stdout, "Next: %s conformance check-traffic %s%s\n", self(), quoteWord(o.output), host)
	}
}
