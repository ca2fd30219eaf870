package report

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Cause is one reason why scenarios failed, or one kind of drift, with the number of scenarios that met it.
type Cause struct {
	Cause      string   `json:"cause"`            // one line that names it, the same in every run: --known refers to it
	Status     Status   `json:"status,omitempty"` // of the scenarios; "" for drift
	Advice     string   `json:"advice"`
	Scenarios  int      `json:"scenarios"`
	Examples   []string `json:"examples"` // ids of the first scenarios, at most mostExamples
	Operations []string `json:"operations,omitempty"`
	Known      string   `json:"known,omitempty"` // the recorded reason why this drift is accepted
}

// String gives the cause in one line.
func (c Cause) String() string {
	text := fmt.Sprintf("%s: %s; %s", Plural(c.Scenarios, "scenario"), c.Cause, c.Advice)
	if c.Known != "" {
		text += fmt.Sprintf(" (known: %s)", c.Known)
	}
	return text
}

// Values of Header.Target that have a meaning here.
const (
	targetFake = "fake"
	targetLive = "live"
)

const (
	mostExamples = 3
	mostCauses   = 200 // a target that makes up keys can make up as many causes
	otherCauses  = "other differences"
)

// grouping counts scenarios by cause.
type grouping struct {
	causes []Cause
	seen   map[string]bool // a scenario counts once for each cause
}

// add counts a scenario for a cause.
func (g *grouping) add(c Cause, scenario, op string) {
	same := func(o Cause) bool { return o.Status == c.Status && o.Cause == c.Cause }
	i := slices.IndexFunc(g.causes, same)
	if i < 0 && len(g.causes) >= mostCauses {
		c.Cause, c.Advice = otherCauses, "there are too many to list: run.json has them, scenario by scenario"
		i = slices.IndexFunc(g.causes, same)
	}
	if i < 0 {
		i = len(g.causes)
		g.causes = append(g.causes, c)
	}
	at := &g.causes[i]
	if key := fmt.Sprint(i, " ", scenario); !g.seen[key] {
		g.seen[key] = true
		at.Scenarios++
		if len(at.Examples) < mostExamples {
			at.Examples = append(at.Examples, scenario)
		}
	}
	if op != "" && !slices.Contains(at.Operations, op) {
		at.Operations = append(at.Operations, op)
	}
}

// sorted returns the causes: failures before errors, and those with the most scenarios first.
func (g *grouping) sorted() []Cause {
	slices.SortStableFunc(g.causes, func(a, b Cause) int {
		return cmp.Or(slices.Index(statuses, a.Status)-slices.Index(statuses, b.Status), b.Scenarios-a.Scenarios)
	})
	return append([]Cause{}, g.causes...) // an empty list in JSON, not null
}

// driftOf groups the breaches of the contract by cause.
func driftOf(h Header, scenarios []Scenario) []Cause {
	g := grouping{seen: map[string]bool{}}
	for _, s := range scenarios {
		for _, b := range s.Contract {
			g.add(b.Cause(), s.ID, b.Op)
		}
	}
	if h.Target != targetFake && h.Ended == "" {
		outOfOrder(&g, scenarios)
	}
	return g.sorted()
}

// outOfOrder adds operations that answered 500, or nothing, every time, although the target was not out of service.
func outOfOrder(g *grouping, scenarios []Scenario) {
	const enough = 2
	times := map[string]int{} // failures of an operation; less than 0: it also worked
	for _, s := range scenarios {
		for _, x := range s.Requests {
			switch n := times[x.Op]; {
			case x.Op == "" || x.Account == "" || x.Unsent || n < 0:
			case x.Status == http.StatusInternalServerError || x.Status == 0:
				times[x.Op]++
			default:
				times[x.Op] = -1
			}
		}
	}
	for _, s := range scenarios {
		for _, x := range s.Requests {
			if times[x.Op] >= enough {
				g.add(Cause{
					Cause:  fmt.Sprintf("%s answers 500 or nothing every time", x.Op),
					Advice: "everything else works: this operation is broken, or gone",
				}, s.ID, x.Op)
			}
		}
	}
}

