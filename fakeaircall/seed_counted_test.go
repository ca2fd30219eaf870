package fakeaircall

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// proportions are what differs from the shares that were counted on real calls (recorded from
// 2026-08-19 to 2026-10-09).
func (h *holding) proportions() []string {
	c := &checker{holding: h}
	count := make(map[string]float64)
	var short, tagged []int64
	for _, k := range h.calls {
		count["calls"]++
		user, reason := "no user", text(k.Reason)
		if k.User != nil {
			user = "a user"
		}
		switch {
		case k.Status != "done":
			continue
		case k.AnsweredAt != nil:
			count[k.Direction+" answered, "+user]++
		case k.inbound():
			count["missed"]++
			count["missed, "+reason]++
			if k.Voicemail != nil {
				count["voicemail, "+reason]++
			}
			if reason == "short_abandoned" {
				short = append(short, k.Duration)
			}
		default:
			count["outbound in vain, "+user]++
			count["outbound in vain, "+reason]++
		}
		if k.RawDigits == "anonymous" {
			count["anonymous"]++
		}
		h.countPlaces(&k, count)
		if len(k.Comments) > 0 {
			count["commented"]++
		}
		if len(k.Comments) == maxComments {
			count["full of comments"]++
		}
		for _, m := range k.Comments {
			count["comments"]++
			if m.PostedBy == nil {
				count["comments of apps"]++
			}
		}
		if k.Archived {
			count["archived"]++
		}
		for _, g := range k.Tags {
			if g.Name != "Callback Request" {
				tagged = append(tagged, g.CreatedAt-*k.EndedAt)
			}
		}
	}
	near := func(kind, of string, want, most float64) {
		got := count[kind] / count[of]
		c.must(math.Abs(got-want) <= most, "%s: %.4f of %s, not %.4f", kind, got, of, want)
	}
	near("missed", "calls", 169./822, .01)
	near("inbound answered, a user", "calls", 183./600, .01)
	near("inbound answered, no user", "calls", 3./573, .002)
	near("outbound answered, no user", "calls", 19./600, .003)
	near("outbound in vain, a user", "calls", 6./600, .002)
	for reason, n := range map[string]float64{
		"agents_did_not_answer": 75, "no_available_agent": 60, "short_abandoned": 19, "out_of_opening_hours": 6, "abandoned_in_ivr": 5, "abandoned_in_classic": 4,
	} {
		near("missed, "+reason, "missed", n/169, .01)
	}
	for reason, share := range map[string]float64{"agents_did_not_answer": 37. / 75, "no_available_agent": .5, "abandoned_in_classic": .5} {
		near("voicemail, "+reason, "missed, "+reason, share, .03)
	}
	near("outbound in vain, short_abandoned", "outbound in vain, a user", 1./78, .01)
	near("anonymous", "calls", .002, .001)
	near("archived", "calls", .7, .05)
	near("by day", "with a user", 1, .02)
	near("of a member", "of a team", 1, .05)
	near("of the country", "with digits", .72, .08)
	near("commented", "calls", .25, .02)
	near("full of comments", "calls", .002, .002)
	near("comments of apps", "comments", 1./6, .02)
	slices.Sort(short)
	c.must(short[0] <= 2 && short[len(short)-1] == 10, "short calls last %d to %d s", short[0], short[len(short)-1])
	c.must(short[len(short)/2] == 9, "half of the short calls last %d s", short[len(short)/2])
	within := func(least, most int64, want float64) {
		n := 0.
		for _, after := range tagged {
			if after > least && after <= most {
				n++
			}
		}
		got := n / float64(len(tagged))
		c.must(math.Abs(got-want) <= .01, "%.3f of the tags come %d to %d s after the end, not %.3f", got, least, most, want)
	}
	within(0, 300, 63./67)
	within(300, 1800, 3./67)
	within(165*60-1, 166*60, 1./67)
	return c.found
}

