package fakeaircall

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// A conversation is what people said in a call, and what Aircall makes of it. It is not stored: the id and sid of the
// call, which come from the seed of the account, decide every word, so each read has the same.
type conversation struct {
	call       *call
	agent      string // the AI voice agent who talks in place of a user; "": none
	agentType  string // of participant it is
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

// draw returns a random sequence of the call for one purpose, independent of others.
func (c *call) draw(purpose string) *random {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %s", c.ID, c.SID, purpose)
	return &random{h.Sum64()}
}

// conversation returns nil if Aircall has none: the call was not answered or not recorded, it is too short, it ended too
// recently, or its language is unknown. A live conversation has any length, from the first word on.
func (t *tx) conversation(c *call, live bool) *conversation {
	v := &conversation{call: c, company: t.companyID, kind: "call", agentType: agentParticipant}
	if a := t.agentOf(c); a != nil {
		v.agent = a.Agent
	}
	if t.account.assume.internalAgents {
		v.agentType = "internal"
	}
	if n, ok := t.line(c.Number); ok {
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

// maxTalk bounds a call that was never ended, in seconds.
const maxTalk = day

func talkTime(c *call, now int64) int64 {
	if c.Ended != 0 {
		now = c.Ended
	}
	return max(now-c.Answered, 0)
}

// listens reports whether Aircall records the call. Nothing is made of a call whose recording was deleted, or of a line
// that does not record.
func (t *tx) listens(c *call) bool {
	if c.Ended != 0 {
		return c.Recorded
	}
	n, ok := t.line(c.Number)
	return ok && n.Recording
}

// talk fills so many seconds: an opening, matters until the time is over, and a farewell if the call is over. The user
// begins.
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
		// A matter of which only the first sentence fits does not count.
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

// mattersOf returns a function that deals what a call is about, one matter after the other.
func (c *call) mattersOf(b *phrasebook) func() *matter {
	var all []*matter
	for i := range b.Matters {
		all = append(all, &b.Matters[i])
	}
	r, matters := c.draw("matters"), newDeck(all...)
	return func() *matter { return matters.deal(r) }
}

// messageOf returns what the caller left as a voicemail.
func (c *call) messageOf(b *phrasebook) *voiceMessage {
	return &b.Voicemail[c.draw("message").intn(len(b.Voicemail))]
}

// leaveMessage fills a voicemail. How long the caller spoke is not stored: half of the call counts as ringing.
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

// alternate adds a dialogue, as far as it fits before until, and reports whether all of it did.
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

// longestPause is the longest pause between two speakers, in tenths of a second.
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

// saying returns how many tenths of a second a text takes: 15 letters a second.
func saying(text string) int { return 5 + utf8.RuneCountInString(text)*10/15 }

func lasting(lines []string) (tenths int) {
	for _, text := range lines {
		tenths += saying(text) + longestPause
	}
	return tenths
}

// id returns an id of ten digits. Which sequences Aircall takes ids from is not known.
func (v *conversation) id(kind string) int64 {
	return 1_000_000_000 + int64(v.call.draw(kind).next()%8_999_999_000)
}

// madeAt returns an instant between the end of the call and the time from which an insight can be read.
func (v *conversation) madeAt(kind string) string {
	return isoTime(v.call.Ended + 5 + int64(v.call.draw(kind+" at").intn(insightDelay-5)))
}

// phone returns the number of the external party in E.164, or nil if it is hidden.
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

// sentiment returns the sentiment of the external party.
func (v *conversation) sentiment() string {
	switch mood := v.mood(); {
	case mood > 0:
		return "POSITIVE"
	case mood < 0:
		return "NEGATIVE"
	}
	return "NEUTRAL"
}

// of returns one text of each matter.
func (v *conversation) of(text func(*matter) string) []string {
	texts := make([]string, len(v.matters))
	for i, m := range v.matters {
		texts[i] = text(m)
	}
	return texts
}

func (v *conversation) topics() []string { return v.of(func(m *matter) string { return m.Topic }) }

func (v *conversation) summary() string {
	return strings.Join(v.of(func(m *matter) string { return m.Summary }), " ")
}

func (v *conversation) actionItemID(i int) int64 { return v.id("action item") + int64(i) }

// actionItems returns the items with their keys as an app has them; that created_by is null without a user is inferred.
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

// csat returns 0 to 100, around 70 and up or down with the mood.
func (v *conversation) csat() int {
	return max(0, min(100, 65+20*v.mood()+v.call.draw("csat").intn(11)))
}

// score returns the score of the scorecard, 0 to 100, at first in steps of five.
func (v *conversation) score() int64 {
	if revised := v.call.Revised.Score; revised != nil {
		return *revised
	}
	return int64(60 + 5*v.call.draw("score").intn(9))
}

// playbook returns how well each step was kept, and the percentage of steps that were.
func (v *conversation) playbook() (results []raw, score int) {
	r := v.call.draw("playbook")
	steps := len(v.book.Steps)
	kept := 0
	for i, step := range v.book.Steps {
		turned := (v.call.Revised.Playbook + steps - 1 - i) / steps // how often its verdict was
		verdict := v.book.Verdicts[1]
		if r.chance(30) == (turned%2 == 1) {
			verdict = v.book.Verdicts[0]
			kept++
		}
		results = append(results, encode(envelope{{"name", step}, {"result", verdict}}))
	}
	return results, kept * 100 / steps
}

// templateResults fills the template of the account: the reason for the call, its outcome, and what comes next.
func (v *conversation) templateResults() []raw {
	actions := v.of(func(m *matter) string { return m.Action })
	contents := []string{cmp.Or(v.call.Revised.Summary, strings.Join(v.topics(), ", ")), v.summary(), strings.Join(actions, " ")}
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

// A phrasebook has what people say on the phone in one language, and what is written about it. In a dialogue the two take
// turns.
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
	Fields    [3]string `json:"fields"`   // of the template: reason, outcome, next steps
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

// languageOf returns the language of a line: that of its country, where Aircall lists it. Of the languages it lists (en,
// fr, es, de, nl and it, some with a country) the seeded lines have three; a Swedish line has no intelligence.
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

// phrasebooks has the files seed/phrasebook.*.json by the language of a line. Comments are in English on calls in other
// languages, too: companies have offices in several countries.
var phrasebooks = sync.OnceValue(func() map[string]*phrasebook {
	english := readSeed[phrasebook]("phrasebook.en")
	return map[string]*phrasebook{
		"en": english, "en-GB": english, "en-US": english, "en-AU": english,
		"fr-FR": readSeed[phrasebook]("phrasebook.fr"),
		"de-DE": readSeed[phrasebook]("phrasebook.de"),
	}
})
