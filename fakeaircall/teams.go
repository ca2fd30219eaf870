package fakeaircall

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Teams: https://developer.aircall.io/api-references/#teams
func teamRoutes() []route {
	return []route{
		{"list-all-teams", "GET", "/v1/teams", railsTier, listTeams},
		{"retrieve-a-team", "GET", "/v1/teams/{id}", railsTier, retrieveTeam},
		{"create-a-team", "POST", "/v1/teams", railsTier, createTeam},
		{"delete-a-team", "DELETE", "/v1/teams/{id}", railsTier, deleteTeam},
		{"add-a-user-to-a-team", "POST", "/v1/teams/{id}/users/{user_id}", railsTier, addUserToTeam},
		{"remove-a-user-from-a-team", "DELETE", "/v1/teams/{id}/users/{user_id}", railsTier, removeUserFromTeam},
	}
}

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

// memberView is a user in a team: without available, with a default number
// (recorded 2026-06-19, against the reference).
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

func listTeams(r *request) (reply, error) {
	l, err := r.listing(listSpec{ordered: true})
	if err != nil {
		return reply{}, err
	}
	var views []teamView
	err = r.do(func(t *tx) error {
		views = collect(&l, t.teams.order, nil, t.viewTeam)
		return nil
	})
	return r.list("teams", views, l), err
}

func retrieveTeam(r *request) (reply, error) {
	return r.withTeam(200, func(*tx, *team) error { return nil })
}

func createTeam(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	name, _, err := in.text("name")
	switch {
	case err != nil:
		return reply{}, err
	case strings.TrimSpace(name) == "":
		return reply{}, invalid("name can't be blank")
	case utf8.RuneCountInString(name) > 64:
		return reply{}, refused("name is too long (maximum is 64 characters)")
	}
	var view teamView
	err = r.do(func(t *tx) error {
		if slices.ContainsFunc(t.teams.order, func(m *team) bool { return m.Name == name }) {
			return refused("name %q has already been taken", name)
		}
		m := &team{ID: t.random.newID(&t.last.Team), Created: t.unix(), Name: name}
		t.teams.insert(m)
		view = t.viewTeam(m)
		return nil
	})
	return one(201, "team", view), err
}

func deleteTeam(r *request) (reply, error) {
	err := r.do(func(t *tx) error {
		if !t.teams.remove(r.id("id")) {
			return errNotFound
		}
		return nil // calls keep the id, which leads nowhere now
	})
	return reply{status: 204}, err
}

func addUserToTeam(r *request) (reply, error) {
	return r.withTeam(201, func(t *tx, m *team) error {
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
	return r.withTeam(200, func(t *tx, m *team) error {
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

// withTeam runs f on the team of the path and answers with it as it is then.
func (r *request) withTeam(status int, f func(*tx, *team) error) (reply, error) {
	var view teamView
	err := r.do(func(t *tx) error {
		m, ok := t.teams.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		if err := f(t, m); err != nil {
			return err
		}
		view = t.viewTeam(m)
		return nil
	})
	return one(status, "team", view), err
}
