package aircall

import "context"

// Integration is the app that an access token belongs to. An API key has none.
type Integration struct {
	ID           int64   `json:"id"`
	Name         string  `json:"name"`
	CustomName   string  `json:"custom_name"` // "": none
	Logo         string  `json:"logo"`        // URL
	CompanyID    int64   `json:"company_id"`
	Status       string  `json:"status"`
	Active       bool    `json:"active"`
	NumberIDs    []int64 `json:"number_ids"`
	NumbersCount int     `json:"numbers_count"`
	User         *User   `json:"user"` // who installed it
}

// Integration returns the integration of the access token, and with it the user who installed it
// (retrieve-an-integration). An API key has neither.
func (c *Client) Integration(ctx context.Context) (*Integration, error) {
	return one[Integration](ctx, c, "retrieve-an-integration", "integration", Request{})
}

// EnableIntegration makes the integration of the access token active (enable-an-integration). An API key has none.
func (c *Client) EnableIntegration(ctx context.Context) error {
	return c.tell(ctx, "enable-an-integration", Request{})
}

// DisableIntegration makes the integration of the access token inactive, as an app does that a customer disconnects
// (disable-an-integration).
func (c *Client) DisableIntegration(ctx context.Context) error {
	return c.tell(ctx, "disable-an-integration", Request{})
}
