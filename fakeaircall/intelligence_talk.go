package fakeaircall

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// A conversation is what people said in a call, and what follows from it. It is
// kept nowhere: the id and sid of the call, which come from the company's seed,
// decide every word, so each read tells the same.
type conversation struct {
	call       *call
	company    int64
	kind       string // call or voicemail
	language   string
	book       *phrasebook
	utterances []utterance
	matters    []*matter // that came up, in order
	at         int       // tenths of a second since the talk began, or the tone
}

type utterance struct {
	start, end int // tenths of a second
	external   bool
	text       string
}

// maxUtterances bounds the transcript of a call of many hours.
const maxUtterances = 2000

// draw is a sequence of the call's own for one purpose, independent of others.
func (c *call) draw(purpose string) *random {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %s", c.ID, c.SID, purpose)
	return &random{h.Sum64()}
}

// conversation is nil if there is none to tell of: nobody talked, nobody listened
// for Aircall, too short, too early, or in a language it does not know. A live one
// is there from the first word, and of any length.
func (t *tx) conversation(c *call, live bool) *conversation {
	v := &conversation{call: c, company: t.companyID, kind: "call"}
	if n, ok := t.numbers.get(c.Number); ok {
		v.language = languageOf(n.Country)
	}
	if v.book = phrasebooks()[v.language]; v.book == nil {
		return nil
	}
	talk := c.Ended - c.Answered
	switch {
	case c.Answered == 0 && c.Voicemail && !live && t.unix()-c.Ended >= insightDelay:
		v.leaveMessage()
	case c.Answered == 0:
		return nil
	case live && t.listens(c):
		v.talk(t.name, min(talkTime(c, t.unix()), maxTalk), c.Ended != 0)
	case c.Ended == 0 || !c.Recorded || talk < shortestInsight || t.unix()-c.Ended < insightDelay:
		return nil
	default:
		v.talk(t.name, min(talk, maxTalk), true)
	}
	return v
}

// maxTalk keeps the arithmetic of tenths small for calls that nobody ended.
const maxTalk = day

func talkTime(c *call, now int64) int64 {
	if c.Ended != 0 {
		now = c.Ended
	}
	return max(now-c.Answered, 0)
}

// listens is whether Aircall hears the call: a deleted recording takes all that
// was made of it along, and a line that does not record gives none.
func (t *tx) listens(c *call) bool {
	if c.Ended != 0 {
		return c.Recorded
	}
	n, ok := t.numbers.get(c.Number)
	return ok && n.Recording
}

// talk fills so many seconds: an opening, matters until time runs out, and a
// farewell if the call is over. The user begins.
func (v *conversation) talk(company string, seconds int64, over bool) {
	until := int(seconds) * 10
	body := until
	closing := pick(v.call.draw("closing"), v.book.Closing)
	if over {
		body -= lasting(closing)
	}
	opening := v.book.Calling
	if v.call.Inbound {
		opening = v.book.Greeting
	}
	v.alternate(strings.NewReplacer("{company}", company), pick(v.call.draw("opening"), opening), false, body)
	matters := v.call.mattersOf(v.book)
	for len(v.utterances) < maxUtterances {
		m := matters()
		before := len(v.utterances)
		finished := v.alternate(nil, m.Said, true, body)
		// One who was cut off after a word did not bring it up.
		if len(v.utterances) > before+1 && !slices.Contains(v.matters, m) {
			v.matters = append(v.matters, m)
		}
		if !finished {
			break
		}
	}
	if over {
		v.alternate(nil, closing, true, until)
	}
}

// mattersOf deals what a call is about, one matter after the other.
func (c *call) mattersOf(b *phrasebook) func() *matter {
	r, matters := c.draw("matters"), newDeck(pointers(b.Matters)...)
	return func() *matter { return matters.deal(r) }
}

// messageOf is what the caller left as a voicemail.
func (c *call) messageOf(b *phrasebook) *voiceMessage {
	return &b.Voicemail[c.draw("message").intn(len(b.Voicemail))]
}

