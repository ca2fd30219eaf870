package fakeaircall

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nyaruka/phonenumbers"
)

// seedClock is a Wednesday morning.
var seedClock = time.Date(2026, 8, 12, 9, 30, 0, 0, time.UTC)

// listDigests returns a hash for every list of every account: for each GET without an id, of all pages.
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
	timeless := []string{"retrieve-company", "list-all-tags", "retrieve-list-of-users-availability", "list-sms-templates", "list-campaign-outcomes"}
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

// TestSeedInTwoProcesses runs itself again: what is random in a process, such as the order of maps, must not matter.
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
		ScaleEmpty: {{1, 1, 0, 9, 1, 0}, {1, 1, 0, 9, 1, 0}, {1, 1, 0, 9, 1, 0}},
		ScaleSmall: {{8, 4, 3, 13, 31, 60}, {7, 4, 3, 12, 27, 54}, {6, 3, 2, 11, 23, 48}},
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

// TestSeedReferences checks ids that no reply shows if their entity does not exist.
func TestSeedReferences(t *testing.T) {
	for scale := range amounts {
		s := unlimited(t, Options{Scale: scale, Clock: seedClock})
		for _, company := range s.accounts() {
			_ = company.do(s.Now(), func(x *tx) error {
				for _, k := range x.calls.order {
					users := []int64{k.User, k.AssignedTo, k.TransferredBy, k.TransferredTo}
					for _, m := range k.Comments {
						users = append(users, m.By)
					}
					for _, g := range k.Tags {
						users = append(users, g.By)
						if _, ok := x.tags.get(g.TagID); !ok {
							t.Errorf("call %d: tag %d", k.ID, g.TagID)
						}
					}
					for _, id := range users {
						if _, ok := x.users.get(id); !ok && id != 0 {
							t.Errorf("call %d: user %d", k.ID, id)
						}
					}
					for _, id := range k.Teams {
						if _, ok := x.teams.get(id); !ok {
							t.Errorf("call %d: team %d", k.ID, id)
						}
					}
				}
				if x.companyID < 100_000 || x.companyID > 999_999 {
					t.Errorf("%s: company %d", company.Account.Name, x.companyID)
				}
				return nil
			})
		}
	}
}

// recordedIDs are the magnitudes of ids as recorded on 2026-09-28.
var recordedIDs = map[string]int64{
	"user": 2_100_000, "number": 1_400_000, "team": 262_000, "tag": 3_000_000, "contact": 518_000_000, "detail": 2_170_000_000,
	"comment": 150_000_000, "call": 4_190_000_000, "webhook": 44_000_000,
}

// ids returns the ids in the lists of an account, by resource, in the order of the lists.
func (h *holding) ids() map[string][]int64 {
	all := make(map[string][]int64)
	for _, u := range h.users {
		all["user"] = append(all["user"], u.ID)
	}
	for _, n := range h.numbers {
		all["number"] = append(all["number"], n.ID)
	}
	for _, m := range h.teams {
		all["team"] = append(all["team"], m.ID)
	}
	for _, g := range h.tags {
		all["tag"] = append(all["tag"], g.ID)
	}
	for _, p := range h.contacts {
		if p.ID != documentedContact {
			all["contact"] = append(all["contact"], p.ID)
		}
		for _, d := range slices.Concat(p.Emails, p.Phones) {
			all["detail"] = append(all["detail"], d.ID)
		}
	}
	for _, k := range h.calls {
		if k.ID != documentedCall {
			all["call"] = append(all["call"], k.ID)
		}
		for _, m := range k.Comments {
			all["comment"] = append(all["comment"], m.ID)
		}
	}
	return all
}

