package fakeaircall

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	availabilityStatuses = []string{"available", "custom", "unavailable"}

	// The wire says always_opened where the reference lists always_open.
	substatuses = []string{"always_opened", "always_open", "always_closed", "out_for_lunch", "on_a_break", "in_training", "doing_back_office", "other"}
)

// set reads what a body may say of a user; both names are required of a new one.
// Roles are taken and not shown again: no reply has them.
func (u *user) set(t *tx, in object, whole bool) error {
	for _, f := range []struct {
		name  string
		field *string
		whole bool
		check func(string) error
	}{
		{"first_name", &u.FirstName, whole, notBlank("first_name")},
		{"last_name", &u.LastName, whole, notBlank("last_name")},
		{"availability_status", &u.AvailabilityStatus, false, oneOf("availability_status", availabilityStatuses)},
		{"substatus", &u.Substatus, false, oneOf("substatus", substatuses)},
		{"language", &u.Language, false, notBlank("language")},
		{"time_zone", &u.TimeZone, false, validTimeZone},
		{"extension", &u.Extension, false, t.freeExtension(u.ID)},
	} {
		s, state, err := in.text(f.name)
		if err != nil {
			return err
		}
		if state == isAbsent && !f.whole {
			continue
		}
		if err := f.check(s); err != nil {
			return err
		}
		*f.field = s
	}
	return u.setNumbers(t, in)
}

func (u *user) setNumbers(t *tx, in object) error {
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
		u.DefaultNumberID = id // null takes it away
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
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" {
		return invalid("time_zone %.40q is not a name of the IANA database", s)
	}
	return nil
}

// freeExtension accepts three or more digits that no other user has.
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

// nextExtension follows the highest in use: 001, 002 and so on.
func (t *tx) nextExtension() string {
	highest := 0
	for _, u := range t.users.order {
		if n, err := strconv.Atoi(u.Extension); err == nil {
			highest = max(highest, n)
		}
	}
	return fmt.Sprintf("%03d", highest+1)
}
