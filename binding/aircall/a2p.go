package aircall

import (
	"context"
)

// A2PAssociation connects numbers with a campaign that is registered for messages from applications. Aircall's documentation
// of 2026 no longer has these operations; where they are gone, the error is [KindNotFound].
type A2PAssociation struct {
	ID            int64   `json:"id"`
	CompanyID     int64   `json:"company_id"`
	ExternalID    string  `json:"external_id"` // of the campaign, at its registry
	UpdateStatus  string  `json:"update_status"`
	UpdateMessage string  `json:"update_message"` // "": null
	CreatedAt     Time    `json:"created_at"`
	UpdatedAt     Time    `json:"updated_at"`
	Numbers       []int64 `json:"numbers"`
}

// A2PAssociationParams has the numbers of a campaign.
type A2PAssociationParams struct {
	ExternalCampaignID string  `json:"external_campaign_id"`
	Numbers            []int64 `json:"numbers"`
}

// A2PAssociations lists the company's associations (list-a2p-campaign-associations).
func (c *Client) A2PAssociations(p PageParams) List[A2PAssociation] {
	return List[A2PAssociation]{c, "list-a2p-campaign-associations", "a2p_campaign_associations", Request{Query: values(p)}}
}

// CreateA2PAssociation connects numbers with a campaign (create-an-a2p-campaign-association).
func (c *Client) CreateA2PAssociation(ctx context.Context, p A2PAssociationParams) (*A2PAssociation, error) {
	return one[A2PAssociation](ctx, c, "create-an-a2p-campaign-association", "a2p_campaign_associations", Request{Body: p})
}

// UpdateA2PAssociation replaces the numbers of the campaign with an external id
// (update-an-a2p-campaign-association).
func (c *Client) UpdateA2PAssociation(ctx context.Context, p A2PAssociationParams) (*A2PAssociation, error) {
	return one[A2PAssociation](ctx, c, "update-an-a2p-campaign-association", "a2p_campaign_associations", Request{Body: p})
}

// DeleteA2PAssociation removes an association (delete-an-a2p-campaign-association).
func (c *Client) DeleteA2PAssociation(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-an-a2p-campaign-association", Request{Path: at(id)})
}
