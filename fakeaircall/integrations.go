package fakeaircall

import (
	"fmt"
	"hash/fnv"
)

// Integrations: https://developer.aircall.io/api-references/#integrations
func integrationRoutes() []route {
	return []route{
		{"retrieve-an-integration", "GET", "/v1/integrations/me", railsTier, retrieveIntegration},
		{"enable-an-integration", "POST", "/v1/integrations/enable", railsTier, enableIntegration},
		{"disable-an-integration", "POST", "/v1/integrations/disable", railsTier, disableIntegration},
	}
}

// An integration is an app that a company has installed.
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

// retrieveIntegration shows the app that a bearer token was given to, and the
// user who gave it: here the company's owner.
func retrieveIntegration(r *request) (reply, error) {
	var view integrationView
	err := r.withIntegration(func(t *tx, g *integration) error {
		u, ok := t.userByEmail(r.account.Account.User)
		if !ok {
			return errNotFound
		}
		view = integrationView{
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
			view.Status = "inactive"
		}
		for _, n := range t.numbers.order {
			view.NumberIDs = append(view.NumberIDs, n.ID)
		}
		return nil
	})
	return one(200, "integration", view), err
}

// enableIntegration: what install=true in the query adds is not known.
func enableIntegration(r *request) (reply, error) {
	err := r.withIntegration(func(_ *tx, g *integration) error {
		g.Active = true
		return nil
	})
	return reply{status: 204}, err
}

func disableIntegration(r *request) (reply, error) {
	err := r.withIntegration(func(t *tx, g *integration) error {
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

// withIntegration runs f on the integration of the request's app. An API key
// belongs to none; that it then is a 404 is an assumption.
func (r *request) withIntegration(f func(*tx, *integration) error) error {
	return r.do(func(t *tx) error {
		g, ok := t.integrations[r.app]
		switch {
		case !ok && r.app == "" && r.assume.forbidKeys:
			return errForbidden
		case !ok:
			return errNotFound
		}
		return f(t, g)
	})
}

// uninstall takes an app from the company with all it made. Its webhooks are told
// before they go.
func (t *tx) uninstall(app string) {
	data := envelope{{"integration_id", integrationID(app)}, {"company_id", t.companyID}}.appendTo(nil)
	t.emitTo("integration.deleted", data, func(h *webhook) bool { return h.App == app })
	delete(t.integrations, app)
	for _, h := range append(inOrder[*webhook](nil), t.webhooks.order...) {
		if h.App == app {
			t.webhooks.remove(h.ID)
		}
	}
}

// integrationID is the number of an app's integration, which no reply has.
func integrationID(app string) int64 {
	h := fnv.New32a()
	h.Write([]byte(app))
	return 1 + int64(h.Sum32()%1_000_000)
}

// Uninstall takes the app with a client id from an account, as its admin does in
// the Dashboard: tokens and codes of the app no longer open the account, and its
// webhooks are gone.
func (s *Server) Uninstall(account, clientID string) error {
	for _, c := range s.accounts() {
		if c.Account.Name != account {
			continue
		}
		err := c.do(c.clock.now(), func(t *tx) error {
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
	return fmt.Errorf("uninstall: there is no account %q", account)
}

// Revoke ends one bearer token, and reports whether it opened anything. The
// integration stays.
func (s *Server) Revoke(token string) bool {
	ended := s.keys.revoke(token)
	_ = s.kept()
	return ended
}
