package aircall_test

import (
	"context"
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func userV1Cases(t *testing.T) []opCase {
	const ada = `{"id":2100001,"name":"Ada Okafor","email":"ada@acme.test","direct_link":"https://api.aircall.io/v1/users/2100001","language":"en-US","created_at":"2026-02-03T09:15:00.000Z","time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":5,"extension":"001","availability_status":"available","available":true,"default_number_id":44,"substatus":"always_opened","numbers":[{"id":44,"digits":"+33 1 76 00 00 01"}]}`
	full := aircall.User{
		ID: 2100001, Name: "Ada Okafor", Email: "ada@acme.test", DirectLink: "https://api.aircall.io/v1/users/2100001",
		Language: "en-US", CreatedAt: iso(t, someISO), TimeZone: "Etc/UTC", State: "always_opened", WrapUpTime: 5, Extension: "001",
		AvailabilityStatus: "available", Available: true, DefaultNumberID: 44, Substatus: "always_opened",
		Numbers: []aircall.Number{{ID: 44, Digits: "+33 1 76 00 00 01"}},
	}
	return []opCase{{
		op: "list-all-users-v1",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UsersV1(aircall.ListParams{From: from, Order: aircall.Desc, PerPage: 50}).Page(ctx)
		},
		request: "GET /v1/users?from=1767225600&order=desc&per_page=50", status: 200,
		reply: `{"users":[{"id":1,"available":true}],` + oneOf + `}`, want: page(aircall.User{ID: 1, Available: true}),
	}, {
		op:      "retrieve-a-user-v1",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.UserV1(ctx, 2100001) },
		request: "GET /v1/users/2100001", status: 200, reply: `{"user":` + ada + `}`, want: &full,
	}, {
		op: "create-a-user-v1",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateUserV1(ctx, aircall.UserParams{Email: new("a@b.test"), FirstName: new("A"), LastName: new("B"), IsAdmin: new(true)})
		},
		request: "POST /v1/users", body: `{"email":"a@b.test","first_name":"A","last_name":"B","is_admin":true}`,
		status: 201, reply: `{"user":{"id":3}}`, want: &aircall.User{ID: 3},
	}, {
		op: "update-a-user-v1",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.UpdateUserV1(ctx, 3, aircall.UserParams{WrapUpTime: new(0), LastName: new("B")})
		},
		request: "PUT /v1/users/3", body: `{"last_name":"B","wrap_up_time":0}`, status: 200, reply: `{"user":{"id":3}}`, want: &aircall.User{ID: 3},
	}}
}
