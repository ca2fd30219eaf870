package control

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

type accountInput struct {
	Name  string `json:"name" about:"1 to 40 lowercase letters, digits and dashes; default: a new name."`
	Scale string `json:"scale" about:"How much data: empty, small, team or large; default: small."`
	Seed  int64  `json:"seed" about:"The number that decides the data; default: the fake's seed."`
}

type healthView struct {
	Status string    `json:"status" about:"ok"`
	Now    time.Time `json:"now" about:"The time on the fake's clock."`

	RateLimit int    `json:"rate_limit" about:"Requests per minute for each account; 0: no limit."`
	URL       string `json:"url" about:"The address of the fake. A request to another address came through a proxy. Empty if the program of the fake has its own listener."`
	Sandbox   bool   `json:"sandbox" about:"true: a sandbox answers in place of the fake."`
}

type accountView struct {
	Name     string `json:"name" about:"The value of account elsewhere in this API."`
	User     string `json:"user" about:"The e-mail of the account's first user."`
	APIID    string `json:"api_id,omitempty" about:"Of an account with the usual credentials."`
	APIToken string `json:"api_token,omitempty" about:"Of an account with the usual credentials."`
	Bearer   string `json:"bearer,omitempty" about:"Of an account with the usual credentials."`
	Added    bool   `json:"added,omitempty" about:"true: it was added, and has its own clock and request log."`
}

// viewAccount shows an account, with its credentials only if they are the standard ones.
func viewAccount(a fakeaircall.Account, added bool) accountView {
	if a == fakeaircall.StandardAccount(a.Name) {
		return accountView{a.Name, a.User, a.APIID, a.APIToken, a.Bearer, added}
	}
	return accountView{Name: a.Name, User: a.User, Added: added}
}

type clockInput struct {
	Account string     `json:"account" about:"An added account; default: the fake's clock."`
	Advance *span      `json:"advance" about:"How far to advance."`
	Set     *time.Time `json:"set" about:"The new time."`
	Speed   *float64   `json:"speed" about:"The speed of the clock as a multiple of real time."`
}

type callInput struct {
	Account   string        `json:"account" about:"The account; default: the first."`
	Direction string        `json:"direction" about:"inbound or outbound; default: inbound."`
	From      string        `json:"from" about:"The calling number. Outbound: the line."`
	To        string        `json:"to" about:"The called number. Inbound: the line."`
	NumberID  int64         `json:"number_id" about:"The line."`
	UserID    int64         `json:"user_id" about:"The user who answers or makes the call."`
	Outcome   string        `json:"outcome" about:"answered, missed, voicemail, declined or callback. Without it only actions change the call."`
	Reason    string        `json:"reason" about:"missed_call_reason, with the outcome missed."`
	Ring      span          `json:"ring" about:"How long it rings."`
	Talk      span          `json:"talk" about:"How long the conversation or the voicemail is."`
	Keys      []string      `json:"keys" about:"The keys that the caller presses in the menu."`
	Then      []actionInput `json:"then" about:"More actions, each at a time after the start of the call."`
}

type actionInput struct {
	Do      string `json:"do" about:"The action." needed:"true"`
	After   span   `json:"after" about:"How long after the start of the call; only in then."`
	UserID  int64  `json:"user_id" about:"The user who acts, or whom the action is about."`
	TeamID  int64  `json:"team_id" about:"Of transfer."`
	TagID   int64  `json:"tag_id" about:"Of tag and untag."`
	Number  string `json:"number" about:"Of transfer_external."`
	Content string `json:"content" about:"Of comment."`
	Key     string `json:"key" about:"Of press."`
	Reason  string `json:"reason" about:"Of hangup, for an inbound call without an answer."`
}

type actInput struct {
	Account string `json:"account" about:"The account; default: the first."`
	actionInput
}

// A reply is a JSON object whose fields keep their order.
type reply []replyField

type replyField struct {
	name  string
	value any
}

// fields returns a reply with names and values.
func fields(pairs ...any) (r reply) {
	for i := 0; i < len(pairs); i += 2 {
		r = append(r, replyField{pairs[i].(string), pairs[i+1]})
	}
	return r
}

