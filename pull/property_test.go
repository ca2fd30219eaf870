package pull_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/redact"
	"github.com/aircallkit/aircallkit/pull"
)

// encodings are forms in which personal data hides in texts.
var encodings = map[string]func(string) string{
	"plain": func(s string) string { return s }, "upper": strings.ToUpper, "lower": strings.ToLower,
	"url":       url.QueryEscape,
	"every url": func(s string) string { return each(s, func(b byte) string { return fmt.Sprintf("%%%02X", b) }) },
	"base64":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64url": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"hex":       func(s string) string { return hex.EncodeToString([]byte(s)) },
	"html":      html.EscapeString,
	"entities":  func(s string) string { return each(s, func(b byte) string { return fmt.Sprintf("&#%d;", b) }) },
	"json":      func(s string) string { return each(s, func(b byte) string { return fmt.Sprintf(`\u%04x`, b) }) },
	"spaced": func(s string) string {
		return strings.TrimSpace(each(s, func(b byte) string { return string(b) + " " }))
	},
}

func each(s string, form func(byte) string) (out string) {
	for _, b := range []byte(s) {
		out += form(b)
	}
	return out
}

// plants draws personal data, and remembers it.
type plants struct {
	*rapid.T
	words, phones []string
}

func (p *plants) word(name string) string {
	w := rapid.StringMatching(`[A-Z][bcdfghjklmnpqrstvwxz]{2}[a-z]{2,8}`).Draw(p.T, name)
	p.words = append(p.words, w)
	return w
}

func (p *plants) token(name string) string {
	w := rapid.StringMatching(`[A-Za-z0-9]{16,32}`).Draw(p.T, name)
	p.words = append(p.words, w)
	return w
}

func (p *plants) phone(name string) string {
	n := rapid.SampledFrom([]string{"+3316", "+4477", "+1415", "+34911", "+4520", "+81312"}).Draw(p.T, name) + rapid.StringMatching(`[0-9]{7}`).Draw(p.T, name)
	p.phones = append(p.phones, n)
	return n
}

// spaced draws a form of a phone number.
func (p *plants) spaced(phone string) string {
	out := phone[:3]
	for _, d := range phone[3:] {
		out += rapid.SampledFrom([]string{"", "", " ", "-", "."}).Draw(p.T, "separator") + string(d)
	}
	return out
}

// hidden draws a text that has one of the things in one of the encodings.
func (p *plants) hidden(name string) string {
	var secret string
	switch rapid.IntRange(0, 3).Draw(p.T, name+" kind") {
	case 0:
		secret = p.word(name) + " " + p.word(name)
	case 1:
		secret = p.spaced(p.phone(name))
	case 2:
		secret = strings.ToLower(p.word(name)) + "@" + strings.ToLower(p.word(name)) + ".com"
	default:
		secret = p.token(name)
	}
	form := rapid.SampledFrom([]string{"plain", "plain", "upper", "lower", "url", "every url", "base64", "base64url", "hex", "html", "entities", "json", "spaced"}).Draw(p.T, name+" form")
	return rapid.SampledFrom([]string{"", "", "about ", "<b>", "x="}).Draw(p.T, name+" before") + encodings[form](secret) + rapid.SampledFrom([]string{"", "", " called", "</b>", "&y=1"}).Draw(p.T, name+" after")
}

var clock = time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC)

