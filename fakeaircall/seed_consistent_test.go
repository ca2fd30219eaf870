package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// undocumented lists what the examples of the documentation would miss.
func (h *holding) undocumented() []string {
	c := &checker{holding: h}
	i := slices.IndexFunc(h.calls, func(k seenCall) bool { return k.ID == 12345 })
	c.must(i > 0 && i < len(h.calls)-1, "call 12345 is at %d of %d", i, len(h.calls))
	if i >= 0 {
		k := h.calls[i]
		c.must(k.inbound() && k.Status == "done" && k.AnsweredAt != nil && k.User != nil && k.Number != nil, "call 12345: %+v", k)
		c.must(k.Recording != nil && len(k.Tags) > 0 && len(k.Comments) > 0 && len(k.Teams) > 0, "call 12345 lacks something: %+v", k)
		c.must(k.Contact != nil && k.Contact.ID == 5678, "call 12345 is not with contact 5678")
		c.must(k.TransferredBy == nil, "call 12345 was transferred")
		c.must(len(k.Comments) <= 2, "call 12345 has %d comments: it takes five, and examples add some", len(k.Comments))
	}
	i = slices.IndexFunc(h.contacts, func(p seenContact) bool { return p.ID == 5678 })
	c.must(i > 0 && i < len(h.contacts)-1, "contact 5678 is at %d of %d", i, len(h.contacts))
	if i >= 0 {
		p := h.contacts[i]
		c.must(p.FirstName != nil && p.LastName != nil && p.CompanyName != nil, "contact 5678 lacks a name")
		c.must(len(p.Phones) > 0 && len(p.Emails) > 0, "contact 5678: %+v", p)
	}
	johns, contain, others := make(map[string]bool), 0, 0
	for _, p := range h.contacts {
		first, last := text(p.FirstName), text(p.LastName)
		switch {
		case first == "John" && last != "":
			johns[last] = true
		case strings.Contains(strings.ToLower(first+" "+last), "john"):
			contain++
		default:
			others++
		}
	}
	c.must(len(johns) >= 3 && contain >= 2 && others > len(h.contacts)/2, "%d Johns, %d that contain it, %d others", len(johns), contain, others)
	return c.found
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// TestSeedConsistent reads whole accounts at many seeds, on a working day, in
// the night, on a Sunday, and after the longest half year.
func TestSeedConsistent(t *testing.T) {
	clocks := []time.Time{
		seedClock,
		time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2027, 2, 28, 3, 59, 59, 0, time.UTC),
		time.Date(2028, 8, 31, 23, 0, 0, 0, time.UTC),
	}
	for scale, seeds := range map[Scale]int{ScaleEmpty: 1, ScaleSmall: 16, ScaleTeam: 3, ScaleLarge: 1} {
		t.Run(string(scale), func(t *testing.T) {
			t.Parallel()
			if scale == ScaleLarge && (testing.Short() || underRace) {
				t.Skip("reads 11,000 calls")
			}
			if underRace {
				seeds = 1
			}
			for seed := range seeds {
				s := unlimited(t, Options{Scale: scale, Seed: int64(seed), Clock: clocks[seed%len(clocks)]})
				for i, a := range s.Accounts() {
					if scale == ScaleLarge && i < 2 {
						continue // the smallest, too, has more calls than can be paged through
					}
					h := hold(t, s, a)
					problems := h.defects()
					if scale != ScaleEmpty {
						problems = slices.Concat(problems, h.monotony(), h.undocumented())
					}
					if scale == ScaleLarge {
						problems = append(problems, h.proportions()...)
					}
					if n := amountOf(scale, i).calls; len(h.calls) != n {
						problems = append(problems, fmt.Sprintf("%d calls of %d are read", len(h.calls), n))
					}
					if len(problems) > 0 {
						t.Errorf("seed %d, %s: %d defects:\n%s", seed, a.Name, len(problems), strings.Join(problems[:min(10, len(problems))], "\n"))
					}
				}
			}
		})
	}
}

