package fakeaircall

import (
	"fmt"
	"strings"
	"testing"
)

const noCampaign = `{"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}`

// owners is the path of the owner's campaign.
func (w world) ownersCampaign() string {
	w.t.Helper()
	return "/v1/users/" + w.get("/v2/users").at("users.0.id") + "/dialer_campaign"
}

func TestCampaignOnTheWire(t *testing.T) {
	w := empty(t)
	path := w.ownersCampaign()
	for _, r := range [][2]string{{"GET", ""}, {"DELETE", ""}, {"GET", "/phone_numbers"}, {"DELETE", "/phone_numbers/1"}} {
		w.send(r[0], path+r[1], "").want(404, noCampaign)
	}
	w.send("POST", path+"/phone_numbers", `{"phone_numbers":["+4520000001"]}`).want(404, noCampaign)

	w.send("POST", path, `{"phone_numbers":["+4520000001","+33 1 99 00 00 01"]}`).want(204, "")
	w.change(func(t *tx) { t.dialing.lastID = 70 })
	id := w.get(path).at("id")
	w.get(path).want(200, `{"id":`+id+`,"number_id":null,"created_at":"2026-03-02T12:00:00.000Z"}`)
	n := 0
	fmt.Sscan(id, &n)
	phone := func(id int, number string) string {
		return fmt.Sprintf(`{"id":%d,"number":"%s","called":false,"created_at":"2026-03-02T12:00:00.000Z"}`, id, number)
	}
	page := func(total int, phones ...string) string {
		return fmt.Sprintf(`{"numbers":[%s],"meta":{"count":%[2]d,"total":%[2]d,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}`, strings.Join(phones, ","), total)
	}
	one, two, three, four := phone(n+1, "4520000001"), phone(n+2, "33199000001"), phone(71, "4520000003"), phone(72, "4520000004")
	w.get(path+"/phone_numbers").want(200, page(2, one, two))

	w.send("POST", path, `{"phone_numbers":["+4520000003"]}`).want(204, "") // goes on with the one there is
	w.send("POST", path+"/phone_numbers", `{"phone_numbers":["+4520000004"]}`).want(204, "")
	w.get(path+"/phone_numbers").want(200, page(4, one, two, three, four))
	w.get(path).want(200, `{"id":`+id+`,"number_id":null,"created_at":"2026-03-02T12:00:00.000Z"}`)
	if next := w.get(path + "/phone_numbers?per_page=3").text("meta.next_page_link"); next != w.URL()+path+"/phone_numbers?order=asc&page=2&per_page=3" {
		t.Errorf("next page %s", next)
	}

	w.send("DELETE", path+fmt.Sprintf("/phone_numbers/%d", n+1), "").want(204, "")
	w.send("DELETE", path+fmt.Sprintf("/phone_numbers/%d", n+1), "").want(404, noCampaign)
	w.get(path+"/phone_numbers").want(200, page(3, two, three, four))
	w.send("POST", path, `{"phone_numbers":["+4520000001"]}`).want(204, "") // is not waiting any more
	w.send("DELETE", path, "").want(204, "")
	w.get(path).want(404, noCampaign)
}

