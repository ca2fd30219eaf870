package fakeaircall

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Users: https://developer.aircall.io/api-references/#users
//
// Four operations have a version 2. The changelog of 2026-02-25 deprecates version 1 of these four and removes it on
// 2026-09-30. The others never left version 1.
func userRoutes() []route {
	return []route{
		{"list-all-users", "GET", "/v2/users", railsTier, users.list(byTime)},
		{"retrieve-a-user", "GET", "/v2/users/{id}", railsTier, retrieveUser(users)},
		{"create-a-user", "POST", "/v2/users", railsTier, createUser(users)},
		{"update-a-user", "PUT", "/v2/users/{id}", railsTier, updateUser(users)},
		{"delete-a-user", "DELETE", "/v1/users/{id}", railsTier, deleteUser},
		{"retrieve-list-of-users-availability", "GET", "/v1/users/availabilities", railsTier, availabilities.list(byTime)},
		{"check-availability-of-a-user", "GET", "/v1/users/{id}/availability", railsTier, checkAvailability},
		{"list-numbers-of-a-user", "GET", "/v2/users/{id}/numbers", railsTier, listNumbersOfUser},

		{"list-all-users-v1", "GET", "/v1/users", railsTier, usersV1.list(byTime)},
		{"retrieve-a-user-v1", "GET", "/v1/users/{id}", railsTier, retrieveUser(wholeUsersV1)},
		{"create-a-user-v1", "POST", "/v1/users", railsTier, createUser(usersV1)},
		{"update-a-user-v1", "PUT", "/v1/users/{id}", railsTier, updateUser(usersV1)},

		// Calls that begin in a user's app. The reply is empty: the id of a call is in its event.
		{"start-an-outbound-call", "POST", "/v1/users/{id}/calls", railsTier, withBody(startCall)},
		{"dial-a-phone-number-in-the-phone", "POST", "/v1/users/{id}/dial", railsTier, withBody(dialPhone)},
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
	LastCall           int64  `json:"last_call,omitzero"` // 0: none since the fake started
}

func (u *user) identity() (id, created int64) { return u.ID, u.Created }

func (u *user) clone() *user { return new(*u) }

// name returns the only name in replies. Aircall takes two.
func (u *user) name() string { return strings.TrimSpace(u.FirstName + " " + u.LastName) }

// available reports whether the user takes calls: an app is open, and the setting allows it.
func (u *user) available() bool { return u.Online && u.AvailabilityStatus != "unavailable" }

// A userView is version 2 of a user. Lines show their users in version 1.
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

func userTable(t *tx) *table[*user] { return &t.users }

var (
	users          = resource[*user, userView]{"user", "users", userTable, func(_ *tx, u *user) userView { return viewUser(u) }}
	usersV1        = resource[*user, userV1View]{"user", "users", userTable, func(_ *tx, u *user) userV1View { return viewUserV1(u) }}
	wholeUsersV1   = resource[*user, wholeUserV1View]{"user", "users", userTable, (*tx).viewWholeUserV1}
	availabilities = resource[*user, availabilityView]{"user", "users", userTable, (*tx).viewAvailability}
)

// retrieveUser takes an id or an e-mail. "me" is not special: no user has it as e-mail.
func retrieveUser[V any](as resource[*user, V]) handler {
	return func(r *request) (reply, error) {
		return as.answer(r, 200, func(t *tx) (*user, error) {
			u, ok := t.users.get(r.id("id"))
			if !ok {
				u, ok = t.userByEmail(r.path["id"])
			}
			if !ok {
				return nil, errNotFound
			}
			return u, nil
		})
	}
}

// createUser also creates a shared contact of the same name (event log of 2022).
func createUser[V any](as resource[*user, V]) handler {
	return withBody(func(r *request, in object) (reply, error) {
		return as.answer(r, 201, func(t *tx) (*user, error) {
			u := &user{Language: "en-US", TimeZone: "Etc/UTC", AvailabilityStatus: "available", Substatus: "always_opened"}
			if err := in.setTexts(textField{"email", &u.Email, true, t.freeEmail}); err != nil {
				return nil, err
			}
			if err := u.set(t, in, true); err != nil {
				return nil, err
			}
			u.ID, u.Created = t.random.newID(&t.last.User), t.unix()
			if u.Extension == "" {
				u.Extension = t.nextExtension()
			}
			t.users.insert(u)
			t.emitUser("user.created", u)
			t.emitContact("contact.created", t.addContact(&contact{
				FirstName: new(u.FirstName), LastName: new(u.LastName), CompanyName: new(t.name), UserID: u.ID,
				Emails: []detail{{Label: "Work", Value: u.Email}},
			}))
			return u, nil
		})
	})
}

func updateUser[V any](as resource[*user, V]) handler {
	return withBody(func(r *request, in object) (reply, error) {
		return as.change(r, 200, func(t *tx, u *user) error {
			changed := *u
			if err := changed.set(t, in, false); err != nil {
				return err
			}
			before := *u
			t.users.update(u, func() { *u = changed })
			t.emitAvailability(before, u)
			return nil
		})
	})
}

// emitAvailability emits an event if a user opened or closed, or closed for another reason. No event has what the user does
// at the moment.
func (t *tx) emitAvailability(before user, u *user) {
	closed, was := u.AvailabilityStatus == "unavailable", before.AvailabilityStatus == "unavailable"
	switch {
	case closed && (!was || u.Substatus != before.Substatus):
		t.emitUser("user.closed", u)
	case was && !closed:
		t.emitUser("user.opened", u)
	}
}

// deleteUser removes the user from everything at once; Aircall queues it. Calls keep the id, which leads nowhere then.
func deleteUser(r *request) (reply, error) {
	return users.remove(r, (*tx).userRemoved)
}

// userRemoved removes what belongs to a user who was removed, and emits the events.
func (t *tx) userRemoved(u *user) {
	t.releaseUser(u.ID)
	is := func(member int64) bool { return member == u.ID }
	for _, m := range t.teams.order {
		t.teams.update(m, func() { m.Users = slices.DeleteFunc(m.Users, is) })
	}
	for _, n := range t.numbers.order {
		t.numbers.update(n, func() { n.Users = slices.DeleteFunc(n.Users, is) })
	}
	t.emitUser("user.deleted", u)
	for _, c := range slices.Clone(t.contacts.order) {
		if c.UserID == u.ID {
			t.contacts.remove(c.ID)
			t.emitContact("contact.deleted", c)
		}
	}
}

type availabilityView struct {
	Availability string `json:"availability"`
	ID           int64  `json:"id"`
}

func (t *tx) viewAvailability(u *user) availabilityView {
	return availabilityView{t.availability(u), u.ID}
}

// checkAvailability answers without an envelope (recorded).
func checkAvailability(r *request) (reply, error) {
	return r.answer(200, "availability", func(t *tx) (any, error) {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return nil, errNotFound
		}
		return t.availability(u), nil
	})
}

