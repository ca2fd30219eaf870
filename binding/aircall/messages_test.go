package aircall_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// sentJSON is a message in the reference's form, and what one reads of it.
const sentJSON = `{"id":"1772452800123abcdefgh12345678","status":"pending","direct_link":"https://api.aircall.io/v1/numbers/44/messages/SM1","direction":"outbound",` +
	`"created_at":1772452800123,"sent_at":1772452800123,"updated_at":"2026-03-02T12:00:01.000Z","raw_digits":"4520000001","number":{"id":44},"body":"Hi","media_url":["https://a.test/b.png"]}`

func sent() *aircall.Message {
	at := time.UnixMilli(1772452800123).UTC()
	return &aircall.Message{
		ID: "1772452800123abcdefgh12345678", Status: "pending", DirectLink: "https://api.aircall.io/v1/numbers/44/messages/SM1", Direction: "outbound",
		CreatedAt: aircall.Time{Time: at}, SentAt: aircall.Time{Time: at}, UpdatedAt: aircall.Time{Time: time.Unix(1772452801, 0).UTC()},
		RawDigits: "4520000001", Body: "Hi", MediaURL: []string{"https://a.test/b.png"}, Number: &aircall.Number{ID: 44},
	}
}

func messageCases() []opCase {
	const group = `{"group_message_id":"8f3c","status":"pending","direct_link":"https://api.aircall.io/v1/numbers/44/messages/SM1","direction":"outbound",` +
		`"created_at":1772452800000,"sent_at":1772452800000,"updated_at":1772452800000,"group_conversation_id":"c4b8","participants":["+13000000001","+13000000002"],"media_url":[],"body":null}`
	wantGroup := &aircall.GroupMessage{
		ID: "8f3c", Status: "pending", DirectLink: "https://api.aircall.io/v1/numbers/44/messages/SM1", Direction: "outbound",
		CreatedAt: at(1772452800), SentAt: at(1772452800), UpdatedAt: at(1772452800),
		ConversationID: "c4b8", Participants: []string{"+13000000001", "+13000000002"}, MediaURL: []string{},
	}
	const configuration = `{"token":"t","callbackUrl":"https://a.test/hook","type":"Public Api"}`
	configured := &aircall.MessageConfiguration{Token: "t", CallbackURL: "https://a.test/hook", Type: "Public Api"}
	return []opCase{{
		op:      "retrieve-registration-status",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.NumberRegistration(ctx, 44) },
		request: "GET /v1/numbers/44/registration_status", status: 200, reply: `{"registration_status":"approved","more":1}`,
		want: &aircall.NumberRegistration{Status: "approved", All: json.RawMessage(`{"registration_status":"approved","more":1}`)},
	}, {
		op: "create-number-configuration",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.ConfigureMessages(ctx, 44, aircall.MessageConfigurationParams{CallbackURL: "https://a.test/hook", Type: "whatsapp"})
		},
		request: "POST /v1/numbers/44/messages/configuration", body: `{"callbackUrl":"https://a.test/hook","type":"whatsapp"}`,
		status: 200, reply: configuration, want: configured,
	}, {
		op:      "fetch-number-configuration",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.MessageConfiguration(ctx, 44) },
		request: "GET /v1/numbers/44/messages/configuration", status: 200, reply: `{"token":"t","callbackUrl":null,"type":"Public Api"}`,
		want: &aircall.MessageConfiguration{Token: "t", Type: "Public Api"},
	}, {
		op: "delete-number-configuration",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return nil, c.DeleteMessageConfiguration(ctx, 44)
		},
		request: "DELETE /v1/numbers/44/messages/configuration", status: 204,
	}, {
		op: "send-message",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SendMessage(ctx, 44, aircall.MessageParams{To: "+4520000001", Body: "Hi", MediaURL: []string{"https://a.test/b.png"}})
		},
		request: "POST /v1/numbers/44/messages/send", body: `{"to":"+4520000001","body":"Hi","mediaUrl":["https://a.test/b.png"]}`,
		status: 200, reply: sentJSON, want: sent(),
	}, {
		op: "send-message-in-agent-conversation",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SendConversationMessage(ctx, 44, aircall.MessageParams{To: "+4520000001", Body: "Hi", UserID: 7})
		},
		request: "POST /v1/numbers/44/messages/native/send", body: `{"to":"+4520000001","body":"Hi","user_id":7}`,
		status: 201, reply: sentJSON, want: sent(),
	}, {
		op: "send-group-message",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SendGroupMessage(ctx, 44, aircall.GroupMessageParams{Participants: []string{"+13000000001", "+13000000002"}, MediaURL: []string{"https://a.test/b.png"}})
		},
		request: "POST /v1/numbers/44/messages/group/send", body: `{"participants":["+13000000001","+13000000002"],"mediaUrl":["https://a.test/b.png"]}`,
		status: 200, reply: group, want: wantGroup,
	}, {
		op: "send-group-message-in-agent-conversation",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SendConversationGroupMessage(ctx, 44, aircall.GroupMessageParams{Participants: []string{"+13000000001", "+13000000002"}, Body: "Hi", UserID: 7})
		},
		request: "POST /v1/numbers/44/messages/group/native/send", body: `{"participants":["+13000000001","+13000000002"],"body":"Hi","user_id":7}`,
		status: 200, reply: group, want: wantGroup,
	}, {
		op: "list-sms-templates",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SMSTemplates(aircall.SMSTemplateParams{Page: 1, PerPage: 100, Search: "order"}).Page(ctx)
		},
		request: "GET /v1/sms/templates?page=1&per_page=100&search=order", status: 200,
		reply: `{"templates":[{"id":8821,"name":"order_update","body":"On its way."}],` + oneOf + `}`,
		want:  page(aircall.SMSTemplate{ID: 8821, Name: "order_update", Body: "On its way."}),
	}}
}

