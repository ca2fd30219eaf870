package aircall

import (
	"context"
	"iter"
)

// ListUsersV1 returns a page of the company's users as version 1 tells of them: without a default number and a
// substatus. Aircall announced the end of this route for 2026-09-30; use [Client.ListUsers].
//
// https://developer.aircall.io/api-references/#list-all-users
func (c *Client) ListUsersV1(ctx context.Context, p ListParams) (*Page[User], error) {
	return list[User](ctx, c, "list-all-users-v1", "users", Request{Query: p.values()})
}

// UsersV1 walks over all pages of [Client.ListUsersV1].
func (c *Client) UsersV1(ctx context.Context, p ListParams) iter.Seq2[User, error] {
	return walk[User](ctx, c, "list-all-users-v1", "users", Request{Query: p.values()})
}

// UserV1 returns the user with an id, with the numbers he takes calls on. Aircall announced the end of this route
// for 2026-09-30; use [Client.User] and [Client.ListUserNumbers].
//
// https://developer.aircall.io/api-references/#retrieve-a-user
func (c *Client) UserV1(ctx context.Context, id int64) (*User, error) {
	return one[User](ctx, c, "retrieve-a-user-v1", "user", Request{Path: at(id)})
}

// UserByEmailV1 is UserV1 for an e-mail, which Aircall takes in the place of the id.
//
// https://developer.aircall.io/api-references/#retrieve-a-user
func (c *Client) UserByEmailV1(ctx context.Context, email string) (*User, error) {
	return one[User](ctx, c, "retrieve-a-user-v1", "user", Request{Path: []string{email}})
}

// CreateUserV1 invites a user, who gets a mail. Aircall announced the end of this route for 2026-09-30; use
// [Client.CreateUser].
//
// https://developer.aircall.io/api-references/#create-a-user
func (c *Client) CreateUserV1(ctx context.Context, p UserCreateParams) (*User, error) {
	return one[User](ctx, c, "create-a-user-v1", "user", Request{Body: p})
}

// UpdateUserV1 changes a user. Aircall announced the end of this route for 2026-09-30; use [Client.UpdateUser].
//
// https://developer.aircall.io/api-references/#update-a-user
func (c *Client) UpdateUserV1(ctx context.Context, id int64, p UserUpdateParams) (*User, error) {
	return one[User](ctx, c, "update-a-user-v1", "user", Request{Path: at(id), Body: p})
}
