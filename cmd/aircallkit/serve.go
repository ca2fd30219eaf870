package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/boltstore"
	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control"
	"github.com/aircallkit/aircallkit/internal/suggest"
)

type serveOptions struct {
	addr    string
	baseURL string
	detach  bool
	config  string
	state   string
	reload  bool
	tls     tlsOptions
	log     requestMonitor

	controlOn                     bool
	controlAddr, controlTokenFile string
	controlAPI                    control.Options
	controlURL                    string // once it listens; "": none

	serveSettings
	given  serveSettings // by flags alone
	assume []string
}

// serveSettings are the flags that are also keys of the configuration file.
type serveSettings struct {
	seed      int64
	scale     string
	rateLimit int
	clock     time.Time
	speed     float64
}

func serveCommand(p *process) *cobra.Command {
	o := serveOptions{serveSettings: serveSettings{scale: string(fakeaircall.ScaleTeam)}}
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

Without --config, the command reads ` + starterName + ` of the current folder if it is there;
"aircallkit init" writes one. With --detach, the fake runs in the background: "aircallkit status"
shows it, and "aircallkit stop" ends it.

` + environmentHelp + `

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
      assume: {a2p: keep}       # for only this account
      tags:                     # other records: see docs/fixtures.md
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
		RunE: func(cmd *cobra.Command, _ []string) error {
			by, err := p.setFromEnvironment(cmd.Flags())
			if err == nil {
				o.given = o.serveSettings
				err = o.run(cmd.Context(), p, cmd.Flags())
			}
			return inVariables(err, by)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&o.addr, "addr", defaultAddr, "listen on this `host:port`; port 0 picks a free one")
	f.StringVar(&o.baseURL, "base-url", "", "name this `address` in links and recordings, such as that of a proxy in front of the fake")
	f.BoolVar(&o.detach, "detach", false, "run in the background, and return when the fake answers")
	f.StringVar(&o.config, "config", "", "read accounts and settings from this YAML `file`; flags override it (default "+starterName+" if it is here)")
	f.BoolVar(&o.reload, "reload", false, "start over from the --config file whenever it changes")
	f.StringVar(&o.state, "state", "", "save everything in this `file`, and continue from it")
	f.Int64Var(&o.seed, "seed", 1, "seed of the made-up data")
	choose(cmd, &o.scale, "scale", "amount of data", texts(fakeaircall.Scales())...)
	f.IntVar(&o.rateLimit, "rate-limit", 120, "requests per minute and company; 0 turns the limit off")
	f.TimeVar(&o.clock, "clock", time.Time{}, []string{time.RFC3339}, "freeze the clock at this `instant`, such as 2026-06-15T09:00:00Z")
	f.Float64Var(&o.speed, "speed", 1, "clock speed as a multiple of real time; 0 freezes the clock (the default with --clock)")
	f.BoolVar(&o.controlOn, "control", true, "serve the control API at /_fake/; without a token, only to this machine")
	f.StringVar(&o.controlAddr, "control-addr", "", "serve the control API on this `host:port` instead of the address of the fake")
	f.StringVar(&o.controlTokenFile, "control-token-file", "", "read the token of the control API from this `file` instead of "+controlTokenEnv)
	o.tls.flags(cmd)
	o.log.flags(cmd)
	f.StringArrayVar(&o.assume, "assume", nil, "choose another answer to an assumption, as `id=answer`; may be repeated; see aircallkit help assumptions")
	complete(cmd, "assume", assumptionAnswers()...)
	_ = cmd.MarkFlagFilename("config", "yaml", "yml")
	_ = cmd.MarkFlagFilename("state", "db")
	return cmd
}

// texts returns the values of a string type as strings.
func texts[T ~string](values []T) (list []string) {
	for _, v := range values {
		list = append(list, string(v))
	}
	return list
}

