package fakeaircall

import (
	"fmt"
	"hash/fnv"
	"slices"
)

// Integrations: https://developer.aircall.io/api-references/#integrations
func integrationRoutes() []route {
	return []route{
		{"retrieve-an-integration", "GET", "/v1/integrations/me", railsTier, retrieveIntegration},
		{"enable-an-integration", "POST", "/v1/integrations/enable", railsTier, enableIntegration},
		{"disable-an-integration", "POST", "/v1/integrations/disable", railsTier, disableIntegration},
	}
}

// An integration is an app that an account has installed.
type integration struct {
	Active bool `json:"active,omitzero"`
}

type integrationView struct {
	Name         string   `json:"name"`
	CustomName   *string  `json:"custom_name"`
	Logo         string   `json:"logo"`
	CompanyID    int64    `json:"company_id"`
	Status       string   `json:"status"`
	Active       bool     `json:"active"`
	NumberIDs    []int64  `json:"number_ids"`
	NumbersCount int      `json:"numbers_count"`
	User         userView `json:"user"`
}

// retrieveIntegration shows the app that a bearer token was given to, and the user who gave it: here the owner of the
// account.
func retrieveIntegration(r *request) (reply, error) {
	return r.answer(200, "integration", func(t *tx) (any, error) {
		g, err := r.integration(t)
		if err != nil {
			return nil, err
		}
		u, ok := t.userByEmail(r.account.Account.User)
		if !ok {
			return nil, errNotFound
		}
		v := integrationView{
			Name:         r.keys.apps[r.app].Name,
			Logo:         "https://app.example.com/logo.png",
			CompanyID:    t.companyID,
			Status:       "active",
			Active:       g.Active,
			NumberIDs:    make([]int64, 0, t.numbers.len()),
			NumbersCount: t.numbers.len(),
			User:         viewUser(u),
		}
		if !g.Active {
			v.Status = "inactive"
		}
		for _, n := range t.numbers.order {
			v.NumberIDs = append(v.NumberIDs, n.ID)
		}
		return v, nil
	})
}

// enableIntegration ignores install=true in the query: what it adds is not known.
func enableIntegration(r *request) (reply, error) {
	return r.noContent(func(t *tx) error {
		g, err := r.integration(t)
		if err == nil {
			g.Active = true
		}
		return err
	})
}

func disableIntegration(r *request) (reply, error) {
	err := r.do(func(t *tx) error {
		g, err := r.integration(t)
		if err != nil {
			return err
		}
		if g.Active = false; r.assume.disableUninstalls {
			t.uninstall(r.app)
		}
		return nil
	})
	if err == nil && r.assume.disableUninstalls {
		r.keys.revokeApp(r.account, r.app)
	}
	return reply{status: 204}, err
}

// integration returns the integration of the request's app. An API key belongs to no app; that the reply is then a 404 is
// an assumption.
func (r *request) integration(t *tx) (*integration, error) {
	g, ok := t.integrations[r.app]
	switch {
	case !ok && r.app == "" && r.assume.forbidKeys:
		return nil, errForbidden
	case !ok:
		return nil, errNotFound
	}
	return g, nil
}

// uninstall removes an app from the account with everything that belongs to it. Its webhooks get the event first.
func (t *tx) uninstall(app string) {
	data := envelope{{"integration_id", integrationID(app)}, {"company_id", t.companyID}}.appendTo(nil)
	t.emitTo("integration.deleted", data, func(h *webhook) bool { return h.App == app })
	delete(t.integrations, app)
	for _, h := range slices.Clone(t.webhooks.order) {
		if h.App == app {
			t.webhooks.remove(h.ID)
		}
	}
}

// integrationID returns the id of an app's integration. Only events have it.
func integrationID(app string) int64 {
	h := fnv.New32a()
	h.Write([]byte(app))
	return 1 + int64(h.Sum32()%1_000_000)
}

// Uninstall removes the app with a client id from an account, as its admin does in the Dashboard: the app's tokens and
// codes no longer open the account, and its webhooks are deleted. It fails if the account does not have the app.
func (s *Server) Uninstall(account, clientID string) error {
	c, err := s.account(account)
	if err != nil {
		return fmt.Errorf("uninstall: %w", err)
	}
	err = c.do(c.clock.now(), func(t *tx) error {
		if t.integrations[clientID] == nil {
			return fmt.Errorf("uninstall: account %q has no app with the client id %q", account, clientID)
		}
		t.uninstall(clientID)
		return nil
	})
	if err == nil {
		s.keys.revokeApp(c, clientID)
	}
	return err
}

// Revoke ends one bearer token, and reports whether the token opened an account. The integration stays.
func (s *Server) Revoke(token string) bool {
	ended := s.keys.revoke(token)
	_ = s.kept()
	return ended
}
