package fakeaircall

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// WhatsApp: https://developer.aircall.io/api-references/#message
//
// The two sends differ from those of SMS, and from each other: the line is in the body, and the receiver is in "to" past
// the inbox and in "externalNumber" in a conversation.
func whatsappRoutes() []route {
	return []route{
		{"send-whatsapp-message", "POST", "/v1/messages/whatsapp/send", expressTier, sendWhatsApp(publicMode, "to")},
		{"send-whatsapp-message-in-agent-conversation", "POST", "/v1/messages/send/whatsapp/native", expressTier, sendWhatsApp(nativeMode, "externalNumber")},
		{"list-whatsapp-templates", "GET", "/v1/numbers/{id}/templates", expressTier, listWhatsAppTemplates},
		{"retrieve-whatsapp-status", "GET", "/v1/numbers/{id}/whatsapp_status", expressTier, retrieveWhatsAppStatus},
	}
}

const maxWhatsApp = 4096 // characters, by the reference

// A whatsappLine is a line as Meta has it.
type whatsappLine struct {
	Account      string `json:"account,omitzero"` // the WhatsApp Business account, which has the templates
	Status       string `json:"status,omitzero"`
	Limit        string `json:"limit,omitzero"`
	Quality      string `json:"quality,omitzero"`
	Verification string `json:"verification,omitzero"`
}

func (l *whatsappLine) canSend() bool { return l.Status == "ONLINE" }

const (
	// whatsappWindow is how long a customer's message lets a line send texts
	// (documented). Templates go at any time.
	whatsappWindow = 24 * time.Hour

	errOutsideWindow = 63016  // of the provider (documented)
	errUnknownToMeta = 131000 // documented
)

// whatsappTiers has how many customers a line may begin a conversation with in 24 hours. Other tiers have no limit.
var whatsappTiers = map[string]int{
	"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1000, "TIER_2K": 2000, "TIER_10K": 10_000, "TIER_100K": 100_000,
}

// A whatsappOpening is a conversation that a line began with a template. It counts toward the line's tier for 24 hours.
type whatsappOpening struct {
	Message int64  `json:"message,omitzero"` // the N of the template's message
	Line    int64  `json:"line,omitzero"`
	To      string `json:"to,omitzero"`
	Sent    int64  `json:"sent,omitzero" unix:"ms"`
}

func (o *whatsappOpening) identity() (id, created int64) { return o.Message, o.Message }

func (o *whatsappOpening) clone() *whatsappOpening { return new(*o) }

// whatsappRefusal returns the 400 for a request that is valid, but not for this line: its status is documented, its body
// is not.
func whatsappRefusal(format string, args ...any) *apiError {
	return &apiError{status: 400, key: "Bad Request", troubleshoot: fmt.Sprintf(format, args...)}
}

// retrieveWhatsAppStatus answers in camel case (documented).
func retrieveWhatsAppStatus(r *request) (rep reply, err error) {
	err = r.withLine((*messageLine).hasWhatsApp, func(_ *tx, line *messageLine) {
		l := line.Whatsapp
		rep = flat(200, envelope{
			{"wabaId", l.Account}, {"status", l.Status}, {"canSendMessage", l.canSend()},
			{"messagingLimitTier", l.Limit}, {"qualityRating", l.Quality}, {"businessVerificationStatus", l.Verification},
		})
	})
	return rep, err
}

func (l *messageLine) hasWhatsApp() bool { return l.Whatsapp != nil }

type whatsappTemplate struct {
	ID       int64  `json:"id,omitzero"`
	Account  string `json:"account,omitzero"`
	Name     string `json:"name,omitzero"`
	Category string `json:"category,omitzero"` // UTILITY, MARKETING or AUTHENTICATION
	Status   string `json:"status,omitzero"`   // APPROVED, PENDING or REJECTED
	Language string `json:"language,omitzero"`
	Body     string `json:"body,omitzero"` // with {{1}} for a value; the list does not show it
}

func (m *whatsappTemplate) identity() (id, created int64) { return m.ID, 0 }

func (m *whatsappTemplate) clone() *whatsappTemplate { return new(*m) }

