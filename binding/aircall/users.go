package aircall

import (
	"context"
)

// User is an agent or administrator. Where a user is part of something else, some fields are missing.
type User struct {
	ID                 int64    `json:"id"`
	Name               string   `json:"name"` // first and last; Aircall does not give them apart
	Email              string   `json:"email"`
	DirectLink         string   `json:"direct_link"`
	Language           string   `json:"language"` // IETF tag
	CreatedAt          Time     `json:"created_at"`
	TimeZone           string   `json:"time_zone"` // IANA name
	State              string   `json:"state"`
	WrapUpTime         int      `json:"wrap_up_time"` // seconds
	Extension          string   `json:"extension"`
	AvailabilityStatus string   `json:"availability_status"` // the setting: available, custom, unavailable
	Available          bool     `json:"available"`           // computed: online and within working hours
	DefaultNumberID    int64    `json:"default_number_id"`   // 0: none
	Substatus          string   `json:"substatus"`           // always_opened, always_closed or why the user is away
	Numbers            []Number `json:"numbers"`             // v1 only; see Client.UserNumbers
}

// UserParams creates a user, which requires Email, FirstName and LastName, or changes the fields that are not nil.
type UserParams struct {
	Email              *string  `json:"email,omitempty"`
	FirstName          *string  `json:"first_name,omitempty"`
	LastName           *string  `json:"last_name,omitempty"`
	AvailabilityStatus *string  `json:"availability_status,omitempty"`
	Substatus          *string  `json:"substatus,omitempty"` // only in an update
	IsAdmin            *bool    `json:"is_admin,omitempty"`  // the older way to give the admin role
	RoleIDs            []string `json:"role_ids,omitempty"`  // admin, agent, supervisor, …
	WrapUpTime         *int     `json:"wrap_up_time,omitempty"`
	Language           *string  `json:"language,omitempty"`
	TimeZone           *string  `json:"time_zone,omitempty"`
	Extension          *string  `json:"extension,omitempty"`
	DefaultNumberID    *int64   `json:"default_number_id,omitempty"` // only in an update
	InviterUserID      *int64   `json:"inviter_user_id,omitempty"`   // only of a new user
}

// UserAvailability is one entry of the list of availabilities.
type UserAvailability struct {
	ID           int64  `json:"id"`           // of the user
	Availability string `json:"availability"` // as Client.Availability returns it
}

// Users lists the company's users (list-all-users).
func (c *Client) Users(p ListParams) List[User] {
	return List[User]{c, "list-all-users", "users", Request{Query: values(p)}}
}

// User returns the user with an id (retrieve-a-user).
func (c *Client) User(ctx context.Context, id int64) (*User, error) {
	return one[User](ctx, c, "retrieve-a-user", "user", Request{Path: at(id)})
}

// UserByEmail returns the user with an e-mail address (retrieve-a-user).
func (c *Client) UserByEmail(ctx context.Context, email string) (*User, error) {
	return one[User](ctx, c, "retrieve-a-user", "user", Request{Path: []string{email}})
}

// CreateUser invites a user, who gets an e-mail (create-a-user).
func (c *Client) CreateUser(ctx context.Context, p UserParams) (*User, error) {
	return one[User](ctx, c, "create-a-user", "user", Request{Body: p})
}

// UpdateUser changes a user (update-a-user).
func (c *Client) UpdateUser(ctx context.Context, id int64, p UserParams) (*User, error) {
	return one[User](ctx, c, "update-a-user", "user", Request{Path: at(id), Body: p})
}

// DeleteUser removes a user (delete-a-user). Aircall does so later; until then lists may still contain the user.
func (c *Client) DeleteUser(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-user", Request{Path: at(id)})
}

// Availabilities lists the users with their current availability (retrieve-list-of-users-availability).
func (c *Client) Availabilities(p ListParams) List[UserAvailability] {
	return List[UserAvailability]{c, "retrieve-list-of-users-availability", "users", Request{Query: values(p)}}
}

// Availability returns the current availability of a user: available, offline, do_not_disturb, in_call or after_call_work
// (check-availability-of-a-user).
func (c *Client) Availability(ctx context.Context, id int64) (string, error) {
	// The one reply whose envelope is the object itself.
	s, err := one[string](ctx, c, "check-availability-of-a-user", "availability", Request{Path: at(id)})
	if err != nil {
		return "", err
	}
	return *s, nil
}

// UserNumbers lists the numbers a user takes calls on (list-numbers-of-a-user).
func (c *Client) UserNumbers(id int64, p PageParams) List[Number] {
	return List[Number]{c, "list-numbers-of-a-user", "numbers", Request{Path: at(id), Query: values(p)}}
}

// CallStartParams has the number to call and the number to call from. Both are required.
type CallStartParams struct {
	NumberID int64  `json:"number_id"`
	To       string `json:"to"` // E.164
}

// StartCall makes the app of a user call a number (start-an-outbound-call). Only the call.created event tells the id of the
// call; two requests make two calls. Aircall answers 405 if the user's app is closed or the user is busy.
func (c *Client) StartCall(ctx context.Context, userID int64, p CallStartParams) error {
	return c.tell(ctx, "start-an-outbound-call", Request{Path: at(userID), Body: p})
}

// DialInPhone writes a phone number (E.164) into the app of a user, who may then call it or not
// (dial-a-phone-number-in-the-phone). Aircall answers 405 if the user's app is closed or the user is busy.
func (c *Client) DialInPhone(ctx context.Context, userID int64, to string) error {
	return c.tell(ctx, "dial-a-phone-number-in-the-phone", Request{Path: at(userID), Body: map[string]string{"to": to}})
}

// UsersV1 lists the company's users in the form of version 1: without a default number and a substatus
// (list-all-users-v1). Aircall announced the end of this route for 2026-09-30; use [Client.Users].
func (c *Client) UsersV1(p ListParams) List[User] {
	return List[User]{c, "list-all-users-v1", "users", Request{Query: values(p)}}
}

// UserV1 returns the user with an id, with the numbers the user takes calls on (retrieve-a-user-v1). Aircall announced the
// end of this route for 2026-09-30; use [Client.User] and [Client.UserNumbers].
func (c *Client) UserV1(ctx context.Context, id int64) (*User, error) {
	return one[User](ctx, c, "retrieve-a-user-v1", "user", Request{Path: at(id)})
}

// CreateUserV1 invites a user, who gets an e-mail (create-a-user-v1). Aircall announced the end of this route for 2026-09-30;
// use [Client.CreateUser].
func (c *Client) CreateUserV1(ctx context.Context, p UserParams) (*User, error) {
	return one[User](ctx, c, "create-a-user-v1", "user", Request{Body: p})
}

// UpdateUserV1 changes a user (update-a-user-v1). Aircall announced the end of this route for 2026-09-30; use
// [Client.UpdateUser].
func (c *Client) UpdateUserV1(ctx context.Context, id int64, p UserParams) (*User, error) {
	return one[User](ctx, c, "update-a-user-v1", "user", Request{Path: at(id), Body: p})
}
