package aircall

import (
	"context"
)

// Team is a group of users that receives calls together.
type Team struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	DirectLink string `json:"direct_link"`
	CreatedAt  Time   `json:"created_at"`
	Users      []User `json:"users"`
}

// TeamParams names a team: 64 characters at most, unique in the company.
type TeamParams struct {
	Name string `json:"name"`
}

// Teams lists the company's teams with their users (list-all-teams).
func (c *Client) Teams(p OrderedPageParams) List[Team] {
	return List[Team]{c, "list-all-teams", "teams", Request{Query: values(p)}}
}

// Team returns the team with an id (retrieve-a-team).
func (c *Client) Team(ctx context.Context, id int64) (*Team, error) {
	return one[Team](ctx, c, "retrieve-a-team", "team", Request{Path: at(id)})
}

// CreateTeam creates a team without users (create-a-team). Aircall has no way to change its name later.
func (c *Client) CreateTeam(ctx context.Context, p TeamParams) (*Team, error) {
	return one[Team](ctx, c, "create-a-team", "team", Request{Body: p})
}

// DeleteTeam removes a team; its users stay (delete-a-team).
func (c *Client) DeleteTeam(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-team", Request{Path: at(id)})
}

// AddTeamUser adds a user to a team and returns the team (add-a-user-to-a-team).
func (c *Client) AddTeamUser(ctx context.Context, id, userID int64) (*Team, error) {
	return one[Team](ctx, c, "add-a-user-to-a-team", "team", Request{Path: at(id, userID)})
}

// RemoveTeamUser removes a user from a team and returns the team
// (remove-a-user-from-a-team).
func (c *Client) RemoveTeamUser(ctx context.Context, id, userID int64) (*Team, error) {
	return one[Team](ctx, c, "remove-a-user-from-a-team", "team", Request{Path: at(id, userID)})
}
