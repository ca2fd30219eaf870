package fakeaircall

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Fixtures are records that an account begins with, in addition to its seeded ones. An entry with the ID of an existing
// record changes it: the given fields replace, nil fields stay. An entry with another ID, or without one, is new. A pointer
// to a zero value clears a field that can be null.
//
// The tags of the fields are the source of the checks, the JSON Schema and the documentation. The tag fix has the form of
// the value, and whether a new entry needs it (new), every entry does (always), and whether it can be cleared (null).
type Fixtures struct {
	Users    []UserFixture    `json:"users" doc:"People. Users take calls only on numbers that list them."`
	Numbers  []NumberFixture  `json:"numbers" doc:"Lines of the account."`
	Contacts []ContactFixture `json:"contacts" doc:"Shared contacts."`
	Calls    []CallFixture    `json:"calls" doc:"Calls that ended, or are in progress: without ended_at."`
	Tags     []TagFixture     `json:"tags" doc:"Tags of calls."`
	Webhooks []WebhookFixture `json:"webhooks" doc:"Webhooks of API keys. They get no events about the fixtures themselves."`

	Campaigns []CampaignFixture `json:"campaigns" doc:"Drafts of outbound campaigns, in addition to the seeded one. They have no id here: the API gives them a UUID."`
}

// A UserFixture is a user. A string that refers to another record, here and in the other fixtures, is its id in digits,
// the e-mail of a user, the digits of a number, or the name of a tag.
type UserFixture struct {
	ID                 int64      `json:"id" fix:"id"`
	FirstName          *string    `json:"first_name" fix:"text new" eg:"Ann"`
	LastName           *string    `json:"last_name" fix:"text new" eg:"Lee"`
	Email              *string    `json:"email" fix:"email new" doc:"No two users have the same; the owner's is the user of the account." eg:"ann@example.com"`
	Language           *string    `json:"language" fix:"text" doc:"Default: en-US." eg:"fr-FR"`
	TimeZone           *string    `json:"time_zone" fix:"zone" doc:"Default: Etc/UTC." eg:"Europe/Paris"`
	Extension          *string    `json:"extension" fix:"extension" doc:"Default: the next free one." eg:"123"`
	AvailabilityStatus *string    `json:"availability_status" fix:"availability" eg:"available"`
	Substatus          *string    `json:"substatus" fix:"substatus" eg:"on_a_break"`
	WrapUpTime         *int64     `json:"wrap_up_time" fix:"seconds" doc:"Seconds of after-call work." eg:"30"`
	Online             *bool      `json:"online" fix:"boolean" doc:"Whether an app of the user is open. Default: true." eg:"true"`
	DefaultNumber      *string    `json:"default_number" fix:"reference null" doc:"A number, by id or digits." eg:"+33 1 99 00 12 34"`
	CreatedAt          *time.Time `json:"created_at" fix:"time" doc:"Default: 200 days ago." eg:"2026-01-05T09:00:00Z"`
}

// A NumberFixture is a line.
type NumberFixture struct {
	ID                     int64      `json:"id" fix:"id"`
	Name                   *string    `json:"name" fix:"text new" eg:"Sales Paris"`
	Digits                 *string    `json:"digits" fix:"phone new" doc:"No two lines have the same." eg:"+33 1 99 00 12 34"`
	Country                *string    `json:"country" fix:"country" doc:"Default: the country of the digits." eg:"FR"`
	TimeZone               *string    `json:"time_zone" fix:"zone" doc:"Default: Etc/UTC." eg:"Europe/Paris"`
	AvailabilityStatus     *string    `json:"availability_status" fix:"opening" doc:"Default: open. custom means office hours." eg:"custom"`
	Open                   *bool      `json:"open" fix:"boolean" doc:"Whether the line takes calls now. Default: as availability_status says." eg:"true"`
	IsIVR                  *bool      `json:"is_ivr" fix:"boolean" eg:"false"`
	LiveRecordingActivated *bool      `json:"live_recording_activated" fix:"boolean" eg:"true"`
	Users                  []string   `json:"users" fix:"references" doc:"The users who take its calls, by id or e-mail." eg:"[ann@example.com]"`
	CreatedAt              *time.Time `json:"created_at" fix:"time" doc:"Default: 200 days ago." eg:"2026-01-05T09:00:00Z"`
}

