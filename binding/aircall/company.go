package aircall

import "context"

// Company is the account that the credentials belong to.
type Company struct {
	Name         string `json:"name"`
	UsersCount   int    `json:"users_count"`
	NumbersCount int    `json:"numbers_count"`
}

// Integration is the app that an access token was given to. Only access tokens have one.
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

// Ping checks that Aircall is reached and accepts the credentials.
//
// https://developer.aircall.io/api-references/#ping
func (c *Client) Ping(ctx context.Context) error {
	out, res, err := c.ask(ctx, "ping", Request{})
	if err != nil {
		return err
	}
	var pong string
	if _, err := open(res.Body, "ping", &pong); err != nil || pong != "pong" {
		return out.invalidReply(res.Status, `the reply is not {"ping":"pong"}`, hintForeign)
	}
	return nil
}

// Company returns the company of the credentials.
//
// https://developer.aircall.io/api-references/#retrieve-company
func (c *Client) Company(ctx context.Context) (*Company, error) {
	return one[Company](ctx, c, "retrieve-company", "company", Request{})
}

// Integration returns the integration of the access token, and with it the user who installed it. An API
// key has neither.
//
// https://developer.aircall.io/api-references/#retrieve-an-integration
func (c *Client) Integration(ctx context.Context) (*Integration, error) {
	return one[Integration](ctx, c, "retrieve-an-integration", "integration", Request{})
}
