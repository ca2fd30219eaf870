package aircall_test

import (
	"context"
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func a2pCases(t *testing.T) []opCase {
	const cm1 = `{"id":701,"company_id":9,"external_id":"CM1","update_status":"failed","update_message":"why","created_at":"2026-02-03T09:15:00.000Z","updated_at":"2026-02-03T09:15:00.000Z","numbers":[44]}`
	full := aircall.A2PAssociation{
		ID: 701, CompanyID: 9, ExternalID: "CM1", UpdateStatus: "failed", UpdateMessage: "why",
		CreatedAt: iso(t, someISO), UpdatedAt: iso(t, someISO), Numbers: []int64{44},
	}
	params := aircall.A2PAssociationParams{ExternalCampaignID: "CM1", Numbers: []int64{44}}
	const body = `{"external_campaign_id":"CM1","numbers":[44]}`
	return []opCase{{
		op: "list-a2p-campaign-associations",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.A2PAssociations(aircall.PageParams{PerPage: 5}).Page(ctx)
		},
		request: "GET /v1/a2p_campaign_associations?per_page=5", status: 200, reply: `{"a2p_campaign_associations":[` + cm1 + `],` + oneOf + `}`, want: page(full),
	}, {
		op:      "create-an-a2p-campaign-association",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.CreateA2PAssociation(ctx, params) },
		request: "POST /v1/a2p_campaign_associations", body: body, status: 201, reply: `{"a2p_campaign_associations":` + cm1 + `}`, want: &full,
	}, {
		op:      "update-an-a2p-campaign-association",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.UpdateA2PAssociation(ctx, params) },
		request: "PUT /v1/a2p_campaign_associations", body: body, status: 200, reply: `{"a2p_campaign_associations":` + cm1 + `}`, want: &full,
	}, {
		op: "delete-an-a2p-campaign-association",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return nil, c.DeleteA2PAssociation(ctx, 701)
		},
		request: "DELETE /v1/a2p_campaign_associations/701", status: 204,
	}}
}
