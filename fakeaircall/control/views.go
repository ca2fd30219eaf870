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
	Name  string `json:"name" about:"1 to 40 small letters, digits and dashes; one is made up without it."`
	Scale string `json:"scale" about:"How much data: empty, small, team or large; small without it."`
	Seed  int64  `json:"seed" about:"The number that decides the data; the fake's own without it."`
}

type healthView struct {
	Status string    `json:"status" about:"ok"`
	Now    time.Time `json:"now" about:"The time on the fake's clock."`

	RateLimit int    `json:"rate_limit" about:"Requests that a company may make in a minute; 0: any number."`
	URL       string `json:"url" about:"Where the fake listens. A request that was sent to another address came through a proxy. Empty if the program that runs the fake has a listener of its own."`
	Sandbox   bool   `json:"sandbox" about:"true: a sandbox answers in place of the fake."`
}

type accountView struct {
	Name     string `json:"name" about:"What account means elsewhere in this API."`
	User     string `json:"user" about:"E-mail of the company's first user."`
	APIID    string `json:"api_id,omitempty" about:"Of an account with the usual credentials."`
	APIToken string `json:"api_token,omitempty" about:"Of an account with the usual credentials."`
	Bearer   string `json:"bearer,omitempty" about:"Of an account with the usual credentials."`
}

// viewAccount shows the credentials that everybody knows anyway, and no others.
func viewAccount(a fakeaircall.Account) accountView {
	if a == fakeaircall.StandardAccount(a.Name) {
		return accountView{a.Name, a.User, a.APIID, a.APIToken, a.Bearer}
	}
	return accountView{Name: a.Name, User: a.User}
}

type clockInput struct {
	Account string     `json:"account" about:"The account, if it was added; without it the fake's own clock."`
	Advance *span      `json:"advance" about:"How far to move on."`
	Set     *time.Time `json:"set" about:"When to move to."`
	Speed   *float64   `json:"speed" about:"How many seconds pass in one of real time, from then on."`
}

type callInput struct {
	Account   string        `json:"account" about:"The account; the first without it."`
	Direction string        `json:"direction" about:"inbound, or outbound."`
	From      string        `json:"from" about:"Who calls. Outbound: the company's line."`
	To        string        `json:"to" about:"Who is called. Inbound: the company's line."`
	NumberID  int64         `json:"number_id" about:"The company's line."`
	UserID    int64         `json:"user_id" about:"Who takes or makes the call."`
	Outcome   string        `json:"outcome" about:"answered, missed, voicemail, declined or callback. Without one the call is left to actions."`
	Reason    string        `json:"reason" about:"missed_call_reason, with the outcome missed."`
	Ring      span          `json:"ring" about:"How long it rings."`
	Talk      span          `json:"talk" about:"How long people talk, or the caller speaks to the voicemail."`
	Keys      []string      `json:"keys" about:"What the caller presses in the menu."`
	Then      []actionInput `json:"then" about:"What else happens, each after the start of the call."`
}

type actionInput struct {
	Do      string `json:"do" about:"What happens."`
	After   span   `json:"after" about:"How long after the start of the call. Not for an action that is to happen now."`
	UserID  int64  `json:"user_id" about:"Who does it, or whom it is about."`
	TeamID  int64  `json:"team_id" about:"Of transfer."`
	TagID   int64  `json:"tag_id" about:"Of tag and untag."`
	Number  string `json:"number" about:"Of transfer_external."`
	Content string `json:"content" about:"Of comment."`
	Key     string `json:"key" about:"Of press."`
	Reason  string `json:"reason" about:"Of hangup, for an inbound call nobody answered."`
}

type actInput struct {
	Account string `json:"account" about:"The account; the first without it."`
	actionInput
}

// A reply is a JSON object whose fields keep their order.
type reply []replyField

type replyField struct {
	name  string
	value any
}

// fields makes a reply of names and values.
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

// idOf returns the reply that names what was made or changed: {"call":{"id":7}}.
func idOf[ID int64 | string](of string, id ID) reply { return fields(of, fields("id", id)) }

type messageInput struct {
	Account      string   `json:"account" about:"The account; the first without it."`
	From         string   `json:"from" about:"Who writes."`
	NumberID     int64    `json:"number_id" about:"The company's line."`
	Body         string   `json:"body" about:"The text."`
	Media        []string `json:"media" about:"URLs of files."`
	WhatsApp     bool     `json:"whatsapp" about:"In WhatsApp, on a line that has it."`
	Participants []string `json:"participants" about:"Who else got it, in a group."`
}

type presenceInput struct {
	Account string `json:"account" about:"The account; the first without it."`
	Do      string `json:"do" about:"connect or disconnect an app, open or close."`
	Reason  string `json:"reason" about:"The substatus, with close."`
}

type trafficInput struct {
	Account     string `json:"account" about:"The account; the first without it."`
	CallsPerDay int    `json:"calls_per_day" about:"How many calls a working day has on average; 0 ends them."`
}