// availability returns what the user does at the moment. The setting is availability_status.
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

// freeEmail checks that an e-mail address is valid and that no user has it.
func (t *tx) freeEmail(email string) error {
	if !validEmail(email) {
		return invalid("email %q is not a valid email", email)
	}
	if _, taken := t.userByEmail(email); taken {
		return refused("email %q has already been taken", email)
	}
	return nil
}

var (
	availabilityStatuses = []string{"available", "custom", "unavailable"}

	// The wire has always_opened where the reference lists always_open.
	substatuses = []string{"always_opened", "always_open", "always_closed", "out_for_lunch", "on_a_break", "in_training", "doing_back_office", "other"}
)

// set reads the members of the body. A new user needs both names. Roles are accepted, but no reply shows them.
func (u *user) set(t *tx, in object, whole bool) error {
	err := in.setTexts(
		textField{"first_name", &u.FirstName, whole, notBlank("first_name")},
		textField{"last_name", &u.LastName, whole, notBlank("last_name")},
		textField{"availability_status", &u.AvailabilityStatus, false, oneOf("availability_status", availabilityStatuses)},
		textField{"substatus", &u.Substatus, false, oneOf("substatus", substatuses)},
		textField{"language", &u.Language, false, notBlank("language")},
		textField{"time_zone", &u.TimeZone, false, validTimeZone},
		textField{"extension", &u.Extension, false, t.freeExtension(u.ID)},
	)
	if err != nil {
		return err
	}
	seconds, state, err := in.integer("wrap_up_time")
	switch {
	case err != nil:
		return err
	case state != isAbsent && seconds < 0:
		return invalid("wrap_up_time must be a number of seconds, got %d", seconds)
	case state != isAbsent:
		u.WrapUpTime = seconds
	}
	id, state, err := in.integer("default_number_id")
	if err != nil {
		return err
	}
	if state == isPresent {
		if _, ok := t.numbers.get(id); !ok {
			return invalid("default_number_id %d is not a number of the company", id)
		}
	}
	if state != isAbsent {
		u.DefaultNumberID = id // null removes it
	}
	var roles []string
	_, err = in.decode("role_ids", "an array of strings", &roles)
	return err
}