func TestCampaignImports(t *testing.T) {
	w := empty(t)
	path := w.ownersCampaign()
	numbers := func() []string {
		w.t.Helper()
		return w.get(path+"/phone_numbers").list("numbers", "number")
	}
	const unprocessable = `{"error":"Unprocessable Entity","success":false,"errors":{"dialer_campaign":[%s]}}`
	w.send("POST", path, `{"phone_numbers":["12","x"]}`).want(422, fmt.Sprintf(unprocessable, `"12 is not a valid phone number","x is not a valid phone number"`))
	w.get(path).want(404, noCampaign) // nothing came of it
	w.send("POST", path, `{"phone_numbers":["+4520000001","x"]}`).want(422, fmt.Sprintf(unprocessable, `"x is not a valid phone number"`))
	w.send("POST", path, `{"phone_numbers":["+45 20000001","+4520000002","+4520000002"]}`).
		want(422, fmt.Sprintf(unprocessable, `"+45 20000001 already imported, but not called","+4520000002 already imported, but not called"`))
	w.send("POST", path+"/phone_numbers", `{"phone_numbers":["+4520000001","+4520000003"]}`).
		want(422, fmt.Sprintf(unprocessable, `"+4520000001 already imported, but not called"`))
	if got := strings.Join(numbers(), " "); got != "4520000001 4520000002 4520000003" {
		t.Errorf("imported %s, want the valid ones of each request", got)
	}
	w.change(func(t *tx) {
		for _, c := range t.dialing.campaigns.order {
			c.Phones[0].Called = true
			delete(c.Waiting, digits(c.Phones[0].Number))
		}
	})
	w.send("POST", path, `{"phone_numbers":["+4520000001"]}`).want(204, "") // was called
	if got := len(numbers()); got != 4 {
		t.Errorf("%d numbers, want the called one twice", got)
	}
	w.send("POST", path, `{"phone_numbers":[]}`).want(422, fmt.Sprintf(unprocessable, `"phone_numbers can't be blank"`))
	w.send("POST", path, `{}`).wantTroubleshoot(400, "phone_numbers is required")
	w.send("POST", path, `{"phone_numbers":[{"value":"+4520000001"}]}`).wantTroubleshoot(400, "must be an array of strings")
	w.send("POST", "/v1/users/1/dialer_campaign", `{"phone_numbers":["+4520000001"]}`).want(404, noCampaign)
}

func TestCampaignIsBounded(t *testing.T) {
	w := empty(t)
	path := w.ownersCampaign()
	var all []string
	for i := range maxDialed {
		all = append(all, fmt.Sprintf(`"+45%08d"`, i))
	}
	w.send("POST", path, `{"phone_numbers":[`+strings.Join(all, ",")+`]}`).want(204, "")
	w.send("POST", path, `{"phone_numbers":["+4599999999"]}`).wantStatus(422)
	if total := w.get(path + "/phone_numbers").at("meta.total"); total != "10000" {
		t.Errorf("%s numbers", total)
	}
}

func TestCampaignLine(t *testing.T) {
	w := empty(t)
	path := w.ownersCampaign()
	w.change(func(t *tx) {
		t.numbers.insert(&number{ID: 44, Users: []int64{1}})
		t.numbers.insert(&number{ID: 45, Users: []int64{t.users.order[0].ID}})
	})
	for _, want := range []string{`"45"`, `"44"`} {
		w.send("POST", path, `{"phone_numbers":["+4520000001"]}`).wantStatus(204)
		if got := w.get(path).at("number_id"); got != want {
			t.Errorf("number_id %s, want %s", got, want)
		}
		w.send("DELETE", path, "").wantStatus(204)
		w.change(func(t *tx) { t.users.order[0].DefaultNumberID = 44 })
	}
}

func TestCampaignOfAUserWhoIsGone(t *testing.T) {
	w := empty(t)
	id := w.send("POST", "/v2/users", ada).at("user.id")
	w.send("POST", "/v1/users/"+id+"/dialer_campaign", `{"phone_numbers":["+4520000001"]}`).wantStatus(204)
	w.send("DELETE", "/v1/users/"+id, "").wantStatus(204)
	w.get("/v1/users/"+id+"/dialer_campaign").want(404, noCampaign)
	w.send("POST", w.ownersCampaign(), `{"phone_numbers":["+4520000001"]}`).wantStatus(204)
	w.change(func(t *tx) {
		if n := t.dialing.campaigns.len(); n != 1 {
			w.t.Errorf("%d campaigns are kept", n)
		}
	})
}

func TestCampaignEnvelope(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Assume: map[string]string{"dialer-envelope": "wrapped"}})), t}.bare()
	path := w.ownersCampaign()
	w.change(func(t *tx) { t.dialing.lastID = 0 })
	w.send("POST", path, `{"phone_numbers":["+4520000001"]}`).wantStatus(204)
	w.get(path).want(200, `{"dialer_campaign":{"id":1,"number_id":null,"created_at":"2026-03-02T12:00:00.000Z"}}`)
	w.send("DELETE", path, "").wantStatus(204)
	w.get(path).want(404, noCampaign)
}
