package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/boltstore"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

type serveOptions struct {
	addr    string
	config  string
	state   string
	reload  bool
	control controlOptions
	tls     tlsOptions
	watch   watch
	worldOptions
	given worldOptions        // by flags alone
	flags map[string]bool     // that are given
	seen  []byte              // what was in the file just before it was read
	taken fakeaircall.Options // what the fake has of flags and file
}

// worldOptions are what a file says, too.
type worldOptions struct {
	seed      int64
	scale     string
	rateLimit int
	clock     time.Time
	speed     float64
	speedSet  bool            // and not left to --clock
	settings  map[string]bool // of the file, that hold
	assume    []string
	accounts  []fakeaircall.Account // of the file
	apps      []fakeaircall.App     // of the file
	fixtures  map[string]fakeaircall.Fixtures
	file      *documentReader // that was read; nil: none
}

func serveCommand(p *process) *cobra.Command {
	o := serveOptions{worldOptions: worldOptions{scale: string(fakeaircall.ScaleTeam)}}
	answers := assumptionAnswers()
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a fake Aircall",
		Long: `Run a fake Aircall until you interrupt it.

The first line on standard output is the address. The accounts follow, each with its credentials:
three companies with made-up data and one OAuth app, unless --config defines others. The same
--seed and --clock produce the same bytes.

Without --state, everything written to the fake is lost when it stops. With --state, the fake
saves each change to that file before it answers, and the next start continues from there, clock
included. The flags --seed, --scale and --clock and the records in the --config file take effect
only when the state file is new. With --reload, the fake starts over from the --config file
whenever that file changes, and replaces the saved data.

"aircallkit simulate" drives the fake: calls, clock, faults, request log. The control API behind it
accepts requests from this machine only, unless a token is set in AIRCALLKIT_CONTROL_TOKEN or
--control-token-file.

A file for --config; every key is optional:

  seed: 7
  scale: small
  rate_limit: 120
  clock: 2026-06-15T09:00:00Z
  speed: 60
  assume:
    per-page-range: clamp       # see aircallkit help assumptions
  accounts:
    - name: default
      api_id: my-id
      api_token: my-token
      bearer: my-bearer
      user: ann@example.com     # e-mail of the company's first user
      tags:                     # also users, numbers, contacts, calls, webhooks
        - name: Urgent
          color: "#AA3300"
  apps:                         # OAuth apps; each bearer above is a token of the first app
    - name: my app
      client_id: my-client-id
      client_secret: my-client-secret
      redirect_uris:            # http on a loopback host without a port allows every port
        - http://localhost/oauth/callback`,
		Example: `  aircallkit serve
  aircallkit serve --addr 127.0.0.1:0 --seed 7 --scale small
  aircallkit serve --clock 2026-06-15T09:00:00Z --rate-limit 0
  aircallkit serve --clock 2026-06-15T09:00:00Z --speed 60
  aircallkit serve --config fake.yaml --reload`,
		Args: takes(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.checkReload(); err != nil {
				return unable(err)
			}
			o.speedSet = cmd.Flags().Changed("speed")
			o.given, o.flags = o.worldOptions, map[string]bool{}
			won := cmd.Flags().Changed
			cmd.Flags().VisitAll(func(f *pflag.Flag) { o.flags[f.Name] = won(f.Name) })
			again := func() error { return o.read(cmd.Flags(), o.flags) }
			if o.reload {
				o.seen, _ = os.ReadFile(o.config) // reading it for good says what is wrong
			}
			if err := again(); err != nil {
				return unable(fmt.Errorf("serve: %w", err))
			}
			return o.run(cmd.Context(), p, again)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.addr, "addr", "127.0.0.1:8787", "listen on this `host:port`; port 0 picks a free one")
	f.StringVar(&o.config, "config", "", "read accounts and settings from this YAML `file`; flags override it")
	f.BoolVar(&o.reload, "reload", false, "start over from the --config file whenever it changes")
	f.StringVar(&o.state, "state", "", "save everything in this `file`, and continue from it")
	f.Int64Var(&o.seed, "seed", 1, "seed of the made-up data")
	choose(cmd, &o.scale, "scale", "amount of data", texts(fakeaircall.Scales())...)
	f.IntVar(&o.rateLimit, "rate-limit", 120, "requests per minute and company; 0 turns the limit off")
	f.TimeVar(&o.clock, "clock", time.Time{}, []string{time.RFC3339}, "freeze the clock at this `instant`, such as 2026-06-15T09:00:00Z")
	f.Float64Var(&o.speed, "speed", 1, "clock speed as a multiple of real time; 0 freezes the clock (the default with --clock)")
	o.control.flags(cmd)
	o.tls.flags(cmd)
	o.watch.flags(cmd)
	f.StringArrayVar(&o.assume, "assume", nil, "choose another answer to an assumption, as `id=answer`; may be repeated; see aircallkit help assumptions")
	complete(cmd, "assume", answers...)
	_ = cmd.MarkFlagFilename("config", "yaml", "yml")
	_ = cmd.MarkFlagFilename("state", "db")
	return cmd
}

