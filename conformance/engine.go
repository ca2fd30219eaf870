package conformance

import (
	"cmp"
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
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/scenario"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/cucumber/godog"
)

// run is one run of the kit.
type run struct {
	opts      Options
	fsys      fs.FS
	target    *target
	plan      []*scenario.Scenario // what was chosen, in order
	examples  map[string]binding.Example
	functions map[string]binding.Function // by name
	shapes    shapes
	seeds     *seeds
	outlines  bodyCache[string] // shapes of replies
	id        string            // marks what the run makes
	undoLog   *undoLog
	stop      stop
	forecast  *forecast // nil: nothing is known of what is to come
	retries   retries
	served    *fakeControl // of a fake at an address, which lets scenarios have fakes of their own; nil: it does not
	unserved  string       // why not

	mu       sync.Mutex // guards results, and print
	results  map[string]report.Scenario
	accepted []string // causes of failures that are known
	print    func(report.Scenario)
	brief    bool         // nobody reads what was sent
	watch    func(*world) // is told of each scenario at its end; nil: nobody
}

// mayWrite says whether scenarios may change the target.
func (r *run) mayWrite() bool { return r.target.kind == kindFake || r.opts.AllowWrites }

// execute lets godog step through the chosen scenarios: those that get a fake of their own side by side, the others,
// which share what is known of the target and the rate limit of a server, in order.
func (r *run) execute(ctx context.Context) error {
	shared, own := r.split()
	if r.served != nil {
		own = nil // they have had their turn
	}
	next := make(chan *feature, len(own))
	for _, f := range own {
		next <- f
	}
	close(next)
	broken := make(chan error, len(shared)+len(own))
	var all sync.WaitGroup
	all.Go(func() {
		for _, f := range shared {
			broken <- errors.Join(f.execute(ctx), f.retry(ctx))
		}
	})
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for f := range next {
				broken <- f.execute(ctx)
			}
		})
	}
	all.Wait()
	close(broken)
	var err error
	for e := range broken {
		err = errors.Join(err, e)
	}
	return err
}

// feature is what is run of a feature: one suite of godog's, in which one scenario runs at a time.
type feature struct {
	*run
	uri     string
	chosen  map[string]*scenario.Scenario
	ctx     context.Context
	current *world
}

// split sorts the plan into features. One that has scenarios of both kinds is in both; it is read twice.
func (r *run) split() (shared, own []*feature) {
	last := func(list *[]*feature, p *scenario.Scenario) *feature {
		if n := len(*list); n > 0 && (*list)[n-1].uri == p.URI {
			return (*list)[n-1]
		}
		f := &feature{run: r, uri: p.URI, chosen: map[string]*scenario.Scenario{}}
		*list = append(*list, f)
		return f
	}
	for _, p := range r.plan {
		list := &shared
		if r.target.kind == kindFake && p.OwnFake() || r.served != nil && p.Has("@fake") {
			list = &own
		}
		f := last(list, p)
		f.chosen[p.ID] = p
	}
	slices.SortStableFunc(own, func(a, b *feature) int { return cmp.Compare(len(b.chosen), len(a.chosen)) }) // none begins late that takes long
	return shared, own
}

// execute lets godog parse and step through the feature.
//
// The exit code says nothing that the worlds do not know better, but for a feature that cannot be read.
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

// record keeps the result of a scenario, without values of a private target.
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
			shapes = nil // nobody reads them, and they take a tenth of a run
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
	r.print(s)
}