type faultInput struct {
	Op          string            `json:"op" about:"Only this operation."`
	Account     string            `json:"account" about:"Only this account."`
	Method      string            `json:"method" about:"Only this method."`
	Path        string            `json:"path" about:"Only this path, or that of a route with its braces; * at the end stands for any rest."`
	Times       int               `json:"times" about:"How many requests it is for; 0: no end."`
	Probability float64           `json:"probability" about:"In how many of them it applies, up to 1; 0 means 1."`
	Status      int               `json:"status" about:"What is answered, 400 to 599, and nothing is done."`
	Body        string            `json:"body" about:"The body of that status, instead of Aircall's own words."`
	RetryAfter  span              `json:"retry_after" about:"With status 429: when to come again."`
	Late        bool              `json:"late" about:"With status or reset: what was asked is done all the same."`
	Delay       span              `json:"delay" about:"Real time before anything is done, 1m at most."`
	Reset       bool              `json:"reset" about:"The connection is cut without a reply."`
	Truncate    bool              `json:"truncate" about:"Half of the body is sent, and the connection cut."`
	Malformed   bool              `json:"malformed" about:"Three quarters of the body are sent as if they were all."`
	ContentType string            `json:"content_type" about:"Instead of the right one."`
	Headers     map[string]string `json:"headers" about:"Added to the reply."`
	Slow        int               `json:"slow" about:"Bytes of the body in a second."`
	Stale       span              `json:"stale" about:"How long reads answer as before the last write, on the fake's clock."`
	SearchLag   span              `json:"search_lag" about:"How long a search does not find a new contact, on the fake's clock."`
}

type faultView struct {
	ID string `json:"id" about:"What to remove it by."`
	faultInput
	Hits  int  `json:"hits" about:"Requests it applied to."`
	Ended bool `json:"ended" about:"It has applied as often as it was to."`
}

var exampleFault = convert[faultView](fakeaircall.Fault{ID: "fault-1", Op: "create-a-contact", Account: "default", Times: 2, Status: 503, Delay: 200 * time.Millisecond, Hits: 1})

type removedView struct {
	Removed int `json:"removed" about:"How many rules are gone."`
}

type requestView struct {
	Seq               uint64       `json:"seq" about:"Counts all requests, from 1."`
	At                time.Time    `json:"time" about:"On the fake's clock."`
	Op                string       `json:"op" about:"The operation; empty for a route that Aircall does not have."`
	Method            string       `json:"method"`
	Path              string       `json:"path"`
	Query             string       `json:"query" about:"Without the values of secrets."`
	Status            int          `json:"status" about:"0: the connection was cut."`
	Account           string       `json:"account" about:"Empty if nobody was let in."`
	Duration          millis       `json:"duration_ms" about:"Real time until the reply began."`
	UnknownRoute      bool         `json:"unknown_route"`
	UnknownParameters []string     `json:"unknown_parameters" about:"Keys of query and body that the operation does not read."`
	Faults            []string     `json:"faults" about:"The rules that applied."`
	Request           *messageSide `json:"request,omitempty" about:"With detail."`
	Reply             *messageSide `json:"reply,omitempty" about:"With detail."`
	Curl              string       `json:"curl,omitempty" about:"With detail: a command that asks once more, with credentials of the environment."`
}

type messageSide struct {
	Headers map[string][]string `json:"headers"`
	Body    string              `json:"body" about:"Its first 16 KiB, without the values of secrets."`
	Size    int                 `json:"size" about:"Bytes of the whole body, of the request as far as it was read."`
}

// viewRequest shows headers, bodies and a command that asks base again only with detail.
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
	UnknownParameters: []string{"firstname"}, Header: http.Header{"Authorization": {"Basic " + fakeaircall.Removed}}, Body: `{"firstname":"Ann"}`, BodySize: 19,
	ReplyHeader: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, ReplyBody: `{"contact":{"id":7}}`, ReplyBodySize: 20,
}, true, "http://127.0.0.1:8787")

type eventView struct {
	Seq  uint64          `json:"seq" about:"Counts the account's events, from 1."`
	At   time.Time       `json:"time" about:"On the fake's clock."`
	Name string          `json:"name"`
	Data json.RawMessage `json:"data" about:"The resource, as a webhook shows it."`
}

type totalsView struct {
	Pending   uint64 `json:"pending" about:"Or retrying."`
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
	At       time.Time                 `json:"time" about:"When it was to be sent first, on the fake's clock."`
	Attempts []attemptView             `json:"attempts"`
	Body     json.RawMessage           `json:"body" about:"Without the token."`
}

type attemptView struct {
	At     time.Time `json:"time" about:"On the fake's clock."`
	Took   millis    `json:"duration_ms" about:"Real time."`
	Status int       `json:"status" about:"0: there was no answer."`
	Error  string    `json:"error" about:"Empty for a success."`
}

var deliveryStates = []fakeaircall.DeliveryState{fakeaircall.DeliveryPending, fakeaircall.DeliveryRetrying, fakeaircall.DeliveryDelivered, fakeaircall.DeliveryFailed, fakeaircall.DeliveryDropped}

var exampleDelivery = convert[deliveryView](fakeaircall.Delivery{
	ID: 41, Account: "default", Event: "tag.created", Webhook: "f1c8f4b4", URL: "http://127.0.0.1:9000/hook", State: fakeaircall.DeliveryDelivered, At: exampleTime,
	Attempts: []fakeaircall.Attempt{{At: exampleTime, Took: 3 * time.Millisecond, Status: 200}}, Body: []byte(`{"event":"tag.created"}`),
})

type changesView struct {
	Changes uint64 `json:"changes" about:"Counts all changes; compare it, and no more."`
}
