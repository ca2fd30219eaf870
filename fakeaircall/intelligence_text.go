package fakeaircall

import "sync"

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
	Said    []string `json:"said"` // by who is outside first
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