// leaveMessage is one voice. How long it was alone is not kept: half of the call
// is taken for the ringing.
func (v *conversation) leaveMessage() {
	v.kind = "voicemail"
	until := int(v.call.duration()) * 10 / 2
	r := v.call.draw("voicemail")
	for _, text := range v.call.messageOf(v.book).Said {
		if !v.say(r, text, true, until) {
			return
		}
	}
}

// alternate is a dialogue, as far as it goes before until.
func (v *conversation) alternate(names *strings.Replacer, lines []string, external bool, until int) bool {
	r := v.call.draw(lines[0])
	for _, text := range lines {
		if names != nil {
			text = names.Replace(text)
		}
		if !v.say(r, text, external, until) {
			return false
		}
		external = !external
	}
	return true
}

// Between two who speak there are up to longestPause tenths of a second.
const longestPause = 14

func (v *conversation) say(r *random, text string, external bool, until int) bool {
	start := v.at + 2 + r.intn(longestPause-1)
	end := start + saying(text)
	if end > until || len(v.utterances) == maxUtterances {
		return false
	}
	v.utterances = append(v.utterances, utterance{start, end, external, text})
	v.at = end
	return true
}

// saying is how long a text takes: 15 letters a second.
func saying(text string) int { return 5 + utf8.RuneCountInString(text)*10/15 }

func lasting(lines []string) (tenths int) {
	for _, text := range lines {
		tenths += saying(text) + longestPause
	}
	return tenths
}

func pointers[T any](s []T) []*T {
	p := make([]*T, len(s))
	for i := range s {
		p[i] = &s[i]
	}
	return p
}

// id is one of ten digits. Which sequences Aircall takes them from is not known.
func (v *conversation) id(kind string) int64 {
	return 1_000_000_000 + int64(v.call.draw(kind).next()%8_999_999_000)
}

// madeAt is an instant between the call's end and the time from which it is told.
func (v *conversation) madeAt(kind string) string {
	return isoTime(v.call.Ended + 5 + int64(v.call.draw(kind+" at").intn(insightDelay-5)))
}

// phone is the number of the external party: in E.164, or null if hidden.
func (v *conversation) phone() *string {
	if d := digits(v.call.Other); d != "" {
		return new("+" + d)
	}
	return nil
}

func (v *conversation) mood() (sum int) {
	for _, m := range v.matters {
		sum += m.Mood
	}
	return sum
}

// sentiment is the sentiment of the external party.
func (v *conversation) sentiment() string {
	switch mood := v.mood(); {
	case mood > 0:
		return "POSITIVE"
	case mood < 0:
		return "NEGATIVE"
	}
	return "NEUTRAL"
}

func (v *conversation) topics() []string {
	topics := []string{}
	for _, m := range v.matters {
		topics = append(topics, m.Topic)
	}
	return topics
}

func (v *conversation) actionItemID(i int) int64 { return v.id("action item") + int64(i) }

// actionItems returns the items with their keys as an app has them; that the id of nobody is null is inferred.
func (v *conversation) actionItems() []envelope {
	at := v.madeAt("action items")
	items := make([]envelope, len(v.matters))
	for i, m := range v.matters {
		items[i] = envelope{
			{"id", v.actionItemID(i)}, {"content", m.Action}, {"ai_generated", true},
			{"created_by", null}, {"created_at", at}, {"updated_by", null}, {"updated_at", at},
		}
	}
	return items
}

func (v *conversation) summary() string {
	sentences := make([]string, len(v.matters))
	for i, m := range v.matters {
		sentences[i] = m.Summary
	}
	return strings.Join(sentences, " ")
}

// csat is 0 to 100, around 70 and up or down with the mood.
func (v *conversation) csat() int {
	return max(0, min(100, 65+20*v.mood()+v.call.draw("csat").intn(11)))
}

// score is of the scorecard, 0 to 100 in steps of five.
func (v *conversation) score() int { return 60 + 5*v.call.draw("score").intn(9) }