// texts returns names of a type of package fakeaircall as strings.
func texts[T ~string](names []T) (list []string) {
	for _, n := range names {
		list = append(list, string(n))
	}
	return list
}

// assumptionAnswers returns all values of --assume.
func assumptionAnswers() (answers []string) {
	for _, a := range fakeaircall.Assumptions() {
		for _, answer := range a.Answers {
			answers = append(answers, a.ID+"="+answer)
		}
	}
	return answers
}

func (o *serveOptions) run(ctx context.Context, p *process, again func() error) error {
	options, err := o.fake()
	if err != nil {
		return unable(fmt.Errorf("serve: %w", err))
	}
	o.taken = options
	options.Wrap = p.wrap
	o.watch.open(p, &options, &o.control.api)
	if err := o.control.choose(p, &options); err != nil {
		return unable(fmt.Errorf("serve: %w", err))
	}
	if o.state != "" {
		store, err := boltstore.Open(o.state)
		if err != nil {
			return unable(fmt.Errorf("serve: --state: %w", err))
		}
		defer store.Close() // after the fake, which keeps what is left
		options.Store = store
	}
	var ca *authority
	if options.TLS, ca, err = o.tls.secure(o.addr); err != nil {
		return unable(fmt.Errorf("serve: %w", err))
	}
	srv, err := fakeaircall.New(options)
	if errors.As(err, new(fakeaircall.FixtureMistakes)) {
		err = fmt.Errorf("--config: %w", o.file.explain(err))
	}
	if err != nil {
		return unable(fmt.Errorf("serve: %w", err))
	}
	if o.speedSet { // the options take 0 for none, and what is kept has a speed of its own
		_ = srv.SetSpeed(o.speed)
	}
	if err = srv.Listen(o.addr); err == nil {
		err = o.control.listen(srv)
	}
	if err != nil {
		srv.Close()
		return unable(fmt.Errorf("serve: %w", err), listenHints(err)...)
	}
	// One write of its own: programs wait for this line.
	fmt.Fprintf(p.stdout, "aircallkit: fake Aircall on %s\n", srv.URL())
	o.welcome(p, srv)
	if ca != nil {
		ca.trust(p)
	}
	o.warn(p, srv)
	o.resumed(p, srv)
	o.watch.begin(srv)
	stop, err := o.follow(ctx, p, srv, again)
	if err != nil {
		srv.Close()
		return unable(fmt.Errorf("serve: --reload: %w", err))
	}
	defer stop()
	select {
	case <-ctx.Done():
	case <-srv.StoreFailed(): // Close says why
	}
	err = srv.Close()
	o.watch.end(err)
	if err != nil {
		return unable(fmt.Errorf("serve: stop: %w", err))
	}
	return nil
}

// fake returns the library options for the flags.
func (o *serveOptions) fake() (fakeaircall.Options, error) {
	out := fakeaircall.Options{
		Seed: o.seed, Scale: fakeaircall.Scale(o.scale), Clock: o.clock, Accounts: o.accounts, Apps: o.apps, Fixtures: o.fixtures,
		RateLimit: o.rateLimit, Assume: map[string]string{},
	}
	if o.speedSet {
		out.Speed = o.speed
	}
	for _, flag := range []string{"speed", "rate-limit"} {
		if err := o.outOfRange(flag); err != nil {
			return out, err
		}
	}
	if o.rateLimit == 0 {
		out.RateLimit = fakeaircall.NoRateLimit
	}
	for _, a := range o.assume {
		id, answer, ok := strings.Cut(a, "=")
		if !ok {
			return out, fmt.Errorf("--assume %q: give id=answer", a)
		}
		out.Assume[id] = answer
	}
	return out, nil
}

