package conformance

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// live is a row of the table: an account that is healthy in its own way, or has troubles that are not its own, and what the kit must say
// of it in a run that reads and in one that writes.
type live struct {
	name        string
	vary        func(*rig)
	read, write expected
}

type expected struct {
	exit  int
	fail  int
	errs  bool     // some scenarios could not be judged
	drift []string // causes
}

var green = expected{}

func drifts(causes ...string) expected { return expected{drift: causes} }

// unjudged are runs in which the way to the target was too bad for some scenarios; nothing is wrong with the target.
var unjudged = expected{exit: ExitError, errs: true}

// ended are runs that end ahead of their last scenario.
var ended = expected{exit: ExitEnvironment}

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
	{"without most headers", withoutHeaders, green, green},
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
	{"lists stale for 20 seconds", lagging("/v1/contacts", 20*time.Second), green, green},
	{"contacts not found for 20 seconds", lagging("/v1/contacts/*", 20*time.Second), green, green},
	{"now and then 429", every(40, anything, throttle), green, green},
	{"now and then 502", every(37, anything, gateway(502)), green, green},
	{"now and then 503", every(37, anything, gateway(503)), green, green},
	{"now and then 504", every(37, anything, gateway(504)), green, green},
	{"now and then a reset", every(37, anything, hangUp), green, green},
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
	{"revoked in the middle", endingAfter(60, refused(401)), ended, ended},
	{"forbidden in the middle", endingAfter(60, refused(403)), ended, ended},
	{"an outage in the middle", endingAfter(60, gateway(503)), ended, ended},
}

func TestLive(t *testing.T) {
	for _, l := range lives {
		for _, w := range []bool{false, true} {
			kind, want := "reading", l.read
			if w {
				kind, want = "writing", l.write
			}
			t.Run(l.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				inRig(t, l.vary, func(t *testing.T, r *rig) { r.holds(t, w, want) })
			})
		}
	}
}

func (r *rig) holds(t *testing.T, write bool, want expected) {
	o := Options{AllowWrites: write}
	if write {
		o.WriteAccount = slices.Sorted(func(yield func(string) bool) {
			for name := range r.accounts {
				if !yield(name) {
					return
				}
			}
		})[0]
		if _, ok := r.accounts["default"]; ok {
			o.WriteAccount = "default"
		}
	}
	began := time.Now()
	rep, said, err := r.run(t.Context(), o)
	got := expected{exit: ExitCode(rep, err)}
	if rep != nil {
		got.fail, got.errs = rep.Summary.Fail, rep.Summary.Error > 0
		for _, c := range rep.Drift {
			got.drift = append(got.drift, c.Cause)
		}
		slices.Sort(got.drift)
		t.Logf("%s: %+v in %v", t.Name(), rep.Summary, time.Since(began))
		for _, s := range rep.Scenarios {
			if s.Status == Fail || s.Status == Error || s.Status == Known || s.Retried != "" {
				t.Logf("%s %s: %s", s.Status, s.ID, s.Reason)
			}
		}
	}
	if os.Getenv("RIG_SAID") != "" {
		fmt.Println(said)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(expected{})); diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	_ = strings.Join
}
