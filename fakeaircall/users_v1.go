package fakeaircall

import (
	"slices"
	"strings"
	"time"
)

// Version 1 of users: https://developer.aircall.io/api-references/#users
//
// The changelog of 2026-02-25 deprecates these four and takes them away on
// 2026-09-30. The rest of version 1 stays.
func userV1Routes() []route {
	return []route{
		{"list-all-users-v1", "GET", "/v1/users", railsTier, listUsers(viewUserV1)},
		{"retrieve-a-user-v1", "GET", "/v1/users/{id}", railsTier, retrieveUser((*tx).viewWholeUserV1)},
		{"create-a-user-v1", "POST", "/v1/users", railsTier, createUser(viewUserV1)},
		{"update-a-user-v1", "PUT", "/v1/users/{id}", railsTier, updateUser(viewUserV1)},
	}
}

// usersV1End is the first instant at which nothing answers them any more.
var usersV1End = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// retired says that a route is no route any more: not even credentials are
// looked at.
func (r *request) retired() bool {
	if isA2P(r.route.op) {
		return !r.assume.keepA2P
	}
	return r.realtimeRetired() || strings.HasSuffix(r.route.op, "-v1") && !r.assume.keepUsersV1 && !r.now.Before(usersV1End)
}

// wholeUserV1View is a user alone. A list of 2025 lacks the numbers of a user who
// has some; the reference has them here and in events.
type wholeUserV1View struct {
	userV1View
	Numbers []callNumberView `json:"numbers"`
}

func (t *tx) viewWholeUserV1(u *user) wholeUserV1View {
	v := wholeUserV1View{viewUserV1(u), []callNumberView{}}
	for _, n := range t.numbers.order {
		if slices.Contains(n.Users, u.ID) {
			v.Numbers = append(v.Numbers, viewCallNumber(n))
		}
	}
	return v
}