// monotony returns what never occurs in an account, or too rarely.
func (h *holding) monotony() []string {
	seen := make(map[string]int)
	for _, u := range h.users {
		seen["user in "+u.TimeZone]++
		seen["availability "+u.AvailabilityStatus]++
		if u.DefaultNumberID == nil {
			seen["user without a default number"]++
		}
	}
	for _, k := range h.calls {
		h.count(&k, seen)
	}
	for _, p := range h.contacts {
		seen[fmt.Sprintf("contact with %d phones", len(p.Phones))]++
		seen[fmt.Sprintf("contact with %d e-mails", len(p.Emails))]++
		for name, field := range map[string]*string{"last name": p.LastName, "company": p.CompanyName, "information": p.Information} {
			if field == nil {
				seen["contact without "+name]++
			}
		}
	}
	c := &checker{holding: h}
	for _, kind := range []string{
		"missed: out_of_opening_hours", "missed: short_abandoned", "missed: abandoned_in_ivr", "missed: abandoned_in_classic",
		"missed: no_available_agent", "missed: agents_did_not_answer", "missed: callback",
		"inbound done", "inbound initial", "inbound answered", "outbound done", "outbound initial", "outbound answered",
		"outbound in vain", "inbound not answered", "outbound not answered", "anonymous", "voicemail", "recording", "with a contact", "archived", "not archived",
		"commented", "tagged", "tagged without an author", "assigned",
		"contact with 1 phones", "contact with 2 phones", "contact with 3 phones", "contact with 0 e-mails", "contact with 2 e-mails",
		"contact without last name", "contact without company", "contact without information",
		"availability available",
	} {
		c.must(seen[kind] > 0, "none: %s", kind)
	}
	if len(h.users) > 20 {
		for _, kind := range []string{"availability custom", "availability unavailable", "user without a default number", "transferred", "5 comments"} {
			c.must(seen[kind] > 0, "none: %s", kind)
		}
	}
	zones := 0
	for kind := range seen {
		if strings.HasPrefix(kind, "user in ") {
			zones++
		}
	}
	c.must(zones >= 1 && zones <= 5 && (zones > 1 || len(h.users) < 20), "users in %d zones", zones)
	share := func(kind string) int { return 100 * seen[kind] / len(h.calls) }
	c.must(share("in office hours") >= 60, "%d %% of calls in office hours", share("in office hours"))
	c.must(share("with a contact") >= 40 && share("with a contact") <= 75, "%d %% of calls with a contact", share("with a contact"))
	return c.found
}

func (h *holding) count(k *seenCall, seen map[string]int) {
	seen[k.Direction+" "+k.Status]++
	for kind, is := range map[string]bool{
		"in office hours": officeHours(k.local()),
		"anonymous":       k.RawDigits == "anonymous",
		"voicemail":       k.Voicemail != nil,
		"recording":       k.Recording != nil,
		"with a contact":  k.Contact != nil,
		"archived":        k.Archived,
		"not archived":    !k.Archived,
		"commented":       len(k.Comments) > 0,
		"5 comments":      len(k.Comments) == 5,
		"tagged":          len(k.Tags) > 0,
		"assigned":        k.AssignedTo != nil,
		"transferred":     k.TransferredBy != nil,

		"missed: " + text(k.Reason):   k.Reason != nil,
		"missed: callback":            k.missed() && k.Reason == nil,
		k.Direction + " not answered": k.AnsweredAt != nil && k.User == nil,
		"outbound in vain":            !k.inbound() && k.EndedAt != nil && k.AnsweredAt == nil,
	} {
		if is {
			seen[kind]++
		}
	}
	for _, g := range k.Tags {
		if g.TaggedBy.ID == 0 && g.Name != "Callback Request" {
			seen["tagged without an author"]++
		}
	}
}