func whatsappCases() []opCase {
	return []opCase{{
		op: "send-whatsapp-message",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SendWhatsApp(ctx, aircall.WhatsAppParams{LineID: 44, To: "+4520000001", Text: "Hi", MediaURL: []string{"https://a.test/b.png"}})
		},
		request: "POST /v1/messages/whatsapp/send", body: `{"lineId":44,"to":"+4520000001","text":"Hi","mediaUrl":["https://a.test/b.png"]}`, status: 200, reply: sentJSON, want: sent(),
	}, {
		op: "send-whatsapp-message-in-agent-conversation",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.SendConversationWhatsApp(ctx, aircall.WhatsAppParams{LineID: 44, To: "+4520000001", UserID: 7, Template: &aircall.WhatsAppTemplateValues{
				ID: 1, Body: []aircall.WhatsAppValue{{Key: "{{1}}", Value: "Kim"}},
			}})
		},
		request: "POST /v1/messages/send/whatsapp/native", status: 200, reply: sentJSON, want: sent(),
		body: `{"lineId":44,"externalNumber":"+4520000001","templateParams":{"id":1,"body":[{"key":"{{1}}","value":"Kim"}]},"user_id":7}`,
	}, {
		op: "list-whatsapp-templates",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.ListWhatsAppTemplates(ctx, 44, aircall.WhatsAppTemplateParams{Status: "APPROVED", Category: "UTILITY", Sort: "desc", Token: "0", Limit: 1})
		},
		request: "GET /v1/numbers/44/templates?category=UTILITY&limit=1&sort=desc&status=APPROVED&token=0", status: 200,
		reply: `{"templates":[{"id":1,"wabaId":"123","name":"order","category":"UTILITY","status":"APPROVED","language":"en"}],"pageInfo":{"currentToken":0,"nextToken":10,"totalCount":50}}`,
		want: &aircall.WhatsAppTemplatePage{
			Items: []aircall.WhatsAppTemplate{{ID: 1, WABAID: "123", Name: "order", Category: "UTILITY", Status: "APPROVED", Language: "en"}},
			Token: "0", Next: "10", Total: 50,
		},
	}, {
		op:      "retrieve-whatsapp-status",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.WhatsAppStatus(ctx, 44) },
		request: "GET /v1/numbers/44/whatsapp_status", status: 200,
		reply: `{"wabaId":"123","status":"ONLINE","canSendMessage":true,"messagingLimitTier":"TIER_1K","qualityRating":"GREEN","businessVerificationStatus":"VERIFIED"}`,
		want: &aircall.WhatsAppStatus{
			WABAID: "123", Status: "ONLINE", CanSendMessage: true, MessagingLimitTier: "TIER_1K", QualityRating: "GREEN", BusinessVerificationStatus: "VERIFIED",
		},
	}}
}

