package fakeaircall

import (
	"slices"
	"strings"
)

// Users: https://developer.aircall.io/api-references/#users
//
// Listing, reading, creating and updating are version 2, and in users_v1.go what
// they were before; the rest never left version 1.
func userRoutes() []route {
	return []route{
		{"list-all-users", "GET", "/v2/users", railsTier, listUsers(viewUser)},
		{"retrieve-a-user", "GET", "/v2/users/{id}", railsTier, retrieveUser((*tx).viewUser)},
		{"create-a-user", "POST", "/v2/users", railsTier, createUser(viewUser)},
		{"update-a-user", "PUT", "/v2/users/{id}", railsTier, updateUser(viewUser)},
		{"delete-a-user", "DELETE", "/v1/users/{id}", railsTier, deleteUser},
		{"retrieve-list-of-users-availability", "GET", "/v1/users/availabilities", railsTier, listAvailabilities},
		{"check-availability-of-a-user", "GET", "/v1/users/{id}/availability", railsTier, checkAvailability},
		{"list-numbers-of-a-user", "GET", "/v2/users/{id}/numbers", railsTier, listNumbersOfUser},
	}
}

type user struct {
	ID                 int64  `json:"id,omitzero"`
	Created            int64  `json:"created,omitzero"`
	FirstName          string `json:"first_name,omitzero"`
	LastName           string `json:"last_name,omitzero"`
	Email              string `json:"email,omitzero"`
	Language           string `json:"language,omitzero"`
	TimeZone           string `json:"time_zone,omitzero"`
	WrapUpTime         int64  `json:"wrap_up_time,omitzero"`
	Extension          string `json:"extension,omitzero"`
	AvailabilityStatus string `json:"availability_status,omitzero"` // available, custom or unavailable: a setting
	Substatus          string `json:"substatus,omitzero"`
	Online             bool   `json:"online,omitzero"` // an app is open
	DefaultNumberID    int64  `json:"default_number_id,omitzero"`
	LastCall           int64  `json:"last_call,omitzero"` // 0: none since the fake began
}

func (u *user) identity() (id, created int64) { return u.ID, u.Created }

func (u *user) clone() *user { return new(*u) }

// name is all that Aircall tells of the two names it takes.
func (u *user) name() string { return strings.TrimSpace(u.FirstName + " " + u.LastName) }

// available is what Aircall computes: the app is open, and nothing speaks against it.
func (u *user) available() bool { return u.Online && u.AvailabilityStatus != "unavailable" }

// userView is version 2 of a user. v1View is what lines show of theirs.
type userView struct {
	userV1View
	DefaultNumberID *int64 `json:"default_number_id"`
	Substatus       string `json:"substatus"`
}

type userV1View struct {
	ID                 int64  `json:"id"`
	Name               string `json:"name"`
	Email              string `json:"email"`
	DirectLink         string `json:"direct_link"`
	Language           string `json:"language"`
	CreatedAt          string `json:"created_at"`
	TimeZone           string `json:"time_zone"`
	State              string `json:"state"`
	WrapUpTime         int64  `json:"wrap_up_time"`
	Extension          string `json:"extension"`
	AvailabilityStatus string `json:"availability_status"`
	Available          bool   `json:"available"`
}

// alwaysOpened is the state of every user ever seen.
const alwaysOpened = "always_opened"

func viewUser(u *user) userView {
	v := userView{viewUserV1(u), orNull(u.DefaultNumberID), u.Substatus}
	v.DirectLink = link("/v2/users/", u.ID)
	return v
}

func (*tx) viewUser(u *user) userView { return viewUser(u) }

func viewUserV1(u *user) userV1View {
	return userV1View{
		ID:                 u.ID,
		Name:               u.name(),
		Email:              u.Email,
		DirectLink:         link("/v1/users/", u.ID),
		Language:           u.Language,
		CreatedAt:          isoTime(u.Created),
		TimeZone:           u.TimeZone,
		State:              alwaysOpened,
		WrapUpTime:         u.WrapUpTime,
		Extension:          u.Extension,
		AvailabilityStatus: u.AvailabilityStatus,
		Available:          u.available(),
	}
}

func listUsers[V any](view func(*user) V) handler {
	return func(r *request) (reply, error) {
		l, err := r.listing(listSpec{windowed: true, ordered: true})
		if err != nil {
			return reply{}, err
		}
		var views []V
		err = r.do(func(t *tx) error {
			views = collect(&l, t.users.between(l.from, l.to), nil, view)
			return nil
		})
		return r.list("users", views, l), err
	}
}

// retrieveUser takes an id or an e-mail. There is no "me": it is an e-mail of nobody.
func retrieveUser[V any](view func(*tx, *user) V) handler {
	return func(r *request) (reply, error) {
		var found V
		err := r.do(func(t *tx) error {
			u, ok := t.users.get(r.id("id"))
			if !ok {
				u, ok = t.userByEmail(r.path["id"])
			}
			if !ok {
				return errNotFound
			}
			found = view(t, u)
			return nil
		})
		return one(200, "user", found), err
	}
}