// Cause names a breach without its operation, so that the same breach of several operations is one cause.
func (b Breach) Cause() Cause {
	if where, ofRequest := strings.CutPrefix(b.Where, "request "); ofRequest {
		return Cause{
			Cause:  fmt.Sprintf("request of the binding, %s: want %s, got %s", where, b.Want, b.Got),
			Advice: "the binding sends something that the contract does not have: this is a defect of the binding or of the contract",
		}
	}
	if name, isHeader := strings.CutPrefix(b.Where, "header "); isHeader {
		switch {
		case b.Got == "nothing" || b.Got == "none":
			return Cause{Cause: fmt.Sprintf("header %s missing", name), Advice: "a proxy strips it, or Aircall stopped sending it"}
		case name == "Content-Type":
			return Cause{Cause: fmt.Sprintf("header Content-Type is %s", b.Got), Advice: "a proxy changes it, or Aircall answers in another format"}
		}
		return Cause{Cause: fmt.Sprintf("header %s has another form", name), Advice: "a proxy rewrites it, or Aircall changed it"}
	}
	if b.Where == "status" {
		return Cause{
			Cause:  fmt.Sprintf("%s answers %s", b.Op, b.Got),
			Advice: "the contract has " + b.Want + ": Aircall changed the status, or a server in between did",
		}
	}
	_, pointer, inside := strings.Cut(b.Where, "/")
	switch {
	case !inside && b.Want == "nothing":
		return Cause{Cause: fmt.Sprintf("%s has a body", b.Op), Advice: "the contract has none"}
	case !inside:
		return Cause{Cause: fmt.Sprintf("body of %s: want %s, got %s", b.Op, b.Want, b.Got), Advice: "Aircall answers in another form, or a server in between does"}
	case b.Want == "nothing":
		return Cause{Cause: "unknown field " + fieldAt(pointer), Advice: "Aircall sends a new field; scripts that do not read it are not affected"}
	case b.Got == "nothing":
		return Cause{Cause: fmt.Sprintf("field %s missing", fieldAt(pointer)), Advice: "Aircall stopped sending it; scripts that read it get nil"}
	}
	return Cause{
		Cause:  fmt.Sprintf("field %s is %s, not %s", fieldAt(pointer), b.Got, b.Want),
		Advice: "Aircall changed its values; look at the scripts that read it",
	}
}

// fieldAt names a field by the object that holds it, wherever that is: contacts/*/emails/*/value is email.value.
func fieldAt(pointer string) string {
	keys := strings.Split(pointer, "/")
	var things []string
	for i, key := range keys {
		switch {
		case key == "*":
		case i+1 < len(keys) && keys[i+1] == "*":
			things = append(things, strings.TrimSuffix(key, "s"))
		default:
			things = append(things, key)
		}
	}
	return strings.Join(things[max(0, len(things)-2):], ".")
}

// plainKey matches keys that may be reported: a key that the target invents may hold anything.
var plainKey = regexp.MustCompile(`^([a-z][0-9])?[a-z][A-Za-z_]{0,39}[0-9]{0,3}$`)

// PlainKey reports whether a key, or the name of a parameter, has a form that may be reported: that of the keys in the
// contract.
func PlainKey(key string) bool { return plainKey.MatchString(key) }

// plainHeader matches names of headers, and longDigits what is rather an id.
var (
	plainHeader = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,39}$`)
	longDigits  = regexp.MustCompile(`[0-9]{4}`)
)

// PlainHeader reports whether the name of a header has a form that may be reported.
func PlainHeader(name string) bool {
	return plainHeader.MatchString(name) && !longDigits.MatchString(name)
}

// Breach is a place where the exchanges of a scenario differ from the contract. It does not fail the scenario: the run reports all
// breaches of one cause together, as drift. It holds types and keys, and never a value that the target sent, so that it may be
// stored for any target.
type Breach struct {
	Op      string `json:"op"`
	Purpose string `json:"purpose"` // as in Sent
	Account string `json:"account"`
	Where   string `json:"where"` // "status", "header ETag", "request query page", or a body with a JSON pointer; * is any entry of a list
	Want    string `json:"want"`
	Got     string `json:"got"`
	Times   int    `json:"times"`
}

// String returns the breach in one line.
func (b Breach) String() string {
	return fmt.Sprintf("%s: %s: want %s, got %s", b.Op, b.Where, b.Want, b.Got)
}

// failuresOf groups the scenarios that failed or could not be judged by cause.
func failuresOf(scenarios []Scenario) []Cause {
	g := grouping{seen: map[string]bool{}}
	for _, s := range scenarios {
		if s.Status == Fail || s.Status == Error {
			cause := CauseOf(s.Reason)
			advice := "the target does not behave as documented: run the first one again and read its report"
			switch {
			case s.Status == Error && strings.Contains(cause, "429"):
				advice = "others use up the rate limit: run it again later"
			case s.Status == Error:
				advice = "this says nothing about the documentation: run it again"
			case strings.Contains(cause, "lacks the key"), strings.Contains(cause, "is missing"):
				advice = "the target does not send what is documented: scripts that read it get nil"
			}
			g.add(Cause{Cause: cause, Status: s.Status, Advice: advice}, s.ID, "")
		}
	}
	return g.sorted()
}

var (
	positions = regexp.MustCompile(`\[\d+\]`)
	figures   = regexp.MustCompile(`\b\d+\b`)
	objects   = regexp.MustCompile(`^(?:page N of the API's [\w-]+|the reply to [\w-]+|the [\w-]+)\.([\w.*[\]]+)( .*)$`)
)

// CauseOf returns a reason without what differs from scenario to scenario: positions, ids, counts, and where the suite read an
// object. It keeps statuses.
func CauseOf(reason string) string {
	reason = positions.ReplaceAllString(reason, "[*]")
	reason = figures.ReplaceAllStringFunc(reason, func(figure string) string {
		if n, err := strconv.Atoi(figure); err == nil && n >= 200 && n < 600 {
			return figure
		}
		return "N"
	})
	if m := objects.FindStringSubmatch(reason); m != nil {
		reason = fieldAt(strings.NewReplacer(".", "/", "[*]", "/*").Replace(m[1])) + m[2]
	}
	return reason
}
