package aircall_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func dialerCases(t *testing.T) []opCase {
	return []opCase{{
		op:      "retrieve-a-dialer-campaign",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.DialerCampaign(ctx, 7) },
		request: "GET /v1/users/7/dialer_campaign", status: 200, reply: `{"id":1,"number_id":"1234","created_at":"` + someISO + `"}`,
		want: &aircall.DialerCampaign{ID: 1, NumberID: "1234", CreatedAt: iso(t, someISO)},
	}, {
		op: "create-a-dialer-campaign",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return nil, c.CreateDialerCampaign(ctx, 7, []string{"+4520000001"})
		},
		request: "POST /v1/users/7/dialer_campaign", body: `{"phone_numbers":["+4520000001"]}`, status: 204,
	}, {
		op:      "delete-a-dialer-campaign",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteDialerCampaign(ctx, 7) },
		request: "DELETE /v1/users/7/dialer_campaign", status: 204,
	}, {
		op: "retrieve-phone-numbers",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.DialerPhones(7, aircall.PageParams{Page: 1}).Page(ctx)
		},
		request: "GET /v1/users/7/dialer_campaign/phone_numbers?page=1", status: 200,
		reply: `{"numbers":[{"id":2,"number":"+4520000001","called":true,"created_at":"` + someISO + `"}],` + oneOf + `}`,
		want:  page(aircall.DialerPhone{ID: 2, Number: "+4520000001", Called: true, CreatedAt: iso(t, someISO)}),
	}, {
		op: "add-phone-numbers",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return nil, c.AddDialerPhones(ctx, 7, []string{"+4520000001"})
		},
		request: "POST /v1/users/7/dialer_campaign/phone_numbers", body: `{"phone_numbers":["+4520000001"]}`, status: 204,
	}, {
		op:      "delete-a-phone-number",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteDialerPhone(ctx, 7, 2) },
		request: "DELETE /v1/users/7/dialer_campaign/phone_numbers/2", status: 204,
	}}
}

func TestDialerCampaignForms(t *testing.T) {
	for _, body := range []string{`{"id":1,"number_id":null}`, `{"dialer_campaign":{"id":1,"number_id":null}}`} {
		got, err := serve(t, reply(200, body)).DialerCampaign(t.Context(), 7)
		if diff := cmp.Diff(&aircall.DialerCampaign{ID: 1}, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", body, err, diff)
		}
	}
	for _, body := range []string{`{}`, `{"dialer_campaign":null}`, `[1]`, `{"id":"1"}`} {
		_, err := serve(t, reply(200, body)).DialerCampaign(t.Context(), 7)
		if e := wantError(t, err); e.Kind != aircall.KindInvalidResponse {
			t.Errorf("%s: %v", body, e)
		}
	}
}

// The body of a 422 has no troubleshoot, and some of the numbers were taken all the same.
func TestDialerRefusal(t *testing.T) {
	c := serve(t, reply(422, `{"error":"Unprocessable Entity","success":false,"errors":{"dialer_campaign":["+4520000001 already imported, but not called"]}}`))
	err := c.CreateDialerCampaign(t.Context(), 7, []string{"+4520000001", "+4520000002"})
	if e := wantError(t, err); e.Kind != aircall.KindAPI || !strings.Contains(e.Troubleshoot, "+4520000001 already imported, but not called") {
		t.Errorf("%#v", e)
	}
}