// assumeProblem says what is wrong with an answer to an assumption. "" if nothing is.
func assumeProblem(id, answer string) string {
	const help = "see aircallkit help assumptions"
	var ids []string
	for _, a := range fakeaircall.Assumptions() {
		ids = append(ids, a.ID)
	}
	switch {
	case !slices.Contains(ids, id):
		return fmt.Sprintf("there is no assumption %.60s: %s", id, didYouMean(suggest.For(id, ids), help))
	case !slices.Contains(assumptionAnswers(), id+"="+answer):
		return fmt.Sprintf("%.60s is not an answer to %.60s: %s", answer, id, help)
	}
	return ""
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

// fakeConfig is what the flags and the configuration file say about the fake.
type fakeConfig struct {
	options  fakeaircall.Options
	speedSet bool        // by a flag or the file, and not left to --clock
	file     *configFile // empty without --config
}

// load reads the configuration file. Flags override it. It is called again when the file changes.
func (o *serveOptions) load(flags *pflag.FlagSet) (*fakeConfig, error) {
	o.serveSettings = o.given
	file := &configFile{}
	if o.config != "" {
		var err error
		file, err = readConfig(o.config)
		if _, unreadable := errors.AsType[*fs.PathError](err); unreadable {
			return nil, fmt.Errorf("--config: %w", err)
		} else if err != nil {
			return nil, err
		}
	}
	if err := o.applySettings(file, flags); err != nil {
		return nil, err
	}
	out := fakeaircall.Options{
		Seed: o.seed, Scale: fakeaircall.Scale(o.scale), Clock: o.clock, RateLimit: o.rateLimit, BaseURL: o.baseURL,
		Assume: map[string]string{}, AssumeFor: map[string]map[string]string{}, Fixtures: map[string]fakeaircall.Fixtures{},
	}
	if o.rateLimit == 0 {
		out.RateLimit = fakeaircall.NoRateLimit
	}
	_, inFile := file.settings["speed"]
	speedSet := inFile || flags.Changed("speed")
	if speedSet {
		out.Speed = o.speed
	}
	file.checkAssumed("assume", file.Assume)
	maps.Copy(out.Assume, file.Assume)
	var flagged []string // the ids that the flags answer
	for _, a := range o.assume {
		id, answer, ok := strings.Cut(a, "=")
		if !ok {
			return nil, fmt.Errorf("--assume %q: give id=answer", a)
		}
		if problem := assumeProblem(id, answer); problem != "" {
			return nil, fmt.Errorf("--assume %q: %s", a, problem)
		}
		out.Assume[id] = answer
		flagged = append(flagged, id)
	}
	for i, a := range file.Accounts {
		account := fakeaircall.Account{Name: a.Name, APIID: a.APIID, APIToken: a.APIToken, Bearer: a.token(), User: a.User}
		if at := fmt.Sprintf("accounts[%d]", i); !file.flawed[at] {
			switch err := account.Check(out.Accounts...); {
			case (a.APIID == "") != (a.APIToken == ""):
				file.note(file.lines[at], "account %q has half an API key: give both api_id and api_token", a.Name)
			case a.APIID == "" && a.token() == "":
				file.note(file.lines[at], "account %q has no credentials: give api_id and api_token, or bearer", a.Name)
			case err != nil:
				file.note(file.lines[at], "%v", err)
			}
		}
		out.Accounts = append(out.Accounts, account)
		file.checkAssumed(fmt.Sprintf("accounts[%d].assume", i), a.Assume)
		out.AssumeFor[a.Name] = maps.Clone(a.Assume)
		maps.DeleteFunc(out.AssumeFor[a.Name], func(id, _ string) bool { return slices.Contains(flagged, id) })
		if !reflect.ValueOf(a.Fixtures).IsZero() {
			out.Fixtures[a.Name] = a.Fixtures
		}
	}
	for _, a := range file.Apps {
		out.Apps = append(out.Apps, fakeaircall.App(a))
	}
	if file.configReader != nil && len(file.mistakes) > 0 {
		file.checkFixtures()
		return nil, file.err()
	}
	return &fakeConfig{out, speedSet, file}, nil
}

// applySettings sets the flags that are not given to the values in the file. It fails if a flag is out of its range, and
// notes such a value of the file.
func (o *serveOptions) applySettings(file *configFile, flags *pflag.FlagSet) error {
	for _, name := range []string{"seed", "scale", "clock", "rate-limit", "speed"} {
		f, key := flags.Lookup(name), strings.ReplaceAll(name, "-", "_")
		text, inFile := file.settings[key].(string)
		var err error
		if inFile && !f.Changed {
			err = f.Value.Set(text) // the flag does not count as changed
		}
		switch {
		case err != nil:
			err = badValue(f, text, err)
		case name == "speed" && !(o.speed >= 0 && o.speed <= fakeaircall.MaxSpeed):
			err = fmt.Errorf("--speed %g: give 0 to %d", o.speed, fakeaircall.MaxSpeed)
		case name == "clock" && (inFile || f.Changed) && fakeaircall.CheckClock(o.clock) != nil:
			err = fmt.Errorf("--clock: %w", fakeaircall.CheckClock(o.clock))
		case name == "rate-limit" && o.rateLimit < 0:
			err = fmt.Errorf("--rate-limit %d: give requests a minute, or 0 for no limit", o.rateLimit)
		}
		if err != nil && f.Changed {
			return err
		} else if err != nil {
			file.note(file.lines[key], "%s:%s", key, strings.TrimPrefix(err.Error(), "--"+name))
		}
	}
	return nil
}

func (o *serveOptions) run(ctx context.Context, p *process, flags *pflag.FlagSet) error {
	if flags.Changed("config") && o.config == "" {
		return errors.New("--config: it has no value: give the path of a file, or leave the flag out")
	}
	if _, err := os.Stat(starterName); err == nil && !flags.Changed("config") {
		o.config = starterName
		p.complain("hint", "reading "+starterName+" of this folder; --config names another file")
	}
	if o.reload && o.config == "" {
		return errors.New("--reload: it reads the --config file again; give --config as well")
	}
	s, err := o.load(flags)
	if err != nil {
		return err
	}
	if o.detach {
		b, err := p.background()
		if err != nil {
			return fmt.Errorf("--detach: %w", err)
		}
		return b.start(ctx, p)
	}
	options := s.options
	options.Wrap = p.wrap
	o.log.wrap(p, &options, &o.controlAPI)
	if err := o.addControl(p, &options); err != nil {
		return err
	}
	if flags.Changed("state") {
		store, err := boltstore.Open(o.state)
		if err != nil {
			return fmt.Errorf("--state: %w", err)
		}
		defer store.Close() // after the fake, which flushes to it
		options.Store = store
	}
	var ca *authority
	if options.TLS, ca, err = o.tls.listenConfig(o.addr); err != nil {
		return err
	}
	srv, err := fakeaircall.New(options)
	if err != nil {
		if _, problem, ok := strings.Cut(err.Error(), "base URL "); ok {
			return errors.New("--base-url " + problem)
		}
		return s.file.explain(err)
	}
	if err := o.start(srv, s); err != nil {
		srv.Close()
		return err
	}
	// One write by itself: programs wait for this line.
	fmt.Fprintf(p.stdout, "aircallkit: fake Aircall on %s\n", srv.URL())
	o.welcome(p, srv, s, ca)
	if ca != nil {
		ca.printInstructions(p)
	}
	o.warn(p, srv)
	o.warnResumed(p, srv, s, flags)
	o.log.srv = srv
	o.log.log.Info("listening", "url", srv.URL(), "version", version())
	ctx, cancel := context.WithCancel(ctx)
	var reloading sync.WaitGroup
	defer reloading.Wait()
	defer cancel()
	if o.reload {
		// The directory is watched, since editors rename files.
		watcher, err := fsnotify.NewWatcher()
		if err == nil {
			defer watcher.Close()
			err = watcher.Add(filepath.Dir(o.config))
		}
		if err != nil {
			srv.Close()
			return fmt.Errorf("--reload: %w", err)
		}
		reloading.Go(func() { o.follow(ctx, p, srv, watcher, s, flags) })
	}
	select {
	case <-ctx.Done():
	case <-srv.StoreFailed(): // Close returns the reason
	}
	if err = srv.Close(); err != nil {
		o.log.log.Error("stopped", "error", err)
		return fmt.Errorf("stop: %w", err)
	}
	o.log.lines.end()
	o.log.log.Info("stopped")
	return nil
}

// addControl adds the control API to the options, if it is to have the address of the fake.
func (o *serveOptions) addControl(p *process, out *fakeaircall.Options) (err error) {
	if !o.controlOn && (o.controlAddr != "" || o.controlTokenFile != "") {
		return errors.New("--control=false cannot be combined with --control-addr or --control-token-file")
	}
	o.controlAPI.Page = true
	o.controlAPI.Token, err = controlToken(p, o.controlTokenFile)
	if o.controlOn && o.controlAddr == "" {
		out.Control = o.controlAPI.New
	}
	return err
}

// start makes the fake and its control API listen.
func (o *serveOptions) start(srv *fakeaircall.Server, s *fakeConfig) error {
	if s.speedSet { // 0 in the options means unset, and a resumed state has its own speed
		_ = srv.SetSpeed(o.speed)
	}
	err := srv.Listen(o.addr)
	if o.controlOn {
		o.controlURL = srv.URL()
	}
	if err == nil && o.controlAddr != "" {
		api, failed := o.controlAPI.New(srv)
		if err = failed; err == nil {
			err = srv.ListenControl(o.controlAddr, api)
		}
		if err != nil {
			err = fmt.Errorf("--control-addr: %w", err)
		}
		o.controlURL = srv.ControlURL()
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return unable(err, "another program uses this address; --addr 127.0.0.1:0 picks a free port")
	case err != nil:
		return unable(err, "--addr takes host:port, such as "+defaultAddr)
	}
	return nil
}

// welcome prints the credentials and commands to try. Credentials from a file are not printed.
func (o *serveOptions) welcome(p *process, srv *fakeaircall.Server, s *fakeConfig, ca *authority) {
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	accounts := srv.Accounts()
	user, client := accounts[0].APIID+":"+accounts[0].APIToken, ""
	own := slices.ContainsFunc(accounts, func(a fakeaircall.Account) bool {
		std := fakeaircall.StandardAccount(a.Name)
		return a.APIID != std.APIID || a.APIToken != std.APIToken || a.Bearer != std.Bearer
	})
	if own {
		user, client = "API_ID:API_TOKEN", " --accounts "+o.config
	}
	header := fakeaircall.Account{Name: "\naccount", APIID: "api_id", APIToken: "api_token", Bearer: "bearer", User: "user"}
	for _, a := range append([]fakeaircall.Account{header}, accounts...) {
		cells := []string{a.Name, a.APIID, a.APIToken, a.Bearer, a.User}
		if own {
			cells = slices.Delete(cells, 2, 4)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	for _, a := range append([]fakeaircall.App{{Name: "\napp", ClientID: "client_id", ClientSecret: "client_secret"}}, srv.Apps()...) {
		cells := []string{a.Name, a.ClientID, a.ClientSecret}
		if s.options.Apps != nil {
			cells = cells[:2]
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	w.Flush()
	if o.baseURL != "" {
		fmt.Fprintf(p.stdout, "\nLinks and recordings name %s\n", o.baseURL)
	}
	curl, program := "curl", self()
	if ca != nil {
		curl, program = "curl --cacert "+quoteWord(ca.file), "SSL_CERT_FILE="+quoteWord(ca.file)+" "+program
	}
	fmt.Fprintf(p.stdout, `
Try in another terminal, and stop with Ctrl-C here:
  %[6]s -u %[1]s %[2]s/v1/company
  %[3]s lua --target %[2]s%[4]s -e 'print(#app.integrations.aircall.%[5]s.list_users({}).users .. " users")'
  %[3]s conformance --target %[2]s%[4]s
`, user, srv.URL(), program, client, accounts[0].Name, curl)
	if o.controlURL != "" {
		fmt.Fprintf(p.stdout, "  %[1]s simulate inbound --target %[2]s --outcome answered\n  %[1]s simulate requests --target %[2]s\n\nSee it in a browser: %[2]s/_fake/\n", program, o.controlURL)
	}
}

// warn warns of settings that may surprise.
func (o *serveOptions) warn(p *process, srv *fakeaircall.Server) {
	host, _, _ := net.SplitHostPort(o.addr)
	switch u, err := url.Parse(srv.URL()); {
	case err != nil:
	case host == "" || net.ParseIP(host).IsUnspecified():
		p.complain("warning", "this fake listens on all addresses of this machine: anyone who can reach its port "+u.Port()+" can read and change it; --addr "+defaultAddr+" keeps it on this machine")
	case !conformance.Loopback(u):
		p.complain("warning", "anyone who can reach "+srv.URL()+" can read and change this fake; --addr "+defaultAddr+" keeps it on this machine")
	}
	if srv.Speed() == 0 && o.rateLimit > 0 {
		p.complain("warning", fmt.Sprintf("the clock is frozen, so the fake refuses request %d of a company and all later ones; --rate-limit 0 turns the limit off", o.rateLimit+1))
	}
}

// warnResumed lists the flags and records of the file that have no effect, since the state file already has data.
func (o *serveOptions) warnResumed(p *process, srv *fakeaircall.Server, s *fakeConfig, flags *pflag.FlagSet) {
	r := srv.Resumed()
	if r == nil {
		return
	}
	restart := "to start over, stop the fake and delete " + o.state
	if o.controlURL != "" {
		restart += ", or run " + self() + " simulate reset --target " + o.controlURL
	}
	var ignored []string
	ignore := func(name, given, has string) {
		what := "--" + name + " " + given
		if _, inFile := s.file.settings[name]; !flags.Changed(name) && !inFile {
			return
		} else if !flags.Changed(name) {
			what = name + " " + given + " of " + o.config
		}
		if has != "" {
			what += " (it has " + has + ")"
		}
		ignored = append(ignored, what)
	}
	if seed := cmp.Or(o.seed, 1); seed != r.Seed { // 0 means 1, and an unknown seed of the state
		ignore("seed", fmt.Sprint(seed), strings.TrimPrefix(fmt.Sprint(r.Seed), "0"))
	}
	if o.scale != string(r.Scale) {
		ignore("scale", o.scale, string(r.Scale))
	}
	if !o.clock.Equal(r.Start) && !o.clock.Equal(r.Now) {
		ignore("clock", o.clock.UTC().Format(time.RFC3339), r.Now.Format(time.RFC3339))
	}
	if len(ignored) > 0 {
		p.complain("warning", fmt.Sprintf("%s already has data, so these have no effect: %s; %s", o.state, strings.Join(ignored, ", "), restart))
	}
	kept := slices.DeleteFunc(r.Accounts, func(name string) bool { _, ok := s.options.Fixtures[name]; return !ok })
	if len(kept) > 0 {
		p.complain("hint", fmt.Sprintf("%s already has data of %s, so the records of %s were not added again; %s", o.state, strings.Join(kept, ", "), o.config, restart))
	}
}

// quoteWord quotes a word for a shell, if that is necessary.
func quoteWord(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("/._-", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// self returns the command that starts this program; the binary of go run cannot be started again.
func self() string {
	exe, err := os.Executable()
	if err == nil && strings.Contains(exe, string(filepath.Separator)+"go-build") {
		return "go run ./cmd/aircallkit"
	}
	return "aircallkit"
}

// settleTime is how long the file must stay unchanged before it is read: editors write in pieces.
const settleTime = 100 * time.Millisecond

// follow loads the file whenever its content changes, until ctx ends.
func (o *serveOptions) follow(ctx context.Context, p *process, srv *fakeaircall.Server, watcher *fsnotify.Watcher, s *fakeConfig, flags *pflag.FlagSet) {
	last := s.file.data
	wait := time.NewTimer(0) // the file may have changed since the first read
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-watcher.Events:
			wait.Reset(settleTime)
		case err := <-watcher.Errors:
			p.complain("warning", fmt.Sprintf("--reload: %v", err))
			wait.Reset(settleTime) // events may be lost
		case <-wait.C:
			data, _ := os.ReadFile(o.config) // load reports an error
			if bytes.Equal(data, last) {
				continue
			}
			last = data
			before := o.serveSettings
			next, err := o.load(flags)
			var effect string
			if err == nil {
				effect, err = o.replace(srv, s, next)
			}
			if err != nil {
				o.serveSettings = before
				p.report(&failure{err: fmt.Errorf("serve: %w", err), hints: []string{"the fake keeps running with the previous configuration"}})
				continue
			}
			s = next
			fmt.Fprintf(p.stdout, "aircallkit: loaded %s again; %s\n", o.config, effect)
		}
	}
}

// replace gives the fake its new options, and returns the effect as a text. If only credentials changed, the fake keeps
// its data.
func (o *serveOptions) replace(srv *fakeaircall.Server, old, next *fakeConfig) (effect string, err error) {
	accountsOf := func(o fakeaircall.Options) []fakeaircall.Account {
		if len(o.Accounts) == 0 {
			return fakeaircall.StandardAccounts()
		}
		return o.Accounts
	}
	was, is := accountsOf(old.options), accountsOf(next.options)
	var renewed []string
	same := len(was) == len(is)
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			renewed = append(renewed, is[i].Name)
		}
		same = same && was[i].Name == is[i].Name && was[i].User == is[i].User
	}
	if same && len(renewed) > 0 {
		effect = "new credentials of " + strings.Join(renewed, ", ") + ", the old ones are refused; "
		others := next.options
		others.Accounts = old.options.Accounts
		if reflect.DeepEqual(others, old.options) {
			return effect + "nothing else changed, and all data written to the fake is kept", srv.SetCredentials(is...)
		}
	}
	if err := srv.Reseed(next.options); err != nil {
		return "", next.file.explain(err)
	}
	if next.speedSet {
		_ = srv.SetSpeed(o.speed)
	}
	return effect + "data written to the fake is gone, faults and the request log are kept", nil
}
