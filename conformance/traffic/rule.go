package traffic

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/suggest"
)

// A rule decides what an exchange says about an assumption. look reads one exchange; after reads one that follows others,
// and is called in the order of the recording.
type rule struct {
	id    string
	look  func(x *exchange) finding
	after func(p *past, x *exchange) finding

	// shape says that the rule also reads masked exchanges: it needs no value of a body, of a query or of a header but Date.
	shape bool
}

// A finding is what an exchange says about an assumption. The zero value says nothing.
type finding struct {
	says, all bool
	fits      []string // the answers that the exchange agrees with
}

var nothing finding

// holds returns the finding of an exchange that agrees with the assumption, whatever its answer, or with no answer of it.
func holds(ok bool) finding { return finding{says: true, all: ok} }

// only returns the finding of an exchange that agrees with these answers and with no other.
func only(answers ...string) finding { return finding{says: true, fits: answers} }

// confirms reports whether the finding agrees with the answer that was chosen, "" for an assumption without answers.
func (f finding) confirms(answer string) bool { return f.all || slices.Contains(f.fits, answer) }

// rules are all rules. An assumption has one rule, or none.
var rules = slices.Concat(edgeRules, listRules, callRules, contactRules, companyRules, webhookRules, intelligenceRules, messageRules, campaignRules, eventRules, followingRules)

// Covered returns the ids of the assumptions that recorded traffic can confirm or refute.
func Covered() (ids []string) {
	for _, r := range rules {
		ids = append(ids, r.id)
	}
	return ids
}

// unobservable are the assumptions that no exchange can show, with the reason. The others without a rule could be seen in
// longer recordings, but nothing looks for them.
var unobservable = map[string]string{
	"validation-words":     "the words are the fake's own, and Aircall has others",
	"audio-each":           "the fake's audio is its own",
	"intelligence-licence": "it is about the plan of a company",
	"realtime-licence":     "it is about the plan of a company",
	"message-plan":         "it is about the plan of a company",
	"campaign-plan":        "it is about the plan of a company",
	"analytics-licence":    "it is about the plan of a company",
	"agent-ids":            "it is about the data of the fake",
	"campaign-outcomes":    "it is about the data of the fake",
	"whatsapp-cap":         "it takes at least 250 customers in one day",
	"short-abandoned":      "no reply says who ended a call",
	"webhook-visibility":   "no exchange shows the webhooks of another app",
}

// Unobservable returns the assumptions that no exchange can show, with the reason.
func Unobservable() map[string]string { return maps.Clone(unobservable) }

// whyNot returns why nothing was observed of an assumption.
func whyNot(id string) string {
	if why := unobservable[id]; why != "" {
		return "no exchange can show it: " + why
	}
	if !slices.Contains(Covered(), id) {
		return "no rule looks for it in recorded exchanges"
	}
	return "no exchange of the recording shows it"
}

// chosenAnswers returns the answer of each assumption that has answers: the first, unless assume names another.
func chosenAnswers(assume map[string]string) (map[string]string, error) {
	chosen := map[string]string{}
	var ids []string
	for _, a := range fakeaircall.Assumptions() {
		ids = append(ids, a.ID)
		if len(a.Answers) > 0 {
			chosen[a.ID] = a.Answers[0]
		}
		answer, given := assume[a.ID]
		switch {
		case !given:
		case len(a.Answers) == 0:
			return nil, fmt.Errorf("assumption %s has one answer only", a.ID)
		case !slices.Contains(a.Answers, answer):
			return nil, fmt.Errorf("assumption %s: answer %.40q is not one of %s", a.ID, answer, strings.Join(a.Answers, ", "))
		default:
			chosen[a.ID] = answer
		}
	}
	for id := range assume {
		if !slices.Contains(ids, id) {
			return nil, fmt.Errorf("there is no assumption %.40q%s", id, didYouMean(id, ids))
		}
	}
	return chosen, nil
}

func didYouMean(id string, ids []string) string {
	if near := suggest.For(id, ids); len(near) > 0 {
		return ": did you mean " + near[0] + "?"
	}
	return ""
}
