package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/cucumber/godog"
)

// run is one run of the suite.
type run struct {
	opts      Options
	fsys      fs.FS
	target    *target
	plan      []*scenario.Scenario // the chosen ones, in order
	examples  map[string]binding.Example
	functions map[string]binding.Function // by name
	shapes    shapes
	seeds     *seeds
	outlines  bodyCache[string] // shapes of replies
	id        string            // marks what the run creates
	undoLog   *undoLog
	stop      stop
	forecast  *forecast // nil: the number of requests is not known
	retries   retries
	failed    atomic.Bool  // a scenario failed or could not be judged
	served    *fakeControl // of a fake at an address, where scenarios may have their own fakes; nil: they may not
	unserved  string       // why not

	mu       sync.Mutex // guards results and print
	results  map[string]report.Scenario
	accepted []string // causes of failures that are known
	print    func(report.Scenario)
	brief    bool         // no report lists the requests
	watch    func(*world) // called at the end of each scenario; may be nil
}

// mayWrite reports whether scenarios may change the target.
func (r *run) mayWrite() bool { return r.target.kind == kindFake || r.opts.AllowWrites }

// execute runs the chosen scenarios with godog: those with their own fake in parallel; the others, which share the
// target and its rate limit, in order.
func (r *run) execute(ctx context.Context) error {
	shared, own := r.split()
	if r.served != nil {
		own = nil // they ran before, see executeSandboxed
	}
	var (
		all    sync.WaitGroup
		mu     sync.Mutex
		failed error
		next   atomic.Int64
	)
	add := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = errors.Join(failed, err)
	}
	all.Go(func() {
		for _, f := range shared {
			add(errors.Join(f.execute(ctx), f.retry(ctx)))
		}
	})
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := int(next.Add(1)); i <= len(own); i = int(next.Add(1)) {
				add(own[i-1].execute(ctx))
			}
		})
	}
	all.Wait()
	return failed
}

// feature is the chosen scenarios of a feature, in one suite of godog's, which runs one scenario at a time.
type feature struct {
	*run
	uri     string
	chosen  map[string]*scenario.Scenario
	ctx     context.Context
	current *world
}

// split groups the plan by feature. A feature with scenarios of both kinds is in both lists, and is read twice.
func (r *run) split() (shared, own []*feature) {
	for _, p := range r.plan {
		list := &shared
		if r.target.kind == kindFake && p.OwnFake() || r.served != nil && p.Has("@fake") {
			list = &own
		}
		if n := len(*list); n == 0 || (*list)[n-1].uri != p.URI {
			*list = append(*list, &feature{run: r, uri: p.URI, chosen: map[string]*scenario.Scenario{}})
		}
		f := (*list)[len(*list)-1]
		f.chosen[p.ID] = p
	}
	slices.SortStableFunc(own, func(a, b *feature) int { return len(b.chosen) - len(a.chosen) }) // the longest first
	return shared, own
}

// execute lets godog parse the feature and call its steps. Of godog's exit codes only one matters, that the feature cannot be
// read: the results are in the worlds.
func (f *feature) execute(ctx context.Context) (err error) {
	defer protect(&err)
	defer f.finishCurrent() // the last one, even if godog itself panics
	f.ctx = ctx
	const unreadable = 2
	code := godog.TestSuite{
		Name:                "conformance",
		ScenarioInitializer: f.begin,
		Options: &godog.Options{
			FS: f.fsys, Paths: []string{f.uri}, Strict: true, Concurrency: 1,
			Format: "progress", Output: io.Discard, NoColors: true,
			DefaultContext: ctx,
		},
	}.Run()
	if code == unreadable {
		return fmt.Errorf("%s cannot be read", f.uri)
	}
	return nil
}

// begin is called for every scenario of the feature, ahead of its hooks and steps.
func (f *feature) begin(sc *godog.ScenarioContext) {
	f.finishCurrent()
	w := f.newWorld()
	f.current = w
	sc.Before(func(ctx context.Context, p *godog.Scenario) (out context.Context, err error) {
		defer protect(&err)
		return w.before(ctx, f.chosen[scenario.ID(p)])
	})
	sc.StepContext().After(w.after)
	for _, d := range vocabulary() {
		sc.Step(d.expr, d.bind(w))
	}
}

