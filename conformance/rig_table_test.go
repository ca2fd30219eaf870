package conformance

import (
	"maps"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/google/go-cmp/cmp"
)

// live is a row of the table: an account that is healthy in its own way, or has troubles that are not its own, and what the
// kit must say of it in a run that reads and in one that writes.
type live struct {
	name        string
	vary        func(*rig)
	read, write expected
}

// expected is a verdict: the exit code, the scenarios that failed, and the drift by cause.
type expected struct {
	exit  int
	fail  int
	errs  bool     // some scenarios of a run that did not end early could not be judged
	drift []string // causes
}

// green is the verdict on an account of which nothing is to be said.
var green = expected{}

func drifts(causes ...string) expected { return expected{drift: causes} }

// unjudged are runs in which the way to the target was too bad for some scenarios; nothing is wrong with the target.
var unjudged = expected{exit: ExitError, errs: true}

// ended are runs that end ahead of their last scenario.
var ended = expected{exit: ExitEnvironment}

// stopped are runs that write and end early: whether something is left depends on the moment, which is not what is tested.
var stopped = expected{exit: eitherEnd}

// eitherEnd means ExitEnvironment or, if something is left, ExitLeft.
const eitherEnd = -1

// leaves are runs that end because they cannot undo what they changed; a sweep can, once the target lets it.
var leaves = expected{exit: ExitLeft}

var bare = drifts("header ETag missing", "header X-Amzn-Requestid missing", "header X-Powered-By missing", "header X-Request-Id missing")

var newFields = drifts("unknown field call.ai_summary_enabled", "unknown field contact.ai_summary_enabled", "unknown field number.ai_summary_enabled", "unknown field user.ai_summary_enabled")

// lives is the table.
var lives = []live{
	{"healthy", ofATeam, green, green},
	{"a small team", ofASmallTeam, green, green},
	{"one account", oneAccount, green, green},
	{"one account of another name", oneOther, green, green},
	{"two accounts", twoAccounts, green, green},
	{"three accounts of other names", otherNames, green, green},
	{"five accounts", fiveAccounts, green, green},
	{"several keys of one company", severalKeys, green, green},
	{"tokens", tokens, green, green},
	{"one token", oneToken, green, green},
	{"no users configured", withoutUsers, green, green},

	{"without the header ETag", withoutHeader("Etag"), drifts("header ETag missing"), drifts("header ETag missing")},
	{"without most headers", withoutHeaders, bare, bare},
	{"more headers", moreHeaders, green, green},
	{"chunked", chunked, green, green},
	{"gzipped", gzipped, green, green},
	{"HTTP 2", http2, green, green},
	{"unknown fields", unknownFields, newFields, newFields},
	{"other order of keys", otherKeyOrder, green, green},

	{"nobody has a Latin name", nonLatinNames, green, green},
	{"nulls everywhere", nullsEverywhere, green, green},
	{"nothing documented", nothingDocumented, green, green},
	{"ids above 2^31", bigIDs, green, green},
	{"an empty company", emptyCompany, green, green},
	{"20,000 contacts and no calls", contactsOnly, green, green},

	{"latency", latency, green, green},
	{"stale for 3 seconds", lagging("", 3*time.Second), green, green},
	{"lists stale for 4 seconds", lagging("/v1/contacts", 4*time.Second), green, green},
	{"searches stale for 4 seconds", lagging("/v1/contacts/search", 4*time.Second), green, green},
	{"contacts stale for 4 seconds", lagging("/v1/contacts/*", 4*time.Second), green, green},
	{"new contacts not found for 20 seconds", hidesNew(20 * time.Second), green, green},
	{"now and then 429", every(40, anything, throttle), green, green},
	{"now and then 502", every(101, anything, gateway(502)), green, green},
	{"now and then 503", every(101, anything, gateway(503)), green, green},
	{"now and then 504", every(101, anything, gateway(504)), green, green},
	{"now and then a reset", every(101, anything, hangUp), green, green},
	{"lost replies to some writes", every(23, writes, lose), green, green},
	{"lost replies to many writes", every(5, writes, lose), green, unjudged},
	{"lost replies to some creates", every(9, creates, lose), green, green},
	{"lost replies to every other create", every(2, creates, lose), green, unjudged},
	{"colleagues", colleagues, green, green},
	{"others change contacts", others(10), green, green},
	{"calls come in", busyLines, green, green},

	{"no tags", planWithout("/v1/tags"), green, green},
	{"no webhooks", planWithout("/v1/webhooks"), green, green},
	{"no teams", planWithout("/v1/teams"), green, green},
	{"revoked in the middle", endingAfter(60, refused(401)), ended, stopped},
	{"forbidden in the middle", endingAfter(60, refused(403)), ended, stopped},
	{"an outage in the middle", endingAfter(60, gateway(503)), ended, stopped},
	{"revoked with a contact made", endingOnceMade(refused(401)), green, leaves},
	{"an outage with a contact made", endingOnceMade(gateway(503)), green, leaves},
}

// often are the rows that every test run takes; AIRCALLKIT_FULL=1 takes all.
var often = []string{"a small team", "one token", "an empty company", "stale for 3 seconds", "now and then a reset", "revoked with a contact made"}

// TestLive holds the kit against the table: what it says of live accounts that are not wrong.
func TestLive(t *testing.T) {
	before := debug.SetGCPercent(400) // as in the command
	t.Cleanup(func() { debug.SetGCPercent(before) })
	for _, l := range lives {
		if !full() && !slices.Contains(often, l.name) {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			if full() {
				t.Run("reading", func(t *testing.T) {
					inRig(t, l.vary, func(t *testing.T, r *rig) { r.holds(t, Options{}, l.read) })
				})
			}
			t.Run("writing", func(t *testing.T) {
				inRig(t, l.vary, func(t *testing.T, r *rig) { r.holds(t, Options{AllowWrites: true, WriteAccount: r.first()}, l.write) })
			})
		})
	}
}

// first is the account that scripts get without asking for one.
func (r *rig) first() string {
	if _, ok := r.accounts["default"]; ok {
		return "default"
	}
	return slices.Sorted(maps.Keys(r.accounts))[0]
}

// holds runs the kit and compares what it says.
func (r *rig) holds(t *testing.T, o Options, want expected) {
	began := time.Now()
	rep, _, err := r.run(t.Context(), o)
	got := expected{exit: ExitCode(rep, err)}
	if rep == nil {
		t.Fatal(err)
	}
	got.fail, got.errs = rep.Summary.Fail, rep.Summary.Error > 0 && rep.Run.Ended == ""
	for _, c := range rep.Drift {
		got.drift = append(got.drift, c.Cause)
	}
	slices.Sort(got.drift)
	t.Logf("%+v in %v", rep.Summary, time.Since(began))
	for _, s := range rep.Scenarios {
		if s.Status == report.Fail || s.Status == report.Error || s.Retried != "" {
			t.Logf("%s %s: %s", s.Status, s.ID, s.Reason)
		}
	}
	if want.exit == eitherEnd && (got.exit == ExitLeft) == (len(rep.Left) > 0) && (got.exit == ExitLeft || got.exit == ExitEnvironment) {
		want.exit = got.exit
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(expected{})); diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if want.exit == ExitOK && rep.Summary.Pass < 150 {
		t.Errorf("a run that proves little: %+v", rep.Summary)
	}
	if len(rep.Left) > 0 != (want.exit == ExitLeft) {
		t.Errorf("left: %v", rep.Left)
	}
}