// outOfRange returns an error if the number of a flag is out of its range.
func (o *worldOptions) outOfRange(flag string) error {
	switch {
	case flag == "speed" && !(o.speed >= 0 && o.speed <= fakeaircall.MaxSpeed):
		return fmt.Errorf("--speed %g: give 0 to %d", o.speed, fakeaircall.MaxSpeed)
	case flag == "rate-limit" && o.rateLimit < 0:
		return fmt.Errorf("--rate-limit %d: give requests a minute, or 0 for no limit", o.rateLimit)
	}
	return nil
}

func listenHints(err error) []string {
	if errors.Is(err, syscall.EADDRINUSE) {
		return []string{"another program uses this address; --addr 127.0.0.1:0 picks a free port"}
	}
	return []string{"--addr takes host:port, such as 127.0.0.1:8787"}
}

// welcome prints the credentials and commands to try. Credentials from a file are not printed.
func (o *serveOptions) welcome(p *process, srv *fakeaircall.Server) {
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	accounts := srv.Accounts()
	user, client := accounts[0].APIID+":"+accounts[0].APIToken, ""
	if o.accounts == nil {
		fmt.Fprintln(w, "\naccount\tapi_id\tapi_token\tbearer\tuser")
		for _, a := range accounts {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", a.Name, a.APIID, a.APIToken, a.Bearer, a.User)
		}
	} else {
		fmt.Fprintln(w, "\naccount\tapi_id\tuser")
		for _, a := range accounts {
			fmt.Fprintf(w, "%s\t%s\t%s\n", a.Name, a.APIID, a.User)
		}
		user, client = "API_ID:API_TOKEN", " --accounts "+o.config
	}
	if o.apps == nil {
		fmt.Fprintln(w, "\napp\tclient_id\tclient_secret")
		for _, a := range srv.Apps() {
			fmt.Fprintf(w, "%s\t%s\t%s\n", a.Name, a.ClientID, a.ClientSecret)
		}
	} else {
		fmt.Fprintln(w, "\napp\tclient_id")
		for _, a := range srv.Apps() {
			fmt.Fprintf(w, "%s\t%s\n", a.Name, a.ClientID)
		}
	}
	w.Flush()
	fmt.Fprintf(p.stdout, `
Try in another terminal, and stop with Ctrl-C here:
  curl -u %[1]s %[2]s/v1/company
  %[3]s lua --target %[2]s%[4]s -e 'print(#app.integrations.aircall.%[5]s.list_users({}).users .. " users")'
  %[3]s conformance --target %[2]s%[4]s
`, user, srv.URL(), self(), client, accounts[0].Name)
	if target := o.control.target(srv); target != "" {
		fmt.Fprintf(p.stdout, "  %[1]s simulate inbound --target %[2]s --outcome answered\n  %[1]s simulate requests --target %[2]s\n\nSee it in a browser: %[2]s/_fake/\n", self(), target)
	}
}

// warn warns of settings that may surprise.
func (o *serveOptions) warn(p *process, srv *fakeaircall.Server) {
	base := srv.URL()
	u, err := url.Parse(base)
	if err != nil {
		return
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		p.complain("warning", "anyone who can reach "+base+" can read and change this fake; --addr 127.0.0.1:8787 keeps it on this machine")
	}
	if srv.Speed() == 0 && o.rateLimit > 0 {
		p.complain("warning", fmt.Sprintf("the clock is frozen, so the fake refuses request %d of a company and all later ones; --rate-limit 0 turns the limit off", o.rateLimit+1))
	}
}

// self returns the command that starts this program; the binary of go run cannot be started again.
func self() string {
	exe, err := os.Executable()
	if err == nil && strings.Contains(exe, string(filepath.Separator)+"go-build") {
		return "go run ./cmd/aircallkit"
	}
	return "aircallkit"
}