// Each resource has ids of a certain magnitude, which rise with gaps and belong to one account only. Later entities continue
// from there.
func TestSeedIDs(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleSmall, Clock: seedClock, RateLimit: NoRateLimit})), t}
	taken, last := make(map[string]string), make(map[string]int64)
	for i, a := range w.Accounts() {
		h := hold(t, w.Server, a)
		for resource, ids := range h.ids() {
			first := recordedIDs[resource]
			for j, id := range ids {
				key := fmt.Sprint(resource, " ", id)
				if taken[key] != "" {
					t.Errorf("%s is of %s and of %s", key, taken[key], a.Name)
				}
				taken[key] = a.Name
				low, high := first, first+first/5
				if resource == "call" { // they go back half a year at a hundred a second
					low, high = first-200*day*100, first
				}
				if id < low || id > high {
					t.Errorf("%s: %s is not about %d", a.Name, key, first)
				}
				if j > 0 && id <= ids[j-1] {
					t.Errorf("%s: %s follows %d", a.Name, key, ids[j-1])
				}
			}
			if n := len(ids); resource != "tag" && n > 5 && ids[n-1]-ids[0] < int64(2*n) {
				t.Errorf("%s: %s ids have no gaps: %v", a.Name, resource, ids)
			}
			if i == 0 {
				last[resource] = ids[len(ids)-1]
			}
		}
		for j, g := range h.tags[:9] {
			if g.ID != h.tags[0].ID+int64(j) {
				t.Errorf("%s: the system's tags are not consecutive", a.Name)
			}
		}
		for j, k := range h.calls[1:] {
			before := h.calls[j]
			seconds := k.StartedAt - before.StartedAt
			if k.ID == documentedCall || before.ID == documentedCall || seconds < 10 {
				continue
			}
			if rate := (k.ID - before.ID) / seconds; rate < 80 || rate > 120 {
				t.Errorf("%s: %d ids a second between calls %d and %d", a.Name, rate, before.ID, k.ID)
			}
		}
	}
	for _, made := range []struct{ resource, path, body, id string }{
		{"tag", "/v1/tags", `{"name":"After the seed","color":"#123456"}`, "tag.id"},
		{"team", "/v1/teams", `{"name":"After the seed"}`, "team.id"},
		{"user", "/v2/users", `{"first_name":"After","last_name":"Seed","email":"after@example.com"}`, "user.id"},
		{"contact", "/v1/contacts", kim, "contact.id"},
		{"detail", "/v1/contacts", kim, "contact.emails.0.id"},
		{"comment", "/v1/calls/12345/comments", `{"content":"After the seed"}`, "call.comments.#.id"},
		{"webhook", "/v1/webhooks", `{"url":"https://example.com"}`, ""},
	} {
		a := w.send("POST", made.path, made.body).wantStatus(201)
		if made.id == "" || strings.Contains(made.id, "#") {
			continue
		}
		var id int64
		if _, err := fmt.Sscan(a.at(made.id), &id); err != nil || id <= last[made.resource] || id > last[made.resource]+100 {
			t.Errorf("%s %d follows %d: %v", made.resource, id, last[made.resource], err)
		}
	}
	w.Advance(time.Minute)
	id, err := w.Simulate("", SimulatedCall{})
	if err != nil || id < 4_190_006_000 || id > 4_190_006_099 {
		t.Errorf("the call a minute later is %d: %v", id, err)
	}
	again, err := w.Simulate("", SimulatedCall{})
	if err != nil || again <= id || again > id+200 {
		t.Errorf("another one in the same second is %d: %v", again, err)
	}
}