// playbook returns how well each step was kept, and the percentage of steps that were.
func (v *conversation) playbook() (results []raw, score int) {
	r := v.call.draw("playbook")
	kept := 0
	for _, step := range v.book.Steps {
		verdict := v.book.Verdicts[0]
		if r.chance(30) {
			verdict = v.book.Verdicts[1]
		} else {
			kept++
		}
		results = append(results, encode(envelope{{"name", step}, {"result", verdict}}))
	}
	return results, kept * 100 / len(v.book.Steps)
}

// templateResults fills the template of the account: the reason for the call, its outcome, and what comes next.
func (v *conversation) templateResults() []raw {
	var actions []string
	for _, m := range v.matters {
		actions = append(actions, m.Action)
	}
	contents := []string{strings.Join(v.topics(), ", "), v.summary(), strings.Join(actions, " ")}
	results := make([]raw, len(contents))
	for i, content := range contents {
		results[i] = encode(envelope{{"name", v.book.Fields[i]}, {"content", content}})
	}
	return results
}

// playbookView is the same for all calls of an account.
func (v *conversation) playbookView() envelope {
	return envelope{{"id", v.company}, {"name", v.book.Playbook}, {"language", v.language}}
}

func (v *conversation) evaluations() []raw {
	return []raw{encode(envelope{
		{"scorecard", envelope{{"name", v.book.Scorecard}}},
		{"score", envelope{{"normalized_score", v.score()}}},
	})}
}

// A phrasebook is what people say on the phone in one language, and what is
// written about it. In a dialogue the two take turns.
type phrasebook struct {
	Greeting  [][]string     `json:"greeting"` // of a caller, by the user first
	Calling   [][]string     `json:"calling"`  // by the user who rang, first
	Closing   [][]string     `json:"closing"`  // by the other first
	Voicemail []voiceMessage `json:"voicemail"`
	Matters   []matter       `json:"matters"`

	Playbook  string    `json:"playbook"`
	Steps     []string  `json:"steps"`    // of the playbook
	Verdicts  [2]string `json:"verdicts"` // on a step: kept, or not
	Scorecard string    `json:"scorecard"`
	Template  string    `json:"template"` // of custom summaries
	Fields    [3]string `json:"fields"`   // of the template: why, what came of it, what next
}

// A matter is something to talk about.
type matter struct {
	Topic   string   `json:"topic"`
	Said    []string `json:"said"` // the external party speaks first
	Summary string   `json:"summary"`
	Action  string   `json:"action"`
	Mood    int      `json:"mood"`  // 1 good, -1 bad
	Notes   []string `json:"notes"` // templates of what the user may comment on the call
	Tags    []string `json:"tags"`  // how tags of companies begin that fit
}

// A voiceMessage is what a caller leaves, and templates of what a user may comment on it.
type voiceMessage struct {
	Said  []string `json:"said"`
	Notes []string `json:"notes"`
}

// languageOf is the language spoken on a line: its country's, where Aircall
// lists it. Of those it does (en, fr, es, de, nl and it, some with a country)
// the seeded lines speak three; a Swedish one stays without intelligence.
func languageOf(countryCode string) string {
	for _, c := range countries() {
		if c.Code == countryCode {
			if c.Language == "en-CA" {
				return "en" // not listed with this country
			}
			return c.Language
		}
	}
	return "en"
}

// phrasebooks are those of seed/phrasebook.*.json by the language of a line. Comments are in English on calls in other
// languages, too: companies have offices in several countries.
var phrasebooks = sync.OnceValue(func() map[string]*phrasebook {
	english := readSeed[phrasebook]("phrasebook.en")
	return map[string]*phrasebook{
		"en": english, "en-GB": english, "en-US": english, "en-AU": english,
		"fr-FR": readSeed[phrasebook]("phrasebook.fr"),
		"de-DE": readSeed[phrasebook]("phrasebook.de"),
	}
})
