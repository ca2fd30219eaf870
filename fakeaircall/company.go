package fakeaircall

// Ping and company: https://developer.aircall.io/api-references/#company
func companyRoutes() []route {
	return []route{
		{"ping", "GET", "/v1/ping", railsTier, ping},
		{"retrieve-company", "GET", "/v1/company", railsTier, retrieveCompany},
	}
}

func ping(*request) (reply, error) {
	return one(200, "ping", "pong"), nil
}

type companyView struct {
	Name         string `json:"name"`
	UsersCount   int    `json:"users_count"`
	NumbersCount int    `json:"numbers_count"`
}

func retrieveCompany(r *request) (reply, error) {
	var view companyView
	err := r.do(func(t *tx) error {
		view = companyView{Name: t.name, UsersCount: t.users.len(), NumbersCount: t.numbers.len()}
		return nil
	})
	return one(200, "company", view), err
}