// hostile draws an account with personal data in each of its texts.
func hostile(p *plants) fakeaircall.Fixtures {
	var fx fakeaircall.Fixtures
	email := func(name string) string {
		return strings.ToLower(p.word(name)) + rapid.SampledFrom([]string{".", "_", "+"}).Draw(p.T, "sign") + strings.ToLower(p.word(name)) + "@" + strings.ToLower(p.word(name)) + ".org"
	}
	for i := range rapid.IntRange(1, 3).Draw(p.T, "users") {
		fx.Users = append(fx.Users, fakeaircall.UserFixture{
			FirstName: new(p.hidden("first")), LastName: new(p.hidden("last")), Email: new(fmt.Sprint(i, email("email"))),
			CreatedAt: new(clock.AddDate(-1, 0, 0)),
		})
	}
	who := fx.Users[0].Email
	for i := range rapid.IntRange(1, 2).Draw(p.T, "numbers") {
		fx.Numbers = append(fx.Numbers, fakeaircall.NumberFixture{
			Name: new(p.hidden("line")), Digits: new(fmt.Sprintf("%s%d", p.phone("digits"), i)), Users: []string{*who}, CreatedAt: new(clock.AddDate(-1, 0, 0)),
			Messages: map[string]string{"welcome": "https://" + strings.ToLower(p.word("host")) + ".com/" + p.token("sound") + ".mp3"},
		})
		p.phones = append(p.phones, *fx.Numbers[i].Digits)
	}
	fx.Teams = []fakeaircall.TeamFixture{{Name: new(cut(p.hidden("team"), 64)), Users: []string{*who}}}
	fx.Tags = []fakeaircall.TagFixture{{Name: new(p.hidden("tag")), Color: new("#AA3300")}}
	fx.Webhooks = []fakeaircall.WebhookFixture{{URL: new("https://" + strings.ToLower(p.word("host")) + ".com/" + p.word("path") + "?token=" + p.token("token") + "&for=" + url.QueryEscape(p.hidden("query")))}}
	for range rapid.IntRange(1, 4).Draw(p.T, "contacts") {
		phone := p.phone("phone")
		fx.Contacts = append(fx.Contacts, fakeaircall.ContactFixture{
			FirstName: new(p.hidden("first")), LastName: new(p.hidden("last")), CompanyName: new(p.hidden("company")), Information: new(p.hidden("information")),
			PhoneNumbers: []fakeaircall.DetailFixture{{Label: new(p.hidden("label")), Value: new(p.spaced(phone))}},
			Emails:       []fakeaircall.DetailFixture{{Label: new("Work"), Value: new(email("email"))}},
		})
		at := clock.Add(-time.Duration(rapid.IntRange(60, 10_000).Draw(p.T, "ago")) * time.Minute)
		fx.Calls = append(fx.Calls, fakeaircall.CallFixture{
			Direction: new("inbound"), Number: fx.Numbers[0].Digits, RawDigits: &phone, User: who, StartedAt: &at, AnsweredAt: &at, EndedAt: new(at.Add(time.Minute)),
			Comments: []fakeaircall.CommentFixture{{Content: new(p.hidden("comment")), PostedBy: who}}, Tags: []string{*fx.Tags[0].Name},
		})
	}
	return fx
}

func cut(text string, most int) string {
	return string([]rune(text)[:min(most, utf8.RuneCountInString(text))])
}

// pulled makes the twin of a target, and its report as people and programs get it.
func pulled(t interface{ Fatal(...any) }, s *fakeaircall.Server, o pull.Options) (file, report string) {
	o.Target = conformance.Options{Target: s.URL(), Accounts: conformance.FakeAccounts(s.Accounts(), "")}
	p, err := pull.Open(background, o)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	data, rep, err := p.Pull(background)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(rep)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), strings.Join(slices.Concat(p.Lines(), rep.Lines(), []string{string(encoded)}), "\n")
}

var everything = pull.Options{Calls: 100, Contacts: 100, Days: 28}

// Nothing that a person wrote into an account is in its twin or in the report, in no encoding.
func TestNothingPersonalSurvives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := &plants{T: rt}
		fx := hostile(p)
		s, err := fakeaircall.New(checked(rt, fakeaircall.Options{
			Clock: clock, Scale: fakeaircall.ScaleEmpty, RateLimit: fakeaircall.NoRateLimit,
			Accounts: []fakeaircall.Account{{Name: "default", APIID: "id-0123456789", APIToken: "token-0123456789"}}, Fixtures: map[string]fakeaircall.Fixtures{"default": fx},
		}))
		if err != nil {
			rt.Skip("the fake refuses the fixtures: ", err)
		}
		defer s.Close()
		if err := s.Listen("127.0.0.1:0"); err != nil {
			rt.Fatal(err)
		}
		file, report := pulled(rt, s, everything)
		for what, text := range map[string]string{"file": file, "report": report} {
			p.mustNotBeIn(what, text)
		}
		if rapid.IntRange(0, 4).Draw(rt, "again") > 0 {
			return
		}
		if again, _ := pulled(rt, s, everything); again != file {
			rt.Error("the same account and seed gave two files")
		}
	})
}

var wordsOf = regexp.MustCompile(`[\pL\pN]+`)

func (p *plants) mustNotBeIn(what, text string) {
	words := map[string]bool{}
	for _, form := range redact.Decoded(text) {
		for _, w := range wordsOf.FindAllString(strings.ToLower(form), -1) {
			words[w] = true
		}
	}
	var long redact.Secrets
	for _, w := range p.words {
		if words[strings.ToLower(w)] {
			p.Errorf("the %s holds the word %q:\n%s", what, w, text)
		}
		if len(w) >= 10 {
			long.Add(w)
		}
	}
	if clean := long.Text(text); clean != text {
		p.Errorf("the %s holds a secret, here marked:\n%s", what, clean)
	}
	for _, line := range strings.Split(text, "\n") {
		digits := regexp.MustCompile(`\D`).ReplaceAllString(line, "")
		for _, phone := range p.phones {
			if n := phone[len(phone)-9:]; strings.Contains(digits, n) && !strings.Contains(line, "_at:") {
				p.Errorf("the %s holds the phone number %s in the line %s", what, phone, line)
			}
		}
	}
}
