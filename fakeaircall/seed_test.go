package fakeaircall

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nyaruka/phonenumbers"
)

// seedClock is a Wednesday morning.
var seedClock = time.Date(2026, 8, 12, 9, 30, 0, 0, time.UTC)

// listDigests are a hash for every list of every account: for each GET without
// an id, all of its pages.
func listDigests(t testing.TB, o Options) map[string]string {
	t.Helper()
	o.Assume = map[string]string{"a2p": "keep"} // or it is no list
	s := unlimited(t, o)
	digests := make(map[string]string)
	for _, a := range s.Accounts() {
		for _, route := range Routes() {
			if route.Method != "GET" || strings.Contains(route.Path, "{") {
				continue
			}
			sum := sha256.New()
			for page, more := 1, true; more && page <= 200; page++ {
				status, body := getAs(t, s, a, fmt.Sprintf("%s?per_page=50&page=%d", route.Path, page))
				if status != 200 {
					t.Fatalf("%s: %d %s", route.Path, status, body)
				}
				fmt.Fprintln(sum, body)
				more = strings.Contains(body, `"next_page_link":"`)
			}
			digests[a.Name+" "+route.Op] = fmt.Sprintf("%x", sum.Sum(nil))
		}
	}
	return digests
}

func TestSeedDecides(t *testing.T) {
	first := listDigests(t, Options{Clock: seedClock})
	if len(first) < 3*12 {
		t.Fatalf("only %d lists", len(first))
	}
	for name, o := range map[string]Options{
		"the same":  {Clock: seedClock},
		"seed 0":    {Clock: seedClock, Seed: 1},
		"same time": {Clock: seedClock.In(time.FixedZone("", 3600)).Add(time.Millisecond)},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(first, listDigests(t, o)); diff != "" {
				t.Errorf("other bytes:\n%s", diff)
			}
		})
	}
	timeless := []string{"retrieve-company", "list-all-tags", "retrieve-list-of-users-availability", "list-sms-templates"}
	for _, tt := range []struct {
		name string
		o    Options
		same []string
	}{
		{"another seed", Options{Clock: seedClock, Seed: -2}, nil},
		{"another time", Options{Clock: seedClock.Add(time.Hour)}, timeless},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for list, digest := range listDigests(t, tt.o) {
				_, op, _ := strings.Cut(list, " ")
				if digest == first[list] && op != "ping" && op != "list-all-webhooks" && !slices.Contains(tt.same, op) {
					t.Errorf("%s: the same bytes", list)
				}
			}
		})
	}
}

// TestSeedInTwoProcesses runs itself again: what a process does at random, such
// as the order of maps, must not show.
func TestSeedInTwoProcesses(t *testing.T) {
	if os.Getenv("FAKEAIRCALL_PRINT_LISTS") != "" {
		fmt.Println("lists:", listDigests(t, Options{Clock: seedClock}))
		return
	}
	run := func() string {
		cmd := exec.Command(os.Args[0], "-test.run=^TestSeedInTwoProcesses$", "-test.v", fmt.Sprintf("-update=%t", *update))
		cmd.Env = append(os.Environ(), "FAKEAIRCALL_PRINT_LISTS=1")
		out, err := cmd.CombinedOutput()
		_, lists, ok := strings.Cut(string(out), "lists: ")
		if err != nil || !ok {
			t.Fatalf("%v: %s", err, out)
		}
		lists, _, _ = strings.Cut(lists, "\n")
		return lists
	}
	if a, b := run(), run(); a != b {
		t.Errorf("two processes differ:\n%s\n%s", a, b)
	}
}

func TestSeedAmounts(t *testing.T) {
	type size struct{ users, numbers, teams, tags, contacts, calls int }
	for scale, want := range map[Scale][]size{
		ScaleEmpty: {{1, 0, 0, 6, 0, 0}, {1, 0, 0, 6, 0, 0}, {1, 0, 0, 6, 0, 0}},
		ScaleSmall: {{8, 4, 3, 10, 30, 60}, {7, 4, 3, 9, 26, 54}, {6, 3, 2, 8, 22, 48}},
		ScaleTeam:  {{120, 60, 45, 55, 400, 2000}, {90, 54, 42, 52, 310, 1500}, {66, 44, 41, 45, 230, 1100}},
		ScaleLarge: {{400, 150, 100, 120, 5000, 20000}, {300, 112, 75, 90, 3750, 15000}, {220, 82, 55, 66, 2750, 11000}},
	} {
		t.Run(string(scale), func(t *testing.T) {
			s := unlimited(t, Options{Scale: scale, Clock: seedClock})
			for i, a := range s.Accounts() {
				total := func(path string) int { return pageOf(t, s, a, path+"?per_page=1").Meta.Total }
				got := size{
					total("/v2/users"), total("/v1/numbers"), total("/v1/teams"),
					total("/v1/tags"), total("/v1/contacts"), total("/v1/calls"),
				}
				if got != want[i] {
					t.Errorf("%s: %+v, want %+v", a.Name, got, want[i])
				}
				status, body := getAs(t, s, a, "/v1/company")
				counts := fmt.Sprintf(`"users_count":%d,"numbers_count":%d}`, got.users, got.numbers)
				if status != 200 || !strings.Contains(body, counts) || strings.Contains(body, `"name":""`) {
					t.Errorf("%s: company %s", a.Name, body)
				}
			}
		})
	}
}

