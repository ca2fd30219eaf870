package fakeaircall

import "time"

// Fixtures are records that an account begins with, in addition to its seeded ones. An entry with the ID of an existing
// record changes it: the given fields replace, nil fields stay. An entry with another ID, or without one, is new. A pointer
// to a zero value clears a field that can be null.
//
// The tags of the fields are the source of the checks, the JSON Schema and the documentation. The tag fix has the form of
// the value, which has its bounds, and whether a new entry needs it (new), every entry does (always), and whether it can be
// cleared (null). The tag length has the number of elements of a list. The tag eg has an example; a field of an object that
// several fields have takes it from theirs.
type Fixtures struct {
	Users    []UserFixture    `json:"users" doc:"People. Users take calls only on numbers that list them."`
	Numbers  []NumberFixture  `json:"numbers" doc:"Lines of the account."`
	Teams    []TeamFixture    `json:"teams" doc:"Teams of users. An inbound call rings the teams whose members are all users of its line."`
	Contacts []ContactFixture `json:"contacts" doc:"Shared contacts."`
	Calls    []CallFixture    `json:"calls" doc:"Calls that ended, or are in progress: without ended_at."`
	Tags     []TagFixture     `json:"tags" doc:"Tags of calls."`
	Webhooks []WebhookFixture `json:"webhooks" doc:"Webhooks of API keys. They get no events about the fixtures themselves."`

	Campaigns []CampaignFixture `json:"campaigns" doc:"Drafts of outbound campaigns, in addition to the seeded one. They have no id here: the API gives them a UUID."`

	Traffic *TrafficFixture `json:"traffic" fix:"object" doc:"Statistics of calls. aircallkit simulate traffic makes calls that follow them."`
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
	WrapUpTime         *int64     `json:"wrap_up_time" fix:"seconds" doc:"Seconds of after-call work. Default: 0." eg:"30"`
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
	Priority               *int64     `json:"priority" fix:"priority" doc:"Default: none, which lists show as 0." eg:"1"`
	Users                  []string   `json:"users" fix:"references" doc:"The users who take its calls, by id or e-mail." eg:"[ann@example.com]"`
	CreatedAt              *time.Time `json:"created_at" fix:"time" doc:"Default: 200 days ago." eg:"2026-01-05T09:00:00Z"`

	Messages map[string]string `json:"messages" fix:"messages" doc:"What callers hear: true for a recording that the fake makes up, false for none, or the URL of one. Default: waiting, closed, callback_later and unanswered_call." eg:"{welcome: true}"`
	WhatsApp *WhatsAppFixture  `json:"whatsapp" fix:"object" doc:"Connects the line to WhatsApp. The fake makes its business account." eg:"{messaging_limit_tier: TIER_1K}"`
}

// A WhatsAppFixture is a line as Meta has it.
type WhatsAppFixture struct {
	Status                     *string `json:"status" fix:"code" doc:"The line can send if it is ONLINE. Default: ONLINE." eg:"ONLINE"`
	MessagingLimitTier         *string `json:"messaging_limit_tier" fix:"tier" doc:"How many customers the line can begin a conversation with in 24 hours; a tier that is not listed has no limit. Default: TIER_250." eg:"TIER_1K"`
	QualityRating              *string `json:"quality_rating" fix:"code" doc:"Default: GREEN." eg:"YELLOW"`
	BusinessVerificationStatus *string `json:"business_verification_status" fix:"code" doc:"Default: VERIFIED." eg:"VERIFIED"`
}

// A TeamFixture is a team of users.
type TeamFixture struct {
	ID        int64      `json:"id" fix:"id"`
	Name      *string    `json:"name" fix:"team new" doc:"64 characters at most; no two teams have the same." eg:"Support Paris"`
	Users     []string   `json:"users" fix:"references" doc:"Its members, by id or e-mail; replaces all that the team has." eg:"[ann@example.com]"`
	CreatedAt *time.Time `json:"created_at" fix:"time" doc:"Default: 200 days ago." eg:"2026-01-05T09:00:00Z"`
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
	Label *string `json:"label" fix:"text always"`
	Value *string `json:"value" fix:"text always"`
}

