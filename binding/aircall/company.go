package aircall

import "context"

// Company is the company that the credentials belong to.
type Company struct {
	Name         string `json:"name"`
	UsersCount   int    `json:"users_count"`
	NumbersCount int    `json:"numbers_count"`
}

// Ping checks that Aircall can be reached and accepts the credentials (ping).
func (c *Client) Ping(ctx context.Context) error {
	res, err := c.Do(ctx, "ping", Request{})
	if err != nil {
		return err
	}
	var pong string
	if _, err := c.open(res, "ping", &pong); err != nil || pong != "pong" {
		return res.sent.invalidReply(res.Status, `the reply is not {"ping":"pong"}`, hintForeign)
	}
	return nil
}

// Company returns the company of the credentials (retrieve-company).
func (c *Client) Company(ctx context.Context) (*Company, error) {
	return one[Company](ctx, c, "retrieve-company", "company", Request{})
}