// countPlaces counts where the two ends of a call are.
func (h *holding) countPlaces(k *seenCall, count map[string]float64) {
	if k.RawDigits != "anonymous" {
		count["with digits"]++
		if strings.HasPrefix(k.RawDigits, fmt.Sprintf("+%d ", phonenumbers.GetCountryCodeForRegion(k.Number.Country))) {
			count["of the country"]++
		}
	}
	if k.User == nil {
		return
	}
	count["with a user"]++
	if zone, err := time.LoadLocation(k.User.TimeZone); err == nil {
		if hour := time.Unix(k.StartedAt, 0).In(zone).Hour(); hour >= 7 && hour < 21 {
			count["by day"]++
		}
	}
	if !k.inbound() || len(k.Teams) == 0 {
		return
	}
	count["of a team"]++
	for _, m := range h.teams {
		is := func(u seenUser) bool { return u.ID == k.User.ID }
		if slices.ContainsFunc(k.Teams, func(on seenTeam) bool { return on.ID == m.ID }) && slices.ContainsFunc(m.Users, is) {
			count["of a member"]++
			return
		}
	}
}

// Comments on a call that has a transcript are about its first topic, and those on a voicemail about what was said there.
func TestSeedTexts(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleTeam, Calls: 4000, Clock: seedClock, RateLimit: NoRateLimit})), t}
	about, about2 := 0, 0
	texts := make(map[string]int)
	for page := 1; page <= 80; page++ {
		onPage := make(map[string]int)
		for _, k := range pageOf(t, w.Server, w.Accounts()[0], fmt.Sprintf("/v1/calls?per_page=50&page=%d", page)).Calls {
			inCall := make(map[string]bool)
			for _, m := range k.Comments {
				texts[m.Content]++
				onPage[m.Content]++
				if inCall[m.Content] {
					t.Errorf("call %d has %q twice", k.ID, m.Content)
				}
				inCall[m.Content] = true
			}
			if len(k.Comments) == 0 || k.TransferredBy != nil {
				continue
			}
			path := fmt.Sprintf("/v1/calls/%d/", k.ID)
			var notes []string
			if a := w.get(path + "topics"); a.status == 200 {
				var topics []string
				if err := json.Unmarshal([]byte(a.at("topic.content")), &topics); err != nil || len(topics) == 0 {
					t.Fatal(a.body)
				}
				notes = notesOfTopic(topics[0])
				about++
			} else if a := w.get(path + "transcription"); k.Voicemail != nil && a.status == 200 {
				var said string
				if err := json.Unmarshal([]byte(a.at("transcription.content.utterances.0.text")), &said); err != nil {
					t.Fatal(a.body)
				}
				notes = notesOfMessage(said)
				about2++
			} else {
				continue
			}
			if !slices.ContainsFunc(notes, func(n string) bool { return matchesTemplate(n, k.Comments[0].Content) }) {
				t.Errorf("call %d: %q is not one of %q", k.ID, k.Comments[0].Content, notes)
			}
		}
		for content, n := range onPage {
			if n > 5 {
				t.Errorf("page %d has %q %d times", page, content, n)
			}
		}
	}
	if about < 100 || about2 < 10 || len(texts) < 400 {
		t.Errorf("%d comments on transcripts, %d on voicemails, %d texts", about, about2, len(texts))
	}
	notes := make(map[string]int)
	for _, p := range whole(t, w.Server, w.Accounts()[0], "/v1/contacts?", func(p seenPage) []seenContact { return p.Contacts }) {
		if p.Information != nil {
			notes[*p.Information]++
			if strings.ContainsAny(*p.Information, "{}") {
				t.Errorf("contact %d: %q", p.ID, *p.Information)
			}
		}
	}
	if len(notes) < 40 {
		t.Errorf("%d notes on contacts", len(notes))
	}
}

func notesOfTopic(topic string) (notes []string) {
	for _, b := range phrasebooks() {
		for _, m := range b.Matters {
			if m.Topic == topic {
				notes = append(notes, m.Notes...)
			}
		}
	}
	return notes
}

func notesOfMessage(said string) (notes []string) {
	for _, b := range phrasebooks() {
		for _, m := range b.Voicemail {
			if m.Said[0] == said {
				notes = append(notes, m.Notes...)
			}
		}
	}
	return notes
}

var templatePart = regexp.MustCompile(`\\\{\w+\\\}`)

func matchesTemplate(template, text string) bool {
	return regexp.MustCompile("^" + templatePart.ReplaceAllString(regexp.QuoteMeta(template), ".+") + "$").MatchString(text)
}
