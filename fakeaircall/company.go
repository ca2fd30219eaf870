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
	return r.answer(200, "company", func(t *tx) (any, error) {
		return companyView{t.name, t.users.len(), t.numbers.len()}, nil
	})
}