// createUser also makes a shared contact of the same name (event log of 2022).
func createUser[V any](view func(*user) V) handler {
	return func(r *request) (reply, error) {
		in, err := r.object()
		if err != nil {
			return reply{}, err
		}
		u := user{Language: "en-US", TimeZone: "Etc/UTC", AvailabilityStatus: "available", Substatus: "always_opened"}
		var made V
		err = r.do(func(t *tx) error {
			if err := u.setEmail(t, in); err != nil {
				return err
			}
			if err := u.set(t, in, true); err != nil {
				return err
			}
			u.ID, u.Created = t.random.newID(&t.last.User), t.unix()
			if u.Extension == "" {
				u.Extension = t.nextExtension()
			}
			t.users.insert(&u)
			t.emitUser("user.created", &u)
			t.emitContact("contact.created", t.addContact(&contact{
				FirstName: new(u.FirstName), LastName: new(u.LastName), CompanyName: new(t.name), UserID: u.ID,
				Emails: []detail{{Label: "Work", Value: u.Email}},
			}))
			made = view(&u)
			return nil
		})
		return one(201, "user", made), err
	}
}

func updateUser[V any](view func(*user) V) handler {
	return func(r *request) (reply, error) {
		in, err := r.object()
		if err != nil {
			return reply{}, err
		}
		var updated V
		err = r.do(func(t *tx) error {
			u, ok := t.users.get(r.id("id"))
			if !ok {
				return errNotFound
			}
			changed := *u
			if err := changed.set(t, in, false); err != nil {
				return err
			}
			before := *u
			t.users.update(u, func() { *u = changed })
			t.emitAvailability(before, u)
			updated = view(u)
			return nil
		})
		return one(200, "user", updated), err
	}
}

// emitAvailability tells whether a user opened or closed, or closed for another
// reason. What he does at the moment is in no event.
func (t *tx) emitAvailability(before user, u *user) {
	closed, was := u.AvailabilityStatus == "unavailable", before.AvailabilityStatus == "unavailable"
	switch {
	case closed && (!was || u.Substatus != before.Substatus):
		t.emitUser("user.closed", u)
	case was && !closed:
		t.emitUser("user.opened", u)
	}
}

// deleteUser takes the user out of everything at once; Aircall queues it.
func deleteUser(r *request) (reply, error) {
	err := r.do(func(t *tx) error {
		id := r.id("id")
		u, ok := t.users.get(id)
		if !ok {
			return errNotFound
		}
		t.users.remove(id)
		t.releaseUser(id)
		is := func(member int64) bool { return member == id }
		for _, m := range t.teams.order {
			t.teams.update(m, func() { m.Users = slices.DeleteFunc(m.Users, is) })
		}
		for _, n := range t.numbers.order {
			t.numbers.update(n, func() { n.Users = slices.DeleteFunc(n.Users, is) })
		}
		t.emitUser("user.deleted", u)
		for _, c := range slices.Clone(t.contacts.order) {
			if c.UserID == id {
				t.contacts.remove(c.ID)
				t.emitContact("contact.deleted", c)
			}
		}
		return nil // calls keep the id, which leads nowhere now
	})
	return reply{status: 204}, err
}

type availabilityView struct {
	Availability string `json:"availability"`
	ID           int64  `json:"id"`
}

func listAvailabilities(r *request) (reply, error) {
	l, err := r.listing(listSpec{windowed: true, ordered: true})
	if err != nil {
		return reply{}, err
	}
	var views []availabilityView
	err = r.do(func(t *tx) error {
		views = collect(&l, t.users.between(l.from, l.to), nil, func(u *user) availabilityView {
			return availabilityView{t.availability(u), u.ID}
		})
		return nil
	})
	return r.list("users", views, l), err
}

// checkAvailability answers without an envelope (recorded).
func checkAvailability(r *request) (reply, error) {
	var now string
	err := r.do(func(t *tx) error {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		now = t.availability(u)
		return nil
	})
	return one(200, "availability", now), err
}

// availability is what the user does at the moment, unlike the setting
// availability_status.
func (t *tx) availability(u *user) string {
	switch {
	case !u.Online:
		return "offline"
	case t.onCall(u.ID):
		return "in_call"
	case t.wrapUps[u.ID] > t.unix():
		return "after_call_work"
	case u.AvailabilityStatus == "unavailable":
		return "do_not_disturb"
	}
	return "available"
}

func (t *tx) userByEmail(email string) (*user, bool) {
	return t.users.first(func(u *user) bool { return strings.EqualFold(u.Email, email) })
}

func (u *user) setEmail(t *tx, in object) error {
	email, _, err := in.text("email")
	switch {
	case err != nil:
		return err
	case !validEmail(email):
		return invalid("email %q is not a valid email", email)
	}
	if _, taken := t.userByEmail(email); taken {
		return refused("email %q has already been taken", email)
	}
	u.Email = email
	return nil
}