// report puts the results into the order of the plan. A chosen scenario without a result is an error: a run that lost
// one must not look whole.
func (r *run) report(began time.Time) *report.Report {
	rep := &report.Report{Version: report.ReportVersion, Run: r.header(began)}
	for _, p := range r.plan {
		s, ok := r.results[p.ID]
		if !ok {
			s = report.Scenario{ID: p.ID, Feature: p.Feature, Name: p.Name, Line: p.Line, Tags: p.Tags, Status: report.Error, Reason: "it did not run", Rerun: r.rerun(p.ID)}
		}
		if why := r.stop.why(); why != nil && (!ok || s.Blocked && s.Status == report.Error) {
			s.Status, s.Reason = report.Skipped, notJudged+why.Error() // what it met is why the run ended
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

// header says what ran. The scenarios' requests are counted as they are added.
func (r *run) header(began time.Time) report.Header {
	h := report.Header{
		Kit: thisKit(), Started: began.UTC().Truncate(time.Second), Stopped: time.Now().UTC().Truncate(time.Millisecond), Seconds: seconds(began),
		Target: r.target.kind, URL: r.target.url, Server: r.target.server, Accounts: r.target.names(),
		Tags: r.opts.Tags, Only: r.opts.Scenarios, AllowWrites: r.opts.AllowWrites, Profile: "reads",
		Strict:    r.opts.Strict || r.target.kind == kindFake,
		Reference: referenceHash(), Go: runtime.Version(), Requests: map[string]int{}, Purposes: map[string]int{},
	}
	h.Contract, h.ContractVersion = contractHash()
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

func seconds(since time.Time) float64 {
	return float64(time.Since(since).Microseconds()) / 1e6
}

const (
	// mostRetried is how many scenarios of a run may run once more: if more fail, it is not for what others do meanwhile.
	mostRetried = 25

	// retryLag is what a scenario that runs once more waits after each of its writes: a target may show them late.
	retryLag = 5 * time.Second
)

// retries runs scenarios once more that did not pass on an account that others use as well, or that shows its writes late.
// It belongs to the scenarios that run one after the other.
type retries struct {
	first map[string]report.Scenario // how those ended that run once more, by id
	n     int
	lag   time.Duration // after each write, once a scenario has passed for it
}

// mayRetry says whether the end of a scenario may be due to what others do, or to the way.
func (r *run) mayRetry(ctx context.Context, s report.Scenario) bool {
	_, again := r.retries.first[s.ID]
	return (s.Status == report.Fail || s.Status == report.Error) && !again && r.retries.n < mostRetried &&
		r.target.kind != kindFake && !r.target.local() && ctx.Err() == nil && r.stop.why() == nil
}

// retry runs those scenarios of a feature once more that did not pass.
func (f *feature) retry(ctx context.Context) error {
	if f.target.kind == kindFake {
		return nil
	}
	again := *f
	again.chosen, again.current = map[string]*scenario.Scenario{}, nil
	var wrote []string // what failed although it was answered
	for _, id := range slices.Sorted(maps.Keys(f.chosen)) {
		s, ran := f.results[id]
		if !ran || !f.mayRetry(ctx, s) {
			continue
		}
		f.retries.n++
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
	for _, of := range collections {
		for _, account := range f.target.names() {
			f.target.forget(account, of.name)
		}
	}
	err := again.execute(ctx)
	if !slices.ContainsFunc(wrote, func(id string) bool { return f.results[id].Status == report.Pass }) {
		f.retries.lag = before
	}
	return err
}

// merged is the result of a scenario that ran once more: the second end counts, and both say what was sent.
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

// thisKit reads what the linker wrote into the program.
func thisKit() report.Kit {
	k := report.Kit{Version: "(devel)"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return k
	}
	const module = "github.com/aircallkit/aircallkit"
	if info.Main.Path == module && info.Main.Version != "" {
		k.Version = info.Main.Version
	}
	for _, dep := range info.Deps { // the kit in somebody's tests
		if dep.Path == module {
			k.Version = dep.Version
		}
	}
	if info.Main.Path != module {
		return k
	}
	dirty := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			k.Commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	if k.Commit != "" {
		k.Commit += dirty
	}
	return k
}

func referenceHash() string { return hash([]byte(binding.Reference())) }

// contractHash gives the sha256 of the contract and what it calls itself.
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

// plainServer is what a header Server may hold to be told; anything else might be anything.
var plainServer = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ./()_-]{0,59}$`)

// introduce notes what the target calls itself.
func (t *target) introduce(h http.Header) {
	if name := h.Get("Server"); plainServer.MatchString(name) {
		t.server = name
	}
}