// MarshalJSON is called by encoding/json. A nil list is an empty one.
func (r reply) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, f := range r {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(strconv.Quote(f.name) + ":")
		if v := reflect.ValueOf(f.value); v.Kind() == reflect.Slice && v.IsNil() {
			b.WriteString("[]")
		} else {
			b.Write(encode(f.value))
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// idOf returns the reply with the id of a record: {"call":{"id":7}}.
func idOf[ID int64 | string](of string, id ID) reply { return fields(of, fields("id", id)) }

type messageInput struct {
	Account      string   `json:"account" about:"The account; default: the first."`
	From         string   `json:"from" about:"The number of the sender."`
	NumberID     int64    `json:"number_id" about:"The line."`
	Body         string   `json:"body" about:"The text."`
	Media        []string `json:"media" about:"URLs of files."`
	WhatsApp     bool     `json:"whatsapp" about:"true: a WhatsApp message, to a line with WhatsApp."`
	Participants []string `json:"participants" about:"The other numbers of a group message."`
}

type campaignInput struct {
	Account      string   `json:"account" about:"The account; default: the first."`
	ID           string   `json:"id" about:"A campaign to start or to resume; default: a new one."`
	Name         string   `json:"name" about:"Of a new campaign."`
	Contacts     []string `json:"contacts" about:"The phone numbers to call; default: five contacts of the company."`
	UserIDs      []int64  `json:"user_ids" about:"The users who call; default: all who can call now."`
	CallAttempts int64    `json:"call_attempts" about:"How often a contact is called at most; default: 3."`
	Outcomes     []string `json:"outcomes" about:"The outcomes of the next attempts, in order, by name or id; the fake draws the others."`
}

type presenceInput struct {
	Account string `json:"account" about:"The account; default: the first."`
	Do      string `json:"do" about:"connect or disconnect: the app. open or close: the availability." needed:"true"`
	Reason  string `json:"reason" about:"The substatus, with close."`
}

type numberInput struct {
	Account  string   `json:"account" about:"The account; default: the first."`
	Name     *string  `json:"name" about:"The name of the line."`
	Digits   *string  `json:"digits" about:"Its phone number, which no other line has."`
	TimeZone *string  `json:"time_zone" about:"Its time zone; default: Etc/UTC."`
	Users    []string `json:"users" about:"The users who take its calls, by id or e-mail."`
}

type trafficInput struct {
	Account     string `json:"account" about:"The account; default: the first."`
	CallsPerDay *int   `json:"calls_per_day" about:"The average number of calls on a working day; 0 ends them. Default: as the statistics of the account say, or 400."`
}

type faultInput struct {
	Op          string            `json:"op" about:"Only this operation."`
	Account     string            `json:"account" about:"Only this account."`
	Method      string            `json:"method" about:"Only this method."`
	Path        string            `json:"path" about:"Only this path, or the path of a route with its braces; * at the end matches any rest."`
	Times       int               `json:"times" about:"How many requests it applies to; 0: no limit."`
	Probability float64           `json:"probability" about:"The probability that it applies, up to 1; 0 means 1."`
	Status      int               `json:"status" about:"The status of the reply, 400 to 599; the request has no effect."`
	Body        string            `json:"body" about:"The body for that status; default: Aircall's."`
	RetryAfter  span              `json:"retry_after" about:"With status 429: the wait in the headers."`
	Late        bool              `json:"late" about:"With status or reset: the request takes effect anyway."`
	Delay       span              `json:"delay" about:"Real time before the request takes effect, 1m at most."`
	Reset       bool              `json:"reset" about:"The connection is cut without a reply."`
	Truncate    bool              `json:"truncate" about:"Half of the body is sent, then the connection is cut."`
	Malformed   bool              `json:"malformed" about:"Three quarters of the body are sent as if they were all of it."`
	ContentType string            `json:"content_type" about:"Another content type."`
	Headers     map[string]string `json:"headers" about:"Added to the reply."`
	Slow        int               `json:"slow" about:"Bytes of the body per second."`
	Stale       span              `json:"stale" about:"How long after a write reads return the earlier state, on the fake's clock."`
	SearchLag   span              `json:"search_lag" about:"How long a search does not find a new contact, on the fake's clock."`
}

type faultView struct {
	ID string `json:"id" about:"The id of the rule."`
	faultInput
	Hits  int  `json:"hits" about:"How many requests it applied to."`
	Ended bool `json:"ended" about:"true: it has applied as often as times says."`
}

var exampleFault = convert[faultView](fakeaircall.Fault{ID: "fault-1", Op: "create-a-contact", Account: "default", Times: 2, Status: 503, Delay: 200 * time.Millisecond, Hits: 1})

type removedView struct {
	Removed int `json:"removed" about:"The number of removed records."`
}

type requestView struct {
	Seq               uint64       `json:"seq" about:"Counts all requests, from 1."`
	At                time.Time    `json:"time" about:"On the fake's clock."`
	Op                string       `json:"op" about:"The operation; empty for an unknown route."`
	Method            string       `json:"method"`
	Path              string       `json:"path"`
	Query             string       `json:"query" about:"Without the values of secrets."`
	Status            int          `json:"status" about:"0: the connection was cut."`
	Account           string       `json:"account" about:"Empty if the credentials were refused."`
	Duration          millis       `json:"duration_ms" about:"Real time until the reply began."`
	UnknownRoute      bool         `json:"unknown_route"`
	UnknownParameters []string     `json:"unknown_parameters" about:"Keys of query and body that the operation does not read."`
	Explanation       string       `json:"explanation" about:"Why Aircall does not understand the request, or refused the credentials, and what is near; else empty."`
	Faults            []string     `json:"faults" about:"The rules that applied."`
	Request           *messageSide `json:"request,omitempty" about:"With detail."`
	Reply             *messageSide `json:"reply,omitempty" about:"With detail."`
	Curl              string       `json:"curl,omitempty" about:"With detail: a command that sends the request again, with credentials from the environment."`
}

type messageSide struct {
	Headers map[string][]string `json:"headers"`
	Body    string              `json:"body" about:"Its first 16 KiB, without the values of secrets."`
	Size    int                 `json:"size" about:"The size of the whole body in bytes; of a request, as far as it was read."`
}

// viewRequest shows a request. With detail it also shows the headers, the bodies and a command that sends it to base again.
func viewRequest(r fakeaircall.Request, detail bool, base string) requestView {
	view := convert[requestView](r)
	if detail {
		view.Request = &messageSide{r.Header, r.Body, r.BodySize}
		view.Reply = &messageSide{r.ReplyHeader, r.ReplyBody, r.ReplyBodySize}
		view.Curl = r.Curl(base)
	}
	return view
}

var exampleRequest = viewRequest(fakeaircall.Request{
	Seq: 17, At: exampleTime, Op: "create-a-contact", Method: "POST", Path: "/v1/contacts", Status: 201, Account: "default", Duration: 420 * time.Microsecond,
	UnknownParameters: []string{"firstname"}, Explanation: `create-a-contact has no parameter "firstname"; perhaps first_name`, Header: http.Header{"Authorization": {"Basic " + fakeaircall.Removed}}, Body: `{"firstname":"Ann"}`, BodySize: 19,
	ReplyHeader: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, ReplyBody: `{"contact":{"id":7}}`, ReplyBodySize: 20,
}, true, "http://127.0.0.1:8787")

type sendInput struct {
	Account string          `json:"account" about:"The account whose credentials the request has; default: the first."`
	Method  string          `json:"method" about:"GET, POST, PUT, PATCH or DELETE." needed:"true"`
	Path    string          `json:"path" about:"The path, from /v1/ or /v2/, with its query." needed:"true"`
	Body    json.RawMessage `json:"body" about:"The JSON body; default: none."`
}

type sentView struct {
	Status int             `json:"status" about:"0: a fault cut the connection."`
	Body   json.RawMessage `json:"body,omitempty" about:"The JSON body of the reply, if it has one."`
}

type eventInput struct {
	Account string `json:"account" about:"The account; default: the first."`
}

type eventView struct {
	Seq  uint64          `json:"seq" about:"Counts the account's events, from 1."`
	At   time.Time       `json:"time" about:"On the fake's clock."`
	Name string          `json:"name"`
	Data json.RawMessage `json:"data" about:"The resource, as in the body of a webhook."`
}

type triggerInput struct {
	Account string            `json:"account" about:"The account; default: the first."`
	Event   string            `json:"event" about:"The name of the event." needed:"true"`
	Set     map[string]string `json:"set" about:"Values by the names of fields, such as id, first_name or user."`
}

type totalsView struct {
	Pending   uint64 `json:"pending" about:"Pending or retrying."`
	Delivered uint64 `json:"delivered"`
	Failed    uint64 `json:"failed"`
	Dropped   uint64 `json:"dropped"`
}

type deliveryView struct {
	ID       int64                     `json:"id"`
	Account  string                    `json:"account"`
	Event    string                    `json:"event"`
	Webhook  string                    `json:"webhook" about:"Empty for the callback of a line."`
	Line     int64                     `json:"line" about:"Of the callback; 0 for a webhook."`
	URL      string                    `json:"url" about:"Without the values of its query."`
	State    fakeaircall.DeliveryState `json:"state" about:"pending, retrying, delivered, failed or dropped."`
	At       time.Time                 `json:"time" about:"When it was due first, on the fake's clock."`
	Attempts []attemptView             `json:"attempts"`
	Body     json.RawMessage           `json:"body" about:"The body, without the token."`
}

type attemptView struct {
	At     time.Time `json:"time" about:"On the fake's clock."`
	Took   millis    `json:"duration_ms" about:"Real time."`
	Status int       `json:"status" about:"0: there was no reply."`
	Error  string    `json:"error" about:"Empty for a success."`
}

var deliveryStates = []fakeaircall.DeliveryState{fakeaircall.DeliveryPending, fakeaircall.DeliveryRetrying, fakeaircall.DeliveryDelivered, fakeaircall.DeliveryFailed, fakeaircall.DeliveryDropped}

// exampleContactJSON is the data of an event.
const exampleContactJSON = `{"id":5678,"created_at":"2026-06-15T09:00:00Z","updated_at":"2026-06-15T09:00:00Z","first_name":"Ann","last_name":"Lee","information":null,"company_name":null,` +
	`"is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/5678","phone_numbers":[{"value":"+33199005680","id":2170000021,"label":"Work"}],"emails":[]}`

var exampleDelivery = convert[deliveryView](fakeaircall.Delivery{
	ID: 41, Account: "default", Event: "contact.created", Webhook: "f1c8f4b4", URL: "http://127.0.0.1:9000/hook", State: fakeaircall.DeliveryDelivered, At: exampleTime,
	Attempts: []fakeaircall.Attempt{{At: exampleTime, Took: 3 * time.Millisecond, Status: 200}}, Body: []byte(`{"resource":"contact","event":"contact.created","timestamp":1781514000,"token":"[removed]","data":` + exampleContactJSON + `}`),
})

type changesView struct {
	Changes uint64 `json:"changes" about:"Counts all changes. Only compare it."`
}