// A ContactFixture is a contact.
type ContactFixture struct {
	ID           int64           `json:"id" fix:"id"`
	FirstName    *string         `json:"first_name" fix:"text null" eg:"Jane"`
	LastName     *string         `json:"last_name" fix:"text null" eg:"Doe"`
	CompanyName  *string         `json:"company_name" fix:"text null" eg:"Acme"`
	Information  *string         `json:"information" fix:"text null" eg:"prefers mornings"`
	PhoneNumbers []DetailFixture `json:"phone_numbers" fix:"phones new" doc:"Replaces all that the contact has; 20 at most." eg:"[{label: Work, value: \"+33 1 99 00 56 78\"}]"`
	Emails       []DetailFixture `json:"emails" fix:"emails" doc:"Replaces all that the contact has; 20 at most." eg:"[{label: Work, value: jane@acme.example.com}]"`
	CreatedAt    *time.Time      `json:"created_at" fix:"time" doc:"Default: now." eg:"2026-01-05T09:00:00Z"`
}

// A DetailFixture is a phone number or an e-mail address of a contact.
type DetailFixture struct {
	Label *string `json:"label" fix:"text always" eg:"Work"`
	Value *string `json:"value" fix:"text always" eg:"+33 1 99 00 56 78"`
}

// A CallFixture is a call.
type CallFixture struct {
	ID               int64            `json:"id" fix:"id"`
	Direction        *string          `json:"direction" fix:"direction new" eg:"inbound"`
	Number           *string          `json:"number" fix:"reference new" doc:"The line, by id or digits." eg:"+33 1 99 00 12 34"`
	StartedAt        *time.Time       `json:"started_at" fix:"time new" doc:"Not after the fake's clock." eg:"2026-06-15T08:00:00Z"`
	AnsweredAt       *time.Time       `json:"answered_at" fix:"time null" doc:"Needs a user." eg:"2026-06-15T08:00:12Z"`
	EndedAt          *time.Time       `json:"ended_at" fix:"time null" doc:"Without it the call is in progress. For up to 20 minutes after it the call has no cost." eg:"2026-06-15T08:03:00Z"`
	User             *string          `json:"user" fix:"reference null" doc:"The user who answered or made the call, by id or e-mail." eg:"ann@example.com"`
	Contact          *string          `json:"contact" fix:"reference" doc:"The other party, by id, e-mail or phone. Its first phone becomes raw_digits." eg:"jane@acme.example.com"`
	RawDigits        *string          `json:"raw_digits" fix:"party" doc:"The phone of the other party, instead of contact. A new call needs one of the two." eg:"+33 1 99 00 56 78"`
	MissedCallReason *string          `json:"missed_call_reason" fix:"reason null" doc:"Only of an inbound call that ended without an answer." eg:"no_available_agent"`
	Voicemail        *bool            `json:"voicemail" fix:"boolean" doc:"Whether a missed inbound call left one." eg:"false"`
	Recording        *bool            `json:"recording" fix:"boolean" doc:"Whether an answered call has one." eg:"true"`
	Archived         *bool            `json:"archived" fix:"boolean" eg:"false"`
	AssignedTo       *string          `json:"assigned_to" fix:"reference null" doc:"A user, by id or e-mail." eg:"ann@example.com"`
	Comments         []CommentFixture `json:"comments" fix:"objects" doc:"Replaces all that the call has; 5 at most." eg:"[{content: called back}]"`
	Tags             []string         `json:"tags" fix:"references" doc:"By id or name; replaces all that the call has." eg:"[Urgent]"`
}

// A CommentFixture is a comment of a call.
type CommentFixture struct {
	Content  *string    `json:"content" fix:"text always" eg:"called back"`
	PostedAt *time.Time `json:"posted_at" fix:"time" doc:"Default: the end of the call." eg:"2026-06-15T08:05:00Z"`
	PostedBy *string    `json:"posted_by" fix:"reference" doc:"A user, by id or e-mail. Default: the API." eg:"ann@example.com"`
}

