package fakeaircall

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// problems are the paths of mistakes, in order of the alphabet.
func problems(err error) (paths []string) {
	wrong, _ := errors.AsType[FixtureMistakes](err)
	for _, m := range wrong {
		paths = append(paths, m.Path)
	}
	slices.Sort(paths)
	return paths
}

// New returns all mistakes of form at once or, without such mistakes, all contradictions, and no follow-on errors.
func TestFixtureMistakesAtOnce(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*Fixtures)
		want  string // paths
	}{
		{"form before agreement", func(x *Fixtures) {
			x.Tags[0].Color, x.Numbers[0].Users = new("red"), []string{"ann@example.com", "bob@example.com"}
			x.Calls[2].StartedAt = new(noon.AddDate(0, 0, 1))
		}, "tags[0].color"},
		{"agreement", func(x *Fixtures) {
			x.Users[0].Extension, x.Numbers[0].Users = new("001"), []string{"ann@example.com", "bob@example.com"}
			x.Calls[2].StartedAt = new(noon.AddDate(0, 0, 1))
		}, "calls[2].started_at numbers[0].users[1] users[0].extension"},
		{"in one entry", func(x *Fixtures) {
			x.Calls[0].Direction, x.Calls[0].Tags = new("in"), []string{"Urgent", "Late"}
		}, "calls[0].direction"},
		{"a user that others name", func(x *Fixtures) { x.Users[0].TimeZone = new("Mars/Olympus") }, "users[0].time_zone"},
		{"a user without the e-mail that others name", func(x *Fixtures) { x.Users[0].Email = nil }, "users[0]"},
		{"a user with an invalid e-mail", func(x *Fixtures) { x.Users[0].Email = new("ann") }, "users[0].email"},
		{"a user that does not agree", func(x *Fixtures) { x.Users[0].Extension = new("001") }, "users[0].extension"},
		{"a user and somebody else", func(x *Fixtures) {
			x.Users[0].TimeZone, x.Numbers[0].Users = new("Mars/Olympus"), []string{"ann@example.com", "bob@example.com"}
		}, "users[0].time_zone"},
		{"a user that is changed", func(x *Fixtures) {
			x.Users = append(x.Users, UserFixture{ID: 7, Email: new("ann@example.com")})
			x.Users[0].ID, x.Users[0].TimeZone = 7, new("Mars/Olympus")
		}, "users[0].time_zone users[1].id"},
		{"a number", func(x *Fixtures) { x.Numbers[0].Country = new("France") }, "numbers[0].country"},
		{"a number's digits", func(x *Fixtures) { x.Numbers[0].ID, x.Numbers[0].Digits = 0, new("0199") }, "numbers[0].digits"},
		{"a number named twice", func(x *Fixtures) {
			x.Numbers = append(x.Numbers, NumberFixture{ID: 700, Name: new("b")})
		}, "numbers[1].id"},
		{"a contact", func(x *Fixtures) { x.Contacts[1].FirstName = new(" ") }, "contacts[1].first_name"},
		{"a contact's phone", func(x *Fixtures) { x.Contacts[1].PhoneNumbers[0].Value = new("0199") }, "contacts[1].phone_numbers[0].value"},
		{"a campaign", func(x *Fixtures) { x.Campaigns[0].Name = nil }, "campaigns[0]"},
		{"a campaign's attempts", func(x *Fixtures) { x.Campaigns[0].CallAttempts = new(int64(11)) }, "campaigns[0].call_attempts"},
		{"a campaign's phone", func(x *Fixtures) { x.Campaigns[0].Contacts[1].PhoneNumber = new("0199") }, "campaigns[0].contacts[1].phone_number"},
		{"a campaign's user", func(x *Fixtures) { x.Campaigns[0].Users = []string{"bob@example.com"} }, "campaigns[0].users[0]"},
		{"a tag", func(x *Fixtures) { x.Tags[0].Color = new("red") }, "tags[0].color"},
		{"a tag without a name", func(x *Fixtures) { x.Tags[0].Name = nil }, "tags[0]"},
		{"a call's times", func(x *Fixtures) {
			x.Calls[0].AnsweredAt, x.Calls[0].MissedCallReason = new(noon.AddDate(0, 0, 1)), new("late")
		}, "calls[0].missed_call_reason"},
		{"a call's direction", func(x *Fixtures) { x.Calls[1].Direction = new("in") }, "calls[1].direction"},
		{"a blank tag", func(x *Fixtures) { x.Calls[0].Tags = []string{" ", "Late"} }, "calls[0].tags[0]"},
		{"a comment", func(x *Fixtures) {
			x.Calls[0].Comments[0] = CommentFixture{PostedBy: new("bob@example.com")}
		}, "calls[0].comments[0]"},
		{"a blank phone", func(x *Fixtures) { x.Contacts[0].PhoneNumbers[0].Value = new(" ") }, "contacts[0].phone_numbers[0].value"},
		{"a team", func(x *Fixtures) { x.Teams[0].ID, x.Calls[0].Teams, x.Teams[0].Name = 0, []string{"Sales"}, new(" ") }, "teams[0].name"},
		{"statistics", func(x *Fixtures) {
			x.Traffic.Hours, x.Tags[0].Color, x.Calls[0].Tags = []int64{1}, new("red"), []string{"Late"}
		}, "tags[0].color traffic.hours"},
		{"too many", func(x *Fixtures) { x.Tags = make([]TagFixture, maxFixtures+1) }, "tags"},
		{"default number of a bad user", func(x *Fixtures) {
			x.Users[0].Language, x.Users[0].DefaultNumber = new(" "), new("8")
		}, "users[0].language"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fx := believable()
			tt.spoil(&fx)
			_, err := withFixtures(t, fx)
			if got := strings.Join(problems(err), " "); got != tt.want {
				t.Errorf("got  %s\nwant %s\n%v", got, tt.want, err)
			}
		})
	}
}

// Check leaves the caller's entries as they are.
func TestFixturesCheck(t *testing.T) {
	fx := believable()
	if wrong := fx.Check("default"); wrong != nil {
		t.Errorf("right entries: %v", wrong)
	}
	fx.Tags[0].Color, fx.Calls[0].User, fx.Users[0].WrapUpTime = new("red"), new("bob@example.com"), new(int64(-1))
	if got, want := strings.Join(problems(fx.Check("default")), " "), "tags[0].color users[0].wrap_up_time"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if *fx.Users[0].WrapUpTime != -1 {
		t.Error("the caller's entries were changed")
	}
}