// listWhatsAppTemplates has pageInfo where other lists have meta. The tokens of the reference's sample, 0 and 10 of 50,
// are read as positions in the list.
func listWhatsAppTemplates(r *request) (reply, error) {
	token, limit := 0, 10
	if err := r.within("token", 0, math.MaxInt32, &token); err != nil {
		return reply{}, err
	}
	if err := r.within("limit", 1, 100, &limit); err != nil {
		return reply{}, err
	}
	found := []raw{}
	err := r.withLine((*messageLine).hasWhatsApp, func(t *tx, l *messageLine) {
		for _, m := range t.messaging.whatsapp.order {
			if m.Account == l.Whatsapp.Account && r.selects("status", m.Status) && r.selects("category", m.Category) {
				found = append(found, encode(envelope{
					{"id", m.ID}, {"wabaId", m.Account}, {"name", m.Name},
					{"category", m.Category}, {"status", m.Status}, {"language", m.Language},
				}))
			}
		}
	})
	if r.query.Get("sort") == "desc" {
		slices.Reverse(found)
	}
	first := min(token, len(found))
	last := min(first+limit, len(found))
	var next *int
	if last < len(found) {
		next = &last
	}
	info := envelope{{"currentToken", token}, {"nextToken", next}, {"totalCount", len(found)}}
	return flat(200, envelope{{"templates", found[first:last]}, {"pageInfo", info}}), err
}

// selects reports whether a parameter has the value, or is absent.
func (r *request) selects(name, value string) bool {
	want := r.query.Get(name)
	return want == "" || strings.EqualFold(want, value)
}

// sendWhatsApp sends a text, a template or, past the inbox, files.
func sendWhatsApp(mode messageMode, receiver string) handler {
	return func(r *request) (reply, error) {
		in, err := r.object()
		if err != nil {
			return reply{}, payloadError(err)
		}
		var rep reply
		err = r.do(func(t *tx) error {
			n, l, err := t.whatsappSender(in, mode)
			if err != nil {
				return err
			}
			m := message{Line: n.ID, Whatsapp: true}
			to, err := phoneIn(in, receiver)
			if err != nil {
				return err
			}
			if err := checkReceivers(n, to); err != nil {
				return err
			}
			m.To = []string{to}
			if err := t.readWhatsApp(&m, in, l, mode); err != nil {
				return err
			}
			if err := t.checkAgent(in, mode); err != nil {
				return err
			}
			switch {
			case t.windowIsOpen(n.ID, to):
			case m.Category == "":
				m.Failure = errOutsideWindow
			default:
				if err := t.openConversation(n, l, to); err != nil {
					return err
				}
			}
			m.ID = t.messageID()
			rep = flat(200, viewMessage(t.send(m), n))
			return nil
		})
		return rep, payloadError(err)
	}
}

// windowIsOpen reports whether a customer wrote to a line in WhatsApp within the last 24 hours, as far back as messages
// are kept.
func (t *tx) windowIsOpen(line int64, customer string) bool {
	opened := t.now.Add(-whatsappWindow).UnixMilli()
	return slices.ContainsFunc(t.messaging.sent.order, func(m *message) bool {
		return m.Inbound && m.Whatsapp && m.Line == line && m.Sent > opened && digits(m.To[0]) == digits(customer)
	})
}

// openConversation counts the conversation that the next message begins, if the tier of the line has room for another
// customer. The status of the refusal is documented, its body is not.
func (t *tx) openConversation(n *number, l *whatsappLine, customer string) error {
	openings := &t.messaging.openings
	over := t.now.Add(-whatsappWindow).UnixMilli()
	for openings.len() > 0 && openings.order[0].Sent <= over {
		openings.remove(openings.order[0].Message)
	}
	customers := 0
	for _, o := range openings.order {
		if o.Line != n.ID && !t.account.assume.sharedTier {
			continue
		}
		if o.To == customer {
			return nil
		}
		customers++
	}
	if most := whatsappTiers[l.Limit]; most > 0 && customers >= most {
		return &apiError{status: 429, troubleshoot: "The number has reached the daily limit of its messaging tier, " + l.Limit}
	}
	openings.insert(&whatsappOpening{Message: t.messaging.last + 1, Line: n.ID, To: customer, Sent: t.now.UnixMilli()})
	return nil
}