// A TagFixture is a tag.
type TagFixture struct {
	ID        int64      `json:"id" fix:"id"`
	Name      *string    `json:"name" fix:"text new" doc:"No two tags have the same." eg:"Urgent"`
	Color     *string    `json:"color" fix:"color new" eg:"#AA3300"`
	CreatedAt *time.Time `json:"created_at" fix:"time" doc:"Default: now." eg:"2026-01-05T09:00:00Z"`
}

// A WebhookFixture is a webhook. The fake makes its token.
type WebhookFixture struct {
	ID        int64      `json:"id" fix:"id"`
	URL       *string    `json:"url" fix:"url new" doc:"https, or http on this machine." eg:"http://127.0.0.1:9000/hook"`
	Events    []string   `json:"events" fix:"events" doc:"Default: all events." eg:"[call.ended]"`
	Active    *bool      `json:"active" fix:"boolean" doc:"Default: true." eg:"true"`
	CreatedAt *time.Time `json:"created_at" fix:"time" doc:"Default: now." eg:"2026-01-05T09:00:00Z"`
}

// A CampaignFixture is the draft of an outbound campaign.
type CampaignFixture struct {
	Name         *string                  `json:"name" fix:"text always" eg:"Renewals"`
	Description  *string                  `json:"description" fix:"text" eg:"Contracts that end soon"`
	CallAttempts *int64                   `json:"call_attempts" fix:"attempts" doc:"How often a contact is called at most, 1 to 10. Default: 3." eg:"2"`
	Users        []string                 `json:"users" fix:"references" doc:"Who calls, by id or e-mail." eg:"[ann@example.com]"`
	Contacts     []CampaignContactFixture `json:"contacts" fix:"objects" doc:"Who is called; each number counts once." eg:"[{phone_number: \"+33 1 99 00 56 78\"}]"`
}

// A CampaignContactFixture is a person whom a campaign calls, who need not be a contact of the company.
type CampaignContactFixture struct {
	PhoneNumber *string `json:"phone_number" fix:"phone always" eg:"+33 1 99 00 56 78"`
	FirstName   *string `json:"first_name" fix:"text" eg:"Jane"`
	LastName    *string `json:"last_name" fix:"text" eg:"Doe"`
	Email       *string `json:"email" fix:"email" eg:"jane@acme.example.com"`
	CompanyName *string `json:"company_name" fix:"text" eg:"Acme"`
	Note        *string `json:"note" fix:"text" eg:"prefers mornings"`
}

// A FixtureMistake is a mistake in fixtures.
type FixtureMistake struct {
	Account string
	Path    string // such as contacts[3].phone_numbers[0].value; "" for all fixtures of the account
	Problem string // with what to do
}

func (m FixtureMistake) String() string {
	return fmt.Sprintf("account %.60q: %s: %s", m.Account, m.Path, m.Problem)
}

// FixtureMistakes are all mistakes in fixtures.
type FixtureMistakes []FixtureMistake

func (ms FixtureMistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.String()
	}
	return "options: fixtures: " + strings.Join(lines, "\n")
}

// A FixtureField describes a kind of fixtures, or a field of one.
type FixtureField struct {
	Name         string
	Type         string // id, integer, boolean, time, string, reference, strings, references or objects
	New, Always  bool   // a new entry needs it; every entry needs it
	Null         bool   // it can be cleared
	Doc, Example string
	Pattern      string   // a regular expression for a string; "": any string
	Enum         []string // of a string, or of the elements of strings
	Fields       []FixtureField
}

// FixtureKinds describes the fields of Fixtures, in their order.
func FixtureKinds() []FixtureField { return fixtureFields(reflect.TypeFor[Fixtures]()) }

func fixtureFields(of reflect.Type) (fields []FixtureField) {
	for i := range of.NumField() {
		sf := of.Field(i)
		f := FixtureField{Name: sf.Tag.Get("json"), Doc: sf.Tag.Get("doc"), Example: sf.Tag.Get("eg"), Type: "objects"}
		if words := strings.Fields(sf.Tag.Get("fix")); len(words) > 0 {
			form := fixtureForms[words[0]]
			f.Type, f.Pattern, f.Enum = form.kind, form.pattern, form.oneOf
			f.New, f.Always, f.Null = slices.Contains(words, "new"), slices.Contains(words, "always"), slices.Contains(words, "null")
		}
		if f.Type == "objects" {
			f.Fields = fixtureFields(sf.Type.Elem())
		}
		fields = append(fields, f)
	}
	return fields
}