func (f *feature) finishCurrent() {
	if f.current != nil {
		f.current.finish(f.ctx)
		f.current = nil
	}
}

// record stores the result of a scenario, without values of a private target.
func (r *run) record(w *world) {
	j := waive(w.plan.ID, w.end, r.opts.Known, time.Now(), r.opts.FailOnExpired)
	s := report.Scenario{
		ID: w.plan.ID, Feature: w.plan.Feature, Name: w.plan.Name, Line: w.plan.Line,
		About: w.plan.About, Tags: w.plan.Tags, Ops: w.plan.Tagged("@op:"),
		Status: j.status, Reason: j.reason, ShownWant: j.want, ShownGot: j.got,
		Seconds: seconds(w.began), Rerun: r.rerun(w.plan.ID),
		Scripts: w.scripts, Steps: w.steps,
	}
	if !r.brief {
		exchanges, shapes := w.exchanges.all(), &r.outlines
		if printed := r.opts.Format != "" && r.opts.Format != "text"; !printed && r.opts.ReportDir == "" && j.status == report.Pass {
			shapes = nil // no report shows them, and they take a tenth of a run
		}
		for _, x := range exchanges {
			s.Requests = append(s.Requests, x.reduced(shapes))
		}
		s.Curl = w.curl(exchanges)
	}
	s.Contract = append(s.Contract, w.breaches()...)
	s.Saw, s.Blocked = w.saw(), w.blocked
	refuteOnly(&s, w.t.kind)
	if !w.t.private() {
		s.Want, s.Got = s.ShownWant, s.ShownGot
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if j.status == report.Known && w.end.status == report.Fail {
		r.accepted = append(r.accepted, report.CauseOf(w.end.reason))
	}
	s = r.merged(s)
	r.results[s.ID] = s
	r.failed.Store(r.failed.Load() || s.Status == report.Fail || s.Status == report.Error)
	r.print(s)
}

// report returns the results in the order of the plan. A chosen scenario without a result is an error: a run that lost
// one must not look complete.
func (r *run) report(began time.Time) *report.Report {
	rep := &report.Report{Version: report.ReportVersion, Run: r.header(began)}
	for _, p := range r.plan {
		s, ok := r.results[p.ID]
		if !ok {
			s = report.Scenario{ID: p.ID, Feature: p.Feature, Name: p.Name, Line: p.Line, Tags: p.Tags, Status: report.Error, Reason: "it did not run", Rerun: r.rerun(p.ID)}
		}
		if why := r.stop.why(); why != nil && (!ok || s.Blocked && s.Status == report.Error) {
			s.Status, s.Reason = report.Skipped, notJudged+why.Error()
		}
		for _, x := range s.Requests {
			rep.Run.Requests[report.AccountKey(x)]++
			rep.Run.Purposes[x.Purpose]++
		}
		rep.Scenarios = append(rep.Scenarios, s)
	}
	rep.Close(func(drift []report.Cause) { acceptDrift(drift, r.opts.Known, time.Now(), r.opts.FailOnExpired) })
	return rep
}

// header describes the run. The requests are counted as the scenarios are added.
func (r *run) header(began time.Time) report.Header {
	own := ReportHeader()
	h := report.Header{
		Kit: own.Kit, Started: began.UTC().Truncate(time.Second), Stopped: time.Now().UTC().Truncate(time.Millisecond), Seconds: seconds(began),
		Target: r.target.kind, URL: r.target.url, Server: r.target.server, Accounts: r.target.names(),
		Tags: r.opts.Tags, Only: r.opts.Scenarios, AllowWrites: r.opts.AllowWrites, Profile: "reads",
		Strict:    r.opts.Strict || r.target.kind == kindFake,
		Reference: own.Reference, Contract: own.Contract, ContractVersion: own.ContractVersion, Go: own.Go,
		Requests: map[string]int{}, Purposes: map[string]int{},
	}
	if why := r.stop.why(); why != nil {
		h.Ended = why.Error()
	}
	if r.mayWrite() {
		h.Profile = "writes"
	}
	if r.target.kind == kindFake {
		h.Seed = max(r.opts.Seed, 1)
	}
	return h
}

// ReportHeader returns the part of a header that describes this program, the reference and the contract.
func ReportHeader() report.Header {
	h := report.Header{Kit: thisKit(), Reference: hash([]byte(binding.Reference())), Go: runtime.Version()}
	h.Contract, h.ContractVersion = contractHash()
	return h
}

func seconds(since time.Time) float64 {
	return float64(time.Since(since).Microseconds()) / 1e6
}

const (
	// mostRetried is how many scenarios of a run may run again: if more fail, other users of the account are not the reason.
	mostRetried = 25

	// retryLag is how long a scenario that runs again waits after each of its writes: a target may show them late.
	retryLag = 5 * time.Second
)

// retries are the scenarios that run again because they did not pass on an account that others use as well, or that shows its
// writes late. Only the goroutine of the shared scenarios uses it.
type retries struct {
	first map[string]report.Scenario // the first results, by id
	lag   time.Duration              // after each write, once a scenario has passed because of it
}

// retry runs those scenarios of a feature again that did not pass, where others or the network may be the reason.
func (f *feature) retry(ctx context.Context) error {
	if f.target.kind == kindFake || f.target.local() || f.opts.FailFast {
		return nil
	}
	again := *f
	again.chosen, again.current = map[string]*scenario.Scenario{}, nil
	var wrote []string // those that failed although the target answered
	for _, id := range slices.Sorted(maps.Keys(f.chosen)) {
		s, ran := f.results[id]
		if !ran || s.Status != report.Fail && s.Status != report.Error || len(f.retries.first) >= mostRetried || ctx.Err() != nil || f.stop.why() != nil {
			continue
		}
		if f.retries.first == nil {
			f.retries.first = map[string]report.Scenario{}
		}
		f.retries.first[id] = s
		again.chosen[id] = f.chosen[id]
		if s.Status == report.Fail && f.chosen[id].Has("@changes") {
			wrote = append(wrote, id)
		}
	}
	if len(again.chosen) == 0 {
		return nil
	}
	before := f.retries.lag
	f.retries.lag = retryLag
	clear(f.target.holdings)
	err := again.execute(ctx)
	if !slices.ContainsFunc(wrote, func(id string) bool { return f.results[id].Status == report.Pass }) {
		f.retries.lag = before
	}
	return err
}

// merged returns the result of a scenario that ran again: the second one counts, with the requests of both.
func (r *run) merged(s report.Scenario) report.Scenario {
	first, again := r.retries.first[s.ID]
	if !again {
		return s
	}
	s.Retried = string(first.Status)
	if first.Reason != "" {
		s.Retried += ": " + first.Reason
	}
	if s.Status == report.Pass {
		s.Reason = joinReasons("passed on retry", "before that "+s.Retried)
	}
	s.Seconds += first.Seconds
	s.Requests = append(slices.Clone(first.Requests), s.Requests...)
	s.Contract = append(slices.Clone(first.Contract), s.Contract...)
	return s
}

// thisKit reads the version that the linker wrote into the program.
func thisKit() report.Kit {
	const module = "github.com/aircallkit/aircallkit"
	k := report.Kit{Version: "(devel)"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return k
	}
	for _, m := range append(info.Deps, &info.Main) { // a dependency of somebody's tests
		if m.Path == module && m.Version != "" {
			k.Version = m.Version
		}
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if k.Commit = set["vcs.revision"]; info.Main.Path != module {
		k.Commit = ""
	} else if k.Commit != "" && set["vcs.modified"] == "true" {
		k.Commit += "+dirty"
	}
	return k
}

// contractHash returns the SHA-256 of the contract and the version that it names.
var contractHash = sync.OnceValues(func() (sum, version string) {
	var doc struct {
		Info struct{ Version string }
	}
	data := fakeaircall.OpenAPI()
	_ = json.Unmarshal(data, &doc) // agreement has read it
	return hash(data), doc.Info.Version
})

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// plainServer is what a header Server may hold to be reported; anything else may be private.
var plainServer = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ./()_-]{0,59}$`)

// introduce stores the name that the target gives itself.
func (t *target) introduce(h http.Header) {
	if name := h.Get("Server"); plainServer.MatchString(name) {
		t.server = name
	}
}