// A line can be configured without a URL.
func TestConfigurationWithoutURL(t *testing.T) {
	var sent []byte
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent, _ = io.ReadAll(r.Body)
		io.WriteString(w, `{"token":"t","type":"Public Api"}`)
	})
	got, err := c.ConfigureMessages(t.Context(), 44, aircall.MessageConfigurationParams{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&aircall.MessageConfiguration{Token: "t", Type: "Public Api"}, got); diff != "" || string(sent) != "{}" {
		t.Errorf("sent %s; %s", sent, diff)
	}
}

// A reply in an envelope, or of something else, is no message with nothing in it.
func TestBareReplies(t *testing.T) {
	for _, body := range []string{`{"message":{"id":"1"}}`, `{}`, `[]`, `{"id":null}`, `{"id":7}`} {
		c := serve(t, reply(200, body))
		_, err := c.SendMessage(t.Context(), 44, aircall.MessageParams{})
		if e := wantError(t, err); e.Kind != aircall.KindInvalidResponse || !e.EffectUnknown && e.Retryable {
			t.Errorf("%s: %v", body, e)
		}
	}
}

// Aircall has no key by which it would know a repeated send: the client must not repeat one.
func TestSendsAreNotRepeated(t *testing.T) {
	a := answers(reply(502, `{"message":"Bad Gateway"}`))
	c := serve(t, a.ServeHTTP)
	_, err := c.SendMessage(t.Context(), 44, aircall.MessageParams{To: "+4520000001", Body: "Hi"})
	if e := wantError(t, err); e.Retryable || !e.EffectUnknown || a.count() != 1 {
		t.Errorf("sent %d times: %#v", a.count(), e)
	}
}

func TestWhatsAppTemplatesWalk(t *testing.T) {
	pages := map[string]string{
		"":    `{"templates":[{"id":1},{"id":2}],"pageInfo":{"currentToken":0,"nextToken":2,"totalCount":3}}`,
		"2":   `{"templates":[{"id":3}],"pageInfo":{"currentToken":2,"nextToken":"a/b","totalCount":3}}`,
		"a/b": `{"templates":[],"pageInfo":{"currentToken":"a/b","nextToken":null,"totalCount":3}}`,
		"9":   `{"templates":[],"pageInfo":{"currentToken":9,"nextToken":9,"totalCount":3}}`,
	}
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, pages[r.URL.Query().Get("token")]) })
	var ids []int64
	for m, err := range c.WhatsAppTemplates(t.Context(), 44, aircall.WhatsAppTemplateParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.ID)
	}
	if diff := cmp.Diff([]int64{1, 2, 3}, ids); diff != "" {
		t.Error(diff)
	}
	for _, err := range c.WhatsAppTemplates(t.Context(), 44, aircall.WhatsAppTemplateParams{Token: "9"}) {
		if e := wantError(t, err); e.Kind != aircall.KindInvalidResponse {
			t.Errorf("a token that leads to itself: %v", e)
		}
	}
	for range c.WhatsAppTemplates(t.Context(), 44, aircall.WhatsAppTemplateParams{}) {
		break
	}
}