// A fixtureForm is how a value is written.
type fixtureForm struct {
	kind    string
	pattern string
	oneOf   []string
	check   func(string) error // instead of pattern
	details *detailKind        // of phones and e-mails
}

const phonePattern = `^\+[0-9 .()-]{4,40}$`

var fixtureForms = map[string]fixtureForm{
	"id":           {kind: "id"},
	"seconds":      {kind: "integer"},
	"attempts":     {kind: "integer"},
	"boolean":      {kind: "boolean"},
	"time":         {kind: "time"},
	"text":         {kind: "string", pattern: `\S`},
	"email":        {kind: "string", pattern: `^[^@\s]+@[^@\s]+\.[^@\s]+$`, check: emailDetails.check},
	"phone":        {kind: "string", pattern: phonePattern, check: phoneDetails.check},
	"party":        {kind: "string", pattern: phonePattern + "|^anonymous$", check: checkParty},
	"zone":         {kind: "string", pattern: `^[A-Z][A-Za-z0-9_+/-]*$`, check: validTimeZone},
	"country":      {kind: "string", pattern: `^[A-Z]{2}$`},
	"extension":    {kind: "string", pattern: `^[0-9]{3,8}$`},
	"color":        {kind: "string", pattern: hexColor.String()},
	"url":          {kind: "string", pattern: `^https?://[^/\s]`, check: checkWebhookURL},
	"availability": {kind: "string", oneOf: availabilityStatuses},
	"substatus":    {kind: "string", oneOf: substatuses},
	"opening":      {kind: "string", oneOf: []string{"open", "custom", "closed"}},
	"direction":    {kind: "string", oneOf: []string{"inbound", "outbound"}},
	"reason":       {kind: "string", oneOf: missedReasons},
	"reference":    {kind: "reference", pattern: `\S`},
	"references":   {kind: "references", pattern: `\S`},
	"events":       {kind: "strings", oneOf: EventNames()},
	"objects":      {kind: "objects"},
	"phones":       {kind: "objects", details: &phoneDetails},
	"emails":       {kind: "objects", details: &emailDetails},
}

func checkParty(s string) error {
	if s == "anonymous" {
		return nil
	}
	return phoneDetails.check(s)
}

const (
	maxFixtures   = 50_000  // of a kind
	maxFixtureID  = 1 << 50 // leaves enough larger ids that JSON numbers can hold
	maxFixtureSet = 100     // elements of a list of strings
)

// A formCheck collects mistakes in single entries.
type formCheck struct {
	account string
	wrong   FixtureMistakes
}

// Check returns the mistakes that single entries have, or nil. If there are none, New also checks the entries against the
// data of the account. Account is for the mistakes.
func (fx Fixtures) Check(account string) FixtureMistakes {
	c := formCheck{account: account}
	c.check(fx)
	return c.wrong
}

func (c *formCheck) say(path, format string, args ...any) {
	c.wrong = append(c.wrong, FixtureMistake{c.account, path, fmt.Sprintf(format, args...)})
}

func (c *formCheck) check(fx Fixtures) {
	v := reflect.ValueOf(fx)
	for i, kind := range FixtureKinds() {
		list := v.Field(i)
		if list.Len() > maxFixtures {
			c.say(kind.Name, "%d entries, the maximum is %d", list.Len(), maxFixtures)
			continue
		}
		seen := make(map[int64]int)
		for k := range list.Len() {
			path := fmt.Sprintf("%s[%d]", kind.Name, k)
			id := int64(0)
			if kind.Fields[0].Type == "id" {
				id = list.Index(k).Field(0).Int()
			}
			if first, twice := seen[id]; twice && id != 0 {
				c.say(path+".id", "%d is the id of %s[%d] already: give each entry its own", id, kind.Name, first)
			}
			seen[id] = k
			if id == 0 {
				for _, name := range missingFields(list.Index(k)) {
					c.say(path, missingField, name)
				}
			}
			c.entry(list.Index(k), kind, path)
		}
	}
}