// whatsappSender returns the number of lineId, if it may send.
func (t *tx) whatsappSender(in object, mode messageMode) (*number, *whatsappLine, error) {
	id, state, err := in.integer("lineId")
	if err != nil {
		return nil, nil, err
	}
	if state != isPresent {
		return nil, nil, invalid("lineId can't be blank")
	}
	if t.account.assume.noWhatsApp {
		return nil, nil, &apiError{status: 403, troubleshoot: "This needs the WhatsApp add-on"}
	}
	n, l, err := t.registeredLine(id)
	switch {
	case err != nil:
		return nil, nil, err
	case l.Mode != mode && mode == publicMode: // a 400 here, unlike for SMS (documented)
		return nil, nil, whatsappRefusal("The number is not configured for the Public API")
	case l.Mode != mode:
		return nil, nil, wrongMode(mode)
	case l.Whatsapp == nil:
		return nil, nil, whatsappRefusal("The number is not connected to WhatsApp")
	case !l.Whatsapp.canSend():
		return nil, nil, whatsappRefusal("The number can't send WhatsApp messages: its status is %s", l.Whatsapp.Status)
	}
	return n, l.Whatsapp, nil
}

// readWhatsApp reads the content of a message. A text may come with files.
func (t *tx) readWhatsApp(m *message, in object, l *whatsappLine, mode messageMode) (err error) {
	if mode == publicMode {
		if m.Media, err = mediaIn(in); err != nil {
			return err
		}
	}
	_, text := in.field("text")
	_, template := in.field("templateParams")
	switch {
	case template == isPresent && text == isPresent:
		return invalid("text and templateParams can't be sent together")
	case template == isPresent && len(m.Media) > 0:
		return invalid("mediaUrl and templateParams can't be sent together")
	case template == isPresent:
		m.Body, m.Category, err = t.whatsappTemplate(in, l)
	case text == isPresent || len(m.Media) == 0:
		m.Body, err = textIn(in, "text", maxWhatsApp)
	}
	return err
}

// whatsappTemplate returns the text of a template, and its category.
func (t *tx) whatsappTemplate(in object, l *whatsappLine) (text, category string, err error) {
	var params object
	if _, err := in.decode("templateParams", "an object", &params); err != nil {
		return "", "", err
	}
	id, _, err := params.integer("id")
	if err != nil {
		return "", "", err
	}
	m, ok := t.messaging.whatsapp.get(id)
	if !ok || m.Account != l.Account {
		return "", "", invalid("templateParams.id %d is not a template of the number", id)
	}
	if m.Status != "APPROVED" {
		return "", "", whatsappRefusal("template %d is not approved: its status is %s", id, m.Status)
	}
	text, err = m.fill(params)
	return text, strings.ToLower(m.Category), err
}

var placeholder = regexp.MustCompile(`\{\{\d+\}\}`)

// fill puts the values of the request into the template: one for each of its placeholders, {"key":"{{1}}","value":"…"}.
func (m *whatsappTemplate) fill(params object) (string, error) {
	values, _, err := params.objects("body")
	if err != nil {
		return "", err
	}
	places := placeholder.FindAllString(m.Body, -1)
	given := make(map[string]string)
	for _, v := range values {
		key, _, err := v.text("key")
		if err != nil {
			return "", err
		}
		if _, twice := given[key]; twice || !slices.Contains(places, key) {
			return "", invalid("templateParams.body: %.40q is not a placeholder of the template, or is there twice", key)
		}
		if given[key], err = textIn(v, "value", maxWhatsApp); err != nil {
			return "", err
		}
	}
	for _, p := range places {
		if _, ok := given[p]; !ok {
			return "", invalid("templateParams.body has no value for %s", p)
		}
	}
	return placeholder.ReplaceAllStringFunc(m.Body, func(p string) string { return given[p] }), nil
}