// A CallFixture is a call.
type CallFixture struct {
	ID               int64            `json:"id" fix:"id"`
	Direction        *string          `json:"direction" fix:"direction new" eg:"inbound"`
	Number           *string          `json:"number" fix:"reference new" doc:"The line, by id or digits." eg:"+33 1 99 00 12 34"`
	StartedAt        *time.Time       `json:"started_at" fix:"time new" doc:"Not after the fake's clock." eg:"2026-06-15T08:00:00Z"`
	AnsweredAt       *time.Time       `json:"answered_at" fix:"time null" doc:"Needs a user." eg:"2026-06-15T08:00:12Z"`
	EndedAt          *time.Time       `json:"ended_at" fix:"time null" doc:"Without it the call is in progress. For up to 20 minutes after it the call has no cost." eg:"2026-06-15T08:03:00Z"`
	User             *string          `json:"user" fix:"reference null" doc:"The user who answered or made the call, by id or e-mail. null: a call that ended shows none, although it was answered." eg:"ann@example.com"`
	Contact          *string          `json:"contact" fix:"reference" doc:"The other party, by id, e-mail or phone. Its first phone becomes raw_digits." eg:"jane@acme.example.com"`
	RawDigits        *string          `json:"raw_digits" fix:"party" doc:"The phone of the other party, instead of contact. A new call needs one of the two." eg:"+33 1 99 00 56 78"`
	MissedCallReason *string          `json:"missed_call_reason" fix:"reason null" doc:"Only of an inbound call that ended without an answer." eg:"no_available_agent"`
	Voicemail        *bool            `json:"voicemail" fix:"boolean" doc:"Whether a missed inbound call left one." eg:"false"`
	Recording        *bool            `json:"recording" fix:"boolean" doc:"Whether an answered call has one." eg:"true"`
	Archived         *bool            `json:"archived" fix:"boolean" eg:"false"`
	AssignedTo       *string          `json:"assigned_to" fix:"reference null" doc:"A user, by id or e-mail." eg:"ann@example.com"`
	TransferredBy    *string          `json:"transferred_by" fix:"reference null" doc:"The user who transferred the call, by id or e-mail. Needs transferred_to." eg:"ann@example.com"`
	TransferredTo    *string          `json:"transferred_to" fix:"reference null" doc:"The user whom the call was transferred to, by id or e-mail." eg:"bob@example.com"`
	Teams            []string         `json:"teams" fix:"references" doc:"The teams that an inbound call rang, by id or name; replaces all that the call has." eg:"[Support Paris]"`
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
	CallAttempts *int64                   `json:"call_attempts" fix:"attempts" doc:"How often a contact is called at most. Default: 3." eg:"2"`
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

// A TrafficFixture has the statistics of an account's calls. Each part that is missing has a built-in value, of a company
// with office hours.
type TrafficFixture struct {
	CallsPerDay *int64           `json:"calls_per_day" fix:"calls" doc:"Calls on a day from Monday to Friday on average, over all lines; on a day of the weekend if weekdays has none on the others. Default: 400." eg:"412"`
	Hours       []int64          `json:"hours" fix:"counts" length:"24" doc:"Calls by the hour in which they begin, in the time zone of their line, midnight first." eg:"[0, 0, 0, 0, 0, 0, 0, 4, 30, 55, 60, 50, 30, 40, 55, 50, 30, 8, 0, 0, 0, 0, 0, 0]"`
	Weekdays    []int64          `json:"weekdays" fix:"counts" length:"7" doc:"Calls by the day of the week, in the time zone of their line, Monday first." eg:"[95, 80, 82, 78, 70, 7, 0]"`
	Outcomes    *OutcomesFixture `json:"outcomes" fix:"object" doc:"Calls by direction and outcome; count each call once." eg:"{inbound: {answered: 210}, outbound: {answered: 140}}"`

	RingSeconds *SpreadFixture `json:"ring_seconds" fix:"object" doc:"How long answered calls ring." eg:"{median: 8, p90: 25}"`
	TalkSeconds *SpreadFixture `json:"talk_seconds" fix:"object" doc:"How long people talk in answered calls." eg:"{median: 95, p90: 420}"`
}

// A SpreadFixture says how values are spread.
type SpreadFixture struct {
	Median *int64 `json:"median" fix:"leg always" doc:"Half of the calls take at most as long."`
	P90    *int64 `json:"p90" fix:"leg always" doc:"Nine of ten calls take at most as long; not below the median."`
}

// An OutcomesFixture counts calls by their outcome.
type OutcomesFixture struct {
	Inbound  map[string]int64 `json:"inbound" fix:"inbound" doc:"answered; voicemail, whatever the reason; callback, of callers who asked for one; or the reason of a missed call without either." eg:"{answered: 210, voicemail: 12, no_available_agent: 30}"`
	Outbound map[string]int64 `json:"outbound" fix:"outbound" eg:"{answered: 140, unanswered: 20}"`
}