func (c *formCheck) entry(v reflect.Value, kind FixtureField, path string) {
	for i, f := range kind.Fields {
		at, value := path+"."+f.Name, v.Field(i)
		form := fixtureForms[strings.Fields(v.Type().Field(i).Tag.Get("fix"))[0]]
		if value.Kind() == reflect.Pointer && value.IsNil() {
			if f.Always {
				c.say(path, "%s is missing: give it", f.Name)
			}
			continue
		}
		switch given := value.Interface().(type) {
		case int64:
			if given < 0 || given > maxFixtureID {
				c.say(at, "%d is not an id: give 1 to %d, or none", given, int64(maxFixtureID))
			}
		case *int64:
			if *given < 0 || *given > 24*60*60 {
				c.say(at, "%d: give 0 to %d seconds", *given, 24*60*60)
			}
		case *time.Time:
			if !f.Null && given.IsZero() {
				c.say(at, "it cannot be null: give a time, or leave it out")
			}
		case *string:
			if *given == "" && f.Null {
				continue
			}
			if why := form.refuses(*given); why != "" {
				c.say(at, "%s", why)
			}
		case []string:
			if len(given) > maxFixtureSet {
				c.say(at, "%d elements, the maximum is %d", len(given), maxFixtureSet)
			}
			for k, s := range given {
				if why := form.refuses(s); why != "" {
					c.say(fmt.Sprintf("%s[%d]", at, k), "%s", why)
				}
			}
		default:
			if value.Kind() == reflect.Slice {
				for k := range value.Len() {
					c.entry(value.Index(k), f, fmt.Sprintf("%s[%d]", at, k))
				}
				if form.details != nil {
					c.details(value.Interface().([]DetailFixture), form.details, at)
				}
			}
		}
	}
}

// missingFields returns the fields that a new entry needs and this one lacks.
func missingFields(entry reflect.Value) (names []string) {
	for i := range entry.NumField() {
		field, value := entry.Type().Field(i), entry.Field(i)
		empty := value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0
		if empty && slices.Contains(strings.Fields(field.Tag.Get("fix")), "new") {
			names = append(names, field.Tag.Get("json"))
		}
	}
	return names
}

// missingField is the mistake of a new entry that lacks a field.
const missingField = "%s is missing: a new entry needs it; to change a record, give its id"

func (c *formCheck) details(given []DetailFixture, kind *detailKind, at string) {
	if len(given) > maxDetails {
		c.say(at, "%d entries, the maximum is %d", len(given), maxDetails)
	}
	for k, d := range given {
		if d.Value == nil || strings.TrimSpace(*d.Value) == "" { // entry has reported it
			continue
		}
		if err := kind.check(*d.Value); err != nil {
			c.say(fmt.Sprintf("%s[%d].value", at, k), "%s", plainly(err))
		}
	}
}

// plainly returns the message of an error of the API without its status.
func plainly(err error) string {
	if e, ok := errors.AsType[*apiError](err); ok {
		return e.troubleshoot
	}
	return err.Error()
}

// refuses returns why a value does not have the form, and the form; "": it does. It does not quote a URL, which may have a
// secret in its query.
func (f fixtureForm) refuses(s string) string {
	if f.oneOf != nil && !slices.Contains(f.oneOf, s) {
		if len(f.oneOf) > 10 {
			return fmt.Sprintf("%.60q is not known: aircallkit docs --config-schema lists the values", s)
		}
		return fmt.Sprintf("%.60q: give one of %s", s, strings.Join(f.oneOf, ", "))
	}
	if len(s) > maxWebhookURL {
		return fmt.Sprintf("%d bytes, the maximum is %d", len(s), maxWebhookURL)
	}
	if f.check != nil {
		if err := f.check(s); err != nil {
			return plainly(err)
		}
		return ""
	}
	switch {
	case f.pattern == "":
	case f.pattern == `\S`:
		if strings.TrimSpace(s) == "" {
			return "it is blank: give a text, or leave it out"
		}
	case !regexp.MustCompile(f.pattern).MatchString(s):
		return fmt.Sprintf("%.60q: give what matches %s", s, f.pattern)
	}
	return ""
}
