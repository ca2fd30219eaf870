package fakeaircall

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Teams: https://developer.aircall.io/api-references/#teams
func teamRoutes() []route {
	return []route{
		{"list-all-teams", "GET", "/v1/teams", railsTier, teams.list(listSpec{ordered: true})},
		{"retrieve-a-team", "GET", "/v1/teams/{id}", railsTier, teams.retrieve},
		{"create-a-team", "POST", "/v1/teams", railsTier, withBody(createTeam)},
		{"delete-a-team", "DELETE", "/v1/teams/{id}", railsTier, teams.delete},
		{"add-a-user-to-a-team", "POST", "/v1/teams/{id}/users/{user_id}", railsTier, addUserToTeam},
		{"remove-a-user-from-a-team", "DELETE", "/v1/teams/{id}/users/{user_id}", railsTier, removeUserFromTeam},
	}
}

const maxTeamName = 64 // characters

type team struct {
	ID      int64   `json:"id,omitzero"`
	Created int64   `json:"created,omitzero"`
	Name    string  `json:"name,omitzero"`
	Users   []int64 `json:"users,omitzero"` // in the order they joined
}

func (m *team) identity() (id, created int64) { return m.ID, m.Created }

func (m *team) clone() *team {
	v := *m
	v.Users = slices.Clone(m.Users)
	return &v
}

type teamView struct {
	briefTeamView
	Users []memberView `json:"users"`
}

// briefTeamView is a team in a call.
type briefTeamView struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	DirectLink string `json:"direct_link"`
	CreatedAt  string `json:"created_at"`
}

// memberView is a user in a team: without available, with a default number (recorded 2026-06-19, against the reference).
type memberView struct {
	ID                 int64  `json:"id"`
	DirectLink         string `json:"direct_link"`
	Name               string `json:"name"`
	Email              string `json:"email"`
	AvailabilityStatus string `json:"availability_status"`
	DefaultNumberID    *int64 `json:"default_number_id"`
	CreatedAt          string `json:"created_at"`
	TimeZone           string `json:"time_zone"`
	Language           string `json:"language"`
	WrapUpTime         int64  `json:"wrap_up_time"`
}

var teams = resource[*team, teamView]{
	"team", "teams",
	func(t *tx) *table[*team] { return &t.teams },
	(*tx).viewTeam,
}

func (t *tx) viewTeam(m *team) teamView {
	v := teamView{viewBriefTeam(m), make([]memberView, 0, len(m.Users))}
	for _, id := range m.Users {
		if u, ok := t.users.get(id); ok {
			v.Users = append(v.Users, viewMember(u))
		}
	}
	return v
}

func viewBriefTeam(m *team) briefTeamView {
	return briefTeamView{m.ID, m.Name, link("/v1/teams/", m.ID), isoTime(m.Created)}
}

func viewMember(u *user) memberView {
	return memberView{
		ID:                 u.ID,
		DirectLink:         link("/v1/users/", u.ID),
		Name:               u.name(),
		Email:              u.Email,
		AvailabilityStatus: u.AvailabilityStatus,
		DefaultNumberID:    orNull(u.DefaultNumberID),
		CreatedAt:          isoTime(u.Created),
		TimeZone:           u.TimeZone,
		Language:           u.Language,
		WrapUpTime:         u.WrapUpTime,
	}
}

func createTeam(r *request, in object) (reply, error) {
	name, _, err := in.text("name")
	switch {
	case err != nil:
		return reply{}, err
	case strings.TrimSpace(name) == "":
		return reply{}, invalid("name can't be blank")
	case utf8.RuneCountInString(name) > maxTeamName:
		return reply{}, refused("name is too long (maximum is %d characters)", maxTeamName)
	}
	return teams.answer(r, 201, func(t *tx) (*team, error) {
		if slices.ContainsFunc(t.teams.order, func(m *team) bool { return m.Name == name }) {
			return nil, refused("name %q has already been taken", name)
		}
		m := &team{ID: t.random.newID(&t.last.Team), Created: t.unix(), Name: name}
		t.teams.insert(m)
		return m, nil
	})
}

func addUserToTeam(r *request) (reply, error) {
	return teams.change(r, 201, func(t *tx, m *team) error {
		u, ok := t.users.get(r.id("user_id"))
		if !ok {
			return errNotFound
		}
		if slices.Contains(m.Users, u.ID) {
			return refused("user %d is in the team already", u.ID)
		}
		t.teams.update(m, func() { m.Users = append(m.Users, u.ID) })
		return nil
	})
}

// removeUserFromTeam answers 200 with the team, unlike any other DELETE (recorded).
func removeUserFromTeam(r *request) (reply, error) {
	return teams.change(r, 200, func(t *tx, m *team) error {
		u, ok := t.users.get(r.id("user_id"))
		if !ok {
			return errNotFound
		}
		i := slices.Index(m.Users, u.ID)
		if i < 0 {
			return refused("user %d is not in the team", u.ID)
		}
		t.teams.update(m, func() { m.Users = slices.Delete(m.Users, i, i+1) })
		return nil
	})
}