// TestSeedDefectsAreFound changes one thing at a time in the data, and the checks of TestSeedConsistent must find it.
func TestSeedDefectsAreFound(t *testing.T) {
	s := unlimited(t, Options{Scale: ScaleSmall, Clock: seedClock})
	first := func(h *holding, is func(*seenCall) bool) *seenCall {
		for i := range h.calls {
			if is(&h.calls[i]) {
				return &h.calls[i]
			}
		}
		t.Fatal("no such call")
		return nil
	}
	taken := func(k *seenCall) bool { return k.inbound() && k.AnsweredAt != nil && k.EndedAt != nil && k.User != nil }
	missed := func(k *seenCall) bool { return k.missed() && k.Reason != nil }
	because := func(reason string) func(*seenCall) bool {
		return func(k *seenCall) bool { return text(k.Reason) == reason }
	}
	rings := func(k *seenCall) bool { return k.inbound() && k.Status == "initial" }
	for _, tt := range []struct {
		name  string
		spoil func(*holding)
		want  string
	}{
		{"e-mail of somebody", func(h *holding) { h.users[2].Email = "kim@lee.org" }, "nobody's to use"},
		{"e-mail twice", func(h *holding) { h.users[2].Email = h.users[3].Email }, "comes twice"},
		{"owner's e-mail", func(h *holding) { h.users[0].Email = "boss@default.example.com" }, "owner"},
		{"owner away", func(h *holding) { h.doing[h.users[0].ID] = "offline" }, "owner"},
		{"user of tomorrow", func(h *holding) { h.users[5].CreatedAt = h.start.AddDate(0, 0, 1) }, "in the future"},
		{"no such zone", func(h *holding) { h.users[1].TimeZone = "Mars/Olympus" }, "time zone"},
		{"extension", func(h *holding) { h.users[1].Extension = "001" }, "extension"},
		{"default number", func(h *holding) { h.users[0].DefaultNumberID = new(int64(7)) }, "default number"},
		{"line's name twice", func(h *holding) { h.numbers[1].Name = h.numbers[2].Name }, "comes twice"},
		{"number in E.164", func(h *holding) { h.numbers[1].Digits = "+" + digits(h.numbers[1].Digits) }, "digits"},
		{"number of nowhere", func(h *holding) { h.numbers[1].Country = "JP" }, "is not of JP"},
		{"open against its hours", func(h *holding) { h.numbers[1].Open = !h.numbers[1].Open }, "status custom"},
		{"line without users", func(h *holding) { h.numbers[2].Users = nil }, "no users"},
		{"message", func(h *holding) { h.numbers[0].Messages["welcome"] = "http://media.example.com/x.mp3" }, "welcome"},
		{"team twice", func(h *holding) { h.teams[0].Name = h.teams[1].Name }, "comes twice"},
		{"long team", func(h *holding) { h.teams[0].Name = strings.Repeat("é", 65) }, "team"},
		{"stranger in a team", func(h *holding) { h.teams[0].Users[0].ID = 1 }, "is no user"},
		{"tag's color", func(h *holding) { h.tags[10].Color = "red" }, "color"},
		{"contact's phone", func(h *holding) { h.contacts[4].Phones[0].Value = "+1 212-555-0100" }, "phone"},
		{"impossible phone", func(h *holding) { h.contacts[4].Phones[0].Value = "+33199001" }, "phone"},
		{"phone twice", func(h *holding) { h.contacts[4].Phones[0] = h.contacts[5].Phones[0] }, "comes twice"},
		{"contact changed tomorrow", func(h *holding) { h.contacts[4].UpdatedAt += 3000 * day }, "times"},
		{"contacts out of order", func(h *holding) { h.contacts[4].ID = 1 }, "rise"},
		{"dialed without a user", func(h *holding) {
			first(h, func(k *seenCall) bool { return !k.inbound() && k.AnsweredAt == nil && k.Status == "done" }).User = nil
		}, "dialed without a user"},
		{"cost", func(h *holding) { first(h, taken).Cost = "0.02" }, "cost \"0.02\""},
		{"voicemail out of hours", func(h *holding) {
			first(h, because("out_of_opening_hours")).Voicemail = new("https://x")
		}, "voicemail after out_of_opening_hours"},
		{"comment of a template", func(h *holding) {
			first(h, func(k *seenCall) bool { return len(k.Comments) > 0 }).Comments[0].Content = "Call {who} back"
		}, "comment"},
		{"call of another line", func(h *holding) { first(h, taken).User.ID = 1 }, "of another line"},
		{"call before its user", func(h *holding) { first(h, taken).User.CreatedAt = h.start }, "came later"},
		{"answered early", func(h *holding) { *first(h, taken).AnsweredAt = 1 }, "before it rang"},
		{"ended early", func(h *holding) { k := first(h, taken); *k.EndedAt = *k.AnsweredAt }, "before it was answered"},
		{"ended late", func(h *holding) { *first(h, missed).EndedAt = h.start.Unix() + 1 }, "too early or late"},
		{"duration", func(h *holding) { first(h, taken).Duration++ }, "duration"},
		{"old call", func(h *holding) { h.calls[0].StartedAt -= 30 * day }, "ago"},
		{"reason though answered", func(h *holding) { first(h, taken).Reason = new("short_abandoned") }, "though not missed"},
		{"no reason", func(h *holding) { first(h, missed).Reason = nil }, "against callback"},
		{"long short call", func(h *holding) { first(h, missed).Reason = new("short_abandoned") }, "short_abandoned"},
		{"closed at noon", func(h *holding) { first(h, because("abandoned_in_classic")).Reason = new("out_of_opening_hours") }, "at that hour"},
		{"IVR without", func(h *holding) { first(h, because("abandoned_in_ivr")).Number.IsIVR = false }, "without one"},
		{"missed with a user", func(h *holding) { first(h, missed).User = &h.users[0] }, "yet with a user"},
		{"not recorded", func(h *holding) { k := first(h, taken); k.Number.Recording = k.Recording == nil }, "recording"},
		{"voicemail", func(h *holding) { first(h, taken).Voicemail = new("https://x") }, "voicemail"},
		{"half a transfer", func(h *holding) { first(h, taken).TransferredTo = &h.users[0] }, "transfer"},
		{"assigned", func(h *holding) { first(h, taken).AssignedTo = &h.users[0] }, "assigned"},
		{"two calls at once", func(h *holding) {
			k := first(h, taken)
			again := *k
			again.ID, again.SID, again.StartedAt = k.ID+1, "CA"+strings.Repeat("0", 32), k.StartedAt+1
			h.calls = slices.Insert(h.calls, slices.IndexFunc(h.calls, func(o seenCall) bool { return o.ID == k.ID })+1, again)
		}, "is in another one"},
		{"sid twice", func(h *holding) { h.calls[0].SID = h.calls[1].SID }, "comes twice"},
		{"calls out of order", func(h *holding) { h.calls[0].ID = h.calls[1].ID + 1 }, "follows"},
		{"no call rings", func(h *holding) {
			h.calls = slices.DeleteFunc(h.calls, func(k seenCall) bool { return rings(&k) })
		}, "0 calls under way are inbound initial"},
		{"user not in his call", func(h *holding) {
			for id := range h.doing {
				h.doing[id] = "available"
			}
		}, "against the calls"},
		{"early comment", func(h *holding) {
			k := first(h, func(k *seenCall) bool { return len(k.Comments) > 0 })
			k.Comments[0].PostedAt = k.StartedAt
		}, "comment out of time"},
		{"author's own name", func(h *holding) {
			m := &first(h, func(k *seenCall) bool { return k.User != nil && len(k.Comments) > 0 && k.Comments[0].PostedBy != nil }).Comments[0]
			name, _, _ := strings.Cut(m.PostedBy.Name, " ")
			m.Content = "Informed " + name + "."
		}, "himself"},
		{"e-mail without an address", func(h *holding) {
			k := first(h, func(k *seenCall) bool { return len(k.Comments) > 0 })
			k.Contact, k.Comments[0].Content = nil, "Summary sent by e-mail."
		}, "no address"},
		{"closed at the wrong reason", func(h *holding) {
			first(h, func(k *seenCall) bool {
				return k.missed() && text(k.Reason) != "out_of_opening_hours" && len(k.Comments) > 0
			}).Comments[0].Content = "Sent a text message with our opening hours."
		}, "opening hours"},
		{"busy at the wrong reason", func(h *holding) {
			first(h, func(k *seenCall) bool { return text(k.Reason) != "no_available_agent" && len(k.Comments) > 0 }).Comments[0].Content = "Nobody was free to pick up."
		}, "Nobody was free"},
		{"comment after the last", func(h *holding) {
			first(h, func(k *seenCall) bool { return len(k.Comments) > 1 }).Comments[0].Content = "Closed the ticket."
		}, "more after"},
		{"topic of a miss", func(h *holding) {
			k := first(h, missed)
			k.Tags = append(k.Tags, first(h, func(k *seenCall) bool { return len(k.Tags) > 0 }).Tags[0])
			k.Tags[len(k.Tags)-1].Name = "Training"
		}, "nobody spoke"},
		{"two stages", func(h *holding) {
			k := first(h, func(k *seenCall) bool { return k.AnsweredAt != nil && len(k.Tags) > 0 })
			k.Tags = append(k.Tags, k.Tags[0])
			k.Tags[0].Name, k.Tags[len(k.Tags)-1].Name = "Contract: solved", "Contract: reopened"
		}, "Contract: reopened"},
		{"early tag", func(h *holding) {
			k := first(h, func(k *seenCall) bool { return len(k.Tags) > 0 })
			k.Tags[0].CreatedAt = k.StartedAt
		}, "tagged out of time"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := hold(t, s, s.Accounts()[2])
			if problems := h.defects(); len(problems) > 0 {
				t.Fatal(problems)
			}
			tt.spoil(h)
			if problems := h.defects(); !strings.Contains(strings.Join(problems, "\n"), tt.want) {
				t.Errorf("found %q, want %q", problems, tt.want)
			}
		})
	}
}