// TestSeedReferences looks at ids that no reply shows when they lead nowhere.
func TestSeedReferences(t *testing.T) {
	for scale := range amounts {
		s := unlimited(t, Options{Scale: scale, Clock: seedClock})
		for _, company := range s.companies() {
			_ = company.do(s.Now(), func(x *tx) error {
				for _, k := range x.calls.order {
					users := []int64{k.user, k.assignedTo, k.transferredBy, k.transferredTo}
					for _, m := range k.comments {
						users = append(users, m.by)
					}
					for _, g := range k.tags {
						users = append(users, g.by)
						if _, ok := x.tags.get(g.tagID); !ok {
							t.Errorf("call %d: tag %d", k.id, g.tagID)
						}
					}
					for _, id := range users {
						if _, ok := x.users.get(id); !ok && id != 0 {
							t.Errorf("call %d: user %d", k.id, id)
						}
					}
					for _, id := range k.teams {
						if _, ok := x.teams.get(id); !ok {
							t.Errorf("call %d: team %d", k.id, id)
						}
					}
				}
				if x.companyID == 0 || x.lastID < 2_100_000 || x.lastCall < 1_800_000_000 {
					t.Errorf("%s: ids of what comes: %d, %d, %d", company.account.Name, x.companyID, x.lastID, x.lastCall)
				}
				return nil
			})
		}
	}
}

// TestSeedGoesOn makes something after seeding: its id must be a new one.
func TestSeedGoesOn(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: seedClock})), t}
	h := hold(t, w.Server, w.Accounts()[0])
	highest := int64(0)
	for _, p := range h.contacts {
		for _, d := range slices.Concat(p.Phones, p.Emails) {
			highest = max(highest, p.ID, d.ID)
		}
	}
	for _, k := range h.calls {
		for _, m := range k.Comments {
			highest = max(highest, m.ID)
		}
	}
	var id int64
	made := w.send("POST", "/v1/tags", `{"name":"After the seed","color":"#123456"}`).wantStatus(201)
	if _, err := fmt.Sscan(made.at("tag.id"), &id); err != nil || id <= highest {
		t.Errorf("tag %d follows %d: %v", id, highest, err)
	}
}

// TestPhoneRanges proves the templates: what they show is what phonenumbers
// makes of the digits, for the lowest, the highest and thirty other numbers.
func TestPhoneRanges(t *testing.T) {
	source := &random{1}
	for _, c := range countries {
		prefix := fmt.Sprintf("+%d ", phonenumbers.GetCountryCodeForRegion(c.code))
		for _, r := range c.ranges {
			if _, err := time.LoadLocation(r.zone); err != nil {
				t.Errorf("%s: %v", r.template, err)
			}
			lowest, highest := r, r
			lowest.template = strings.ReplaceAll(r.template, "#", "0")
			highest.template = strings.ReplaceAll(r.template, "#", "9")
			ps := []phone{lowest.draw(source), highest.draw(source)}
			for range 30 {
				ps = append(ps, r.draw(source))
			}
			for _, p := range ps {
				n, err := phonenumbers.Parse(p.e164, "")
				switch {
				case err != nil || !phonenumbers.IsPossibleNumber(n) || !possiblePhone(p.e164):
					t.Errorf("%s: %s is not possible: %v", r.template, p.e164, err)
				case displayPhone(p.e164) != p.shown:
					t.Errorf("%s: %s is shown as %s, not %s", r.template, p.e164, displayPhone(p.e164), p.shown)
				case !strings.HasPrefix(p.shown, prefix) || p.mobile != (r.place == ""):
					t.Errorf("%s: %+v", r.template, p)
				}
			}
		}
	}
}

func BenchmarkSeed(b *testing.B) {
	for _, scale := range Scales() {
		b.Run(string(scale), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				srv, err := New(Options{Scale: scale, Clock: seedClock})
				if err != nil {
					b.Fatal(err)
				}
				for _, c := range srv.companies() {
					c.prepare()
				}
			}
		})
	}
}