// A new account has what was recorded on 2026-09-28. Accounts of other scales also have it.
func TestNewCompany(t *testing.T) {
	for _, scale := range Scales() {
		w := world{RunT(t, checked(t, Options{Scale: scale, Clock: seedClock, RateLimit: NoRateLimit})), t}
		user, number, contact := w.get("/v2/users?per_page=1"), w.get("/v1/numbers?per_page=1"), w.get("/v1/contacts?per_page=1")
		owner := hold(t, w.Server, w.Accounts()[0]).users[0]
		if owner.Extension != "001" || owner.Language != "en-US" || owner.TimeZone != "Etc/UTC" || owner.WrapUpTime != 0 ||
			owner.AvailabilityStatus != "available" || owner.Substatus != "always_opened" || user.at("users.0.default_number_id") != number.at("numbers.0.id") {
			t.Errorf("%s: %+v, and the first line is %s", scale, owner, number.at("numbers.0.id"))
		}
		if got, want := number.at("numbers.0.created_at"), owner.CreatedAt.Add(42*time.Second).Format(`"2006-01-02T15:04:05.000Z"`); got != want {
			t.Errorf("%s: the first line came at %s, not at %s", scale, got, want)
		}
		for path, want := range map[string]string{
			"first_name": `"Echo"`, "last_name": `"Test"`, "company_name": `"Test your sound"`, "information": `"Call this number to check your sound"`,
			"phone_numbers.0.label": `"Main"`, "phone_numbers.0.value": `"+18445550100"`, "emails": "[]", "is_shared": "true",
			"created_at": fmt.Sprint(owner.CreatedAt.Unix()), "updated_at": fmt.Sprint(owner.CreatedAt.Unix()),
		} {
			if got := contact.at("contacts.0." + path); got != want {
				t.Errorf("%s: the first contact's %s is %s, want %s", scale, path, got, want)
			}
		}
		w.get("/v1/contacts/search?email="+owner.Email).want(200, `{"meta":{"count":0,"total":0,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null},"contacts":[]}`)
	}
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: seedClock, RateLimit: NoRateLimit})), t}
	number := w.get("/v1/numbers")
	name := regexp.MustCompile(`^"` + strings.Trim(w.get("/v2/users").at("users.0.name"), `"`) + ` Number - \d{13}"$`)
	if !name.MatchString(number.at("numbers.0.name")) {
		t.Errorf("the line is called %s", number.at("numbers.0.name"))
	}
	for path, want := range map[string]string{
		"country": `"US"`, "time_zone": `"America/Chicago"`, "open": "true", "availability_status": `"open"`, "is_ivr": "false", "live_recording_activated": "true", "priority": "0",
	} {
		if got := number.at("numbers.0." + path); got != want {
			t.Errorf("the line's %s is %s, want %s", path, got, want)
		}
	}
	for _, list := range []string{"teams", "webhooks", "calls"} {
		if got := w.get("/v1/" + list).at(list); got != "[]" {
			t.Errorf("%s: %s", list, got)
		}
	}
}

// TestPhoneRanges checks that phonenumbers formats the lowest, the highest and thirty other numbers of each range as the
// template does.
func TestPhoneRanges(t *testing.T) {
	source := &random{1}
	for _, c := range countries() {
		prefix := fmt.Sprintf("+%d ", phonenumbers.GetCountryCodeForRegion(c.Code))
		for _, r := range c.Ranges {
			if _, err := time.LoadLocation(r.Zone); err != nil {
				t.Errorf("%s: %v", r.Template, err)
			}
			lowest, highest := r, r
			lowest.Template = strings.ReplaceAll(r.Template, "#", "0")
			highest.Template = strings.ReplaceAll(r.Template, "#", "9")
			ps := []phone{lowest.draw(source), highest.draw(source)}
			for range 30 {
				ps = append(ps, r.draw(source))
			}
			for _, p := range ps {
				n, err := phonenumbers.Parse(p.e164, "")
				switch {
				case err != nil || !phonenumbers.IsPossibleNumber(n) || !possiblePhone(p.e164):
					t.Errorf("%s: %s is not possible: %v", r.Template, p.e164, err)
				case displayPhone(p.e164) != p.shown:
					t.Errorf("%s: %s is shown as %s, not %s", r.Template, p.e164, displayPhone(p.e164), p.shown)
				case !strings.HasPrefix(p.shown, prefix) || p.mobile != (r.Place == ""):
					t.Errorf("%s: %+v", r.Template, p)
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
				for _, c := range srv.accounts() {
					c.prepare()
				}
			}
		})
	}
}