func notBlank(name string) func(string) error {
	return func(s string) error {
		if strings.TrimSpace(s) == "" {
			return invalid("%s can't be blank", name)
		}
		return nil
	}
}

func oneOf(name string, values []string) func(string) error {
	return func(s string) error {
		if !slices.Contains(values, s) {
			return invalid("%s must be one of %s, got %.40q", name, strings.Join(values, ", "), s)
		}
		return nil
	}
}

func validTimeZone(s string) error {
	if _, ok := zoneOf(s); !ok {
		return invalid("time_zone %.40q is not a name of the IANA database", s)
	}
	return nil
}

// freeExtension returns a check for 3 to 8 digits that no other user has.
func (t *tx) freeExtension(id int64) func(string) error {
	return func(s string) error {
		if len(s) < 3 || len(s) > 8 || digits(s) != s {
			return invalid("extension must be 3 to 8 digits, got %.40q", s)
		}
		if slices.ContainsFunc(t.users.order, func(u *user) bool { return u.ID != id && u.Extension == s }) {
			return refused("extension %q has already been taken", s)
		}
		return nil
	}
}

// nextExtension returns the extension after the highest one: 001, 002 and so on.
func (t *tx) nextExtension() string {
	highest := 0
	for _, u := range t.users.order {
		if n, err := strconv.Atoi(u.Extension); err == nil {
			highest = max(highest, n)
		}
	}
	return fmt.Sprintf("%03d", highest+1)
}

// A marketplace app compares with this text, for dialing and for calling.
var errUnavailable = &apiError{status: 405, troubleshoot: "The user is currently unavailable"}

// startCall lets a user call a phone number. Until somebody answers or gives up, the user has an initial call.
func startCall(r *request, in object) (reply, error) {
	return r.fromApp(in, func(t *tx, u *user, to string) error {
		id, state, err := in.integer("number_id")
		if err != nil {
			return err
		}
		n, ok := t.numbers.get(id)
		switch {
		case state != isPresent:
			return invalid("number_id is required")
		case !ok:
			return invalid("number_id %d is not a number of the company", id)
		case !slices.Contains(n.Users, u.ID):
			return invalid("user %d is not on number %d", u.ID, id)
		case n.AvailabilityStatus == "closed":
			return invalid("number %d is not active", id)
		case t.availability(u) != "available":
			return errUnavailable
		}
		t.begin(t.newCall(n, displayPhone(to), u.ID, false), t.startedCourse())
		return nil
	})
}

// startedCourse returns what happens in a call that the API starts.
func (t *tx) startedCourse() []Action {
	sc := SimulatedCall{Direction: "outbound"}
	if t.account.assume.startedAnswered {
		sc.Outcome = "answered"
	}
	return outboundPlan(sc)
}

// dialPhone writes a number into the app, where the user may press the button.
func dialPhone(r *request, in object) (reply, error) {
	return r.fromApp(in, func(t *tx, u *user, _ string) error {
		if t.availability(u) != "available" {
			return errUnavailable
		}
		return nil
	})
}

// fromApp runs f on the user of the path and the phone number in the body.
func (r *request) fromApp(in object, f func(t *tx, u *user, to string) error) (reply, error) {
	return r.noContent(func(t *tx) error {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		to, _, err := in.text("to")
		switch {
		case err != nil:
			return err
		case !possiblePhone(to):
			return invalid("to must be a phone number in E.164, such as +33199001234, got %.40q", to)
		}
		return f(t, u, to)
	})
}

// usersV1End is the instant from which version 1 is unknown.
var usersV1End = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// retired reports whether the route no longer exists. Such a request is answered before its credentials are checked.
func (r *request) retired() bool {
	if strings.Contains(r.route.op, "-a2p-") {
		return !r.assume.keepA2P
	}
	return r.realtimeRetired() || strings.HasSuffix(r.route.op, "-v1") && !r.assume.keepUsersV1 && !r.now.Before(usersV1End)
}

// A wholeUserV1View is a single user. A list of 2025 lacks the numbers of a user who has some; the reference has them here
// and in events.
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
