package fakeaircall

// Integrations: https://developer.aircall.io/api-references/#integrations
func integrationRoutes() []route {
	return []route{
		{"retrieve-an-integration", "GET", "/v1/integrations/me", railsTier, retrieveIntegration},
	}
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
// user who gave it: here the company's owner. An API key belongs to no
// integration; that it then is a 404 is an assumption.
func retrieveIntegration(r *request) (reply, error) {
	if !r.bearer {
		return reply{}, errNotFound
	}
	var view integrationView
	err := r.do(func(t *tx) error {
		u, ok := t.userByEmail(r.company.account.User)
		if !ok {
			return errNotFound
		}
		view = integrationView{
			Name:         "aircallkit",
			Logo:         "https://app.example.com/logo.png",
			CompanyID:    t.companyID,
			Status:       "active",
			Active:       true,
			NumberIDs:    make([]int64, 0, t.numbers.len()),
			NumbersCount: t.numbers.len(),
			User:         viewUser(u),
		}
		for _, n := range t.numbers.order {
			view.NumberIDs = append(view.NumberIDs, n.id)
		}
		return nil
	})
	return one(200, "integration", view), err
}
