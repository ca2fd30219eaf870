package fakeaircall

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const kim = `{"first_name":"Kim","last_name":"Lund","company_name":"Shop","phone_numbers":[{"label":"Mobile","value":"+4520000001"}],"emails":[{"label":"Work","value":"kim@shop.test"}]}`

func TestContactOnTheWire(t *testing.T) {
	w := empty(t)
	made := w.send("POST", "/v1/contacts", kim)
	id, phone, email := made.at("contact.id"), made.at("contact.phone_numbers.0.id"), made.at("contact.emails.0.id")
	if len(email) != len(phone) || email >= phone {
		t.Errorf("e-mail %s, phone %s: e-mails are numbered first", email, phone)
	}
	contact := fmt.Sprintf(`{"id":%s,"created_at":1772452800,"updated_at":1772452800,"first_name":"Kim","last_name":"Lund",`+
		`"information":null,"company_name":"Shop","is_shared":true,"direct_link":"https://api.aircall.io/v1/contacts/%s",`+
		`"phone_numbers":[{"value":"+4520000001","id":%s,"label":"Mobile"}],"emails":[{"value":"kim@shop.test","id":%s,"label":"Work"}]}`,
		id, id, phone, email)
	w.get("/v1/contacts/"+id).want(200, `{"contact":`+contact+`}`)
	page := `{"meta":{"count":1,"total":1,"current_page":1,"per_page":%d,"next_page_link":null,"previous_page_link":null},"contacts":[` + contact + `]}`
	w.get("/v1/contacts").want(200, fmt.Sprintf(page, 50))
	w.get("/v1/contacts/search?email=kim%40shop.test").want(200, fmt.Sprintf(page, 20))
	w.send("DELETE", "/v1/contacts/"+id, "").want(204, "")
	w.send("DELETE", "/v1/contacts/"+id, "").wantStatus(404)
	w.get("/v1/contacts").want(200, `{"meta":{"count":0,"total":0,"current_page":1,"per_page":50,"next_page_link":null,"previous_page_link":null},"contacts":[]}`)
}

func TestContactSearch(t *testing.T) {
	w := empty(t)
	for _, body := range []string{
		kim,
		`{"first_name":"Ann","phone_numbers":[{"label":"Work","value":"+33 1 99 00 12 34"},{"label":"Old","value":"+4520000001"}],"emails":[{"label":"w","value":"Ann@Shop.test"}]}`,
		`{"first_name":"Bo","phone_numbers":[{"label":"Work","value":"+4520000002"}]}`,
	} {
		w.send("POST", "/v1/contacts", body).wantStatus(201)
	}
	for query, want := range map[string][]string{
		"":                                  {"Kim", "Ann", "Bo"},
		"query=Kim":                         {"Kim", "Ann", "Bo"}, // an unknown parameter changes nothing
		"q=Kim":                             {"Kim", "Ann", "Bo"},
		"phone_number=%2B4520000001":        {"Kim", "Ann"},
		"phone_number=+4520000001":          {"Kim", "Ann"}, // a plus that became a blank
		"phone_number=4520000001":           {"Kim", "Ann"},
		"phone_number=33199001234":          {"Ann"},
		"phone_number=45200000":             {}, // no prefixes
		"email=ann@shop.test":               {"Ann"},
		"email=shop.test":                   {},
		"email=kim@shop.test&phone_number=": {"Kim"},
		"email=kim@shop.test&phone_number=%2B4520000001": {"Kim"},
		"email=kim@shop.test&phone_number=%2B4520000002": {},
		"order=desc":                        {"Bo", "Ann", "Kim"},
		"order=sideways":                    {"Kim", "Ann", "Bo"},
		"phone_number=4520000001&page=2":    {},
		"per_page=1&page=2":                 {"Ann"},
		"per_page=1&page=2&order=desc":      {"Ann"},
		"per_page=2&page=2&order=desc":      {"Kim"},
		"from=1772452800&to=1772452800":     {"Kim", "Ann", "Bo"},
		"from=1772452801":                   {},
		"to=1772452799":                     {},
		"from=1772452800.0":                 {"Kim", "Ann", "Bo"},
		"from=1772452800000":                {}, // milliseconds
		"from=2026-01-01T00:00:00Z":         {},
		"to=tomorrow":                       {},
		"from=NaN":                          {},
		"from=1772452801&to=1772452800":     {},
		"order_by=updated_at&order=nothing": {"Kim", "Ann", "Bo"},
	} {
		got := w.get("/v1/contacts/search?"+query).wantStatus(200).list("contacts", "first_name")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

func TestContactOrderByUpdate(t *testing.T) {
	w := empty(t)
	first := w.send("POST", "/v1/contacts", kim).at("contact.id")
	w.Advance(time.Minute)
	w.send("POST", "/v1/contacts", strings.Replace(kim, "Kim", "Bo", 1)).wantStatus(201)
	w.Advance(time.Minute)
	w.send("POST", "/v1/contacts/"+first, `{"company_name":"New"}`).wantStatus(200)
	got := w.get("/v1/contacts?order_by=updated_at").list("contacts", "first_name")
	if diff := cmp.Diff([]string{"Bo", "Kim"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestContactUpdate(t *testing.T) {
	w := empty(t).lost()
	path := "/v1/contacts/" + w.send("POST", "/v1/contacts", kim).at("contact.id")
	w.Advance(90 * time.Second)
	a := w.send("POST", path, `{"last_name":null,"information":"VIP","phone_numbers":[{"label":"x","value":"+4520000009"}],"emails":[],"is_shared":false,"nonsense":1}`)
	a.wantStatus(200)
	for field, want := range map[string]string{
		"first_name": `"Kim"`, "last_name": `null`, "information": `"VIP"`, "company_name": `"Shop"`, "is_shared": `true`,
		"created_at": `1772452800`, "updated_at": `1772452890`,
		"phone_numbers.0.value": `"+4520000001"`, "emails.0.value": `"kim@shop.test"`, // ignored, without an error
	} {
		if got := a.at("contact." + field); got != want {
			t.Errorf("%s is %s, want %s", field, got, want)
		}
	}
	if got := w.get(path).body; got != a.body {
		t.Errorf("read back %s, want %s", got, a.body)
	}
	w.send("POST", path, `{"first_name":"New","last_name":""}`).wantTroubleshoot(400, "last_name can't be blank")
	if got := w.get(path).body; got != a.body {
		t.Errorf("a refused update changed the contact: %s", got)
	}
	w.send("PUT", path, `{"first_name":"New"}`).want(404, `{"message":"Not Found"}`)
}

func TestContactRefused(t *testing.T) {
	w := empty(t)
	entry := `{"label":"Work","value":"+4520000001"}`
	for name, tc := range map[string]struct{ body, words string }{
		"no phone":           {`{"first_name":"Kim"}`, "phone_numbers is required"},
		"empty phones":       {`{"phone_numbers":[]}`, "phone_numbers is required"},
		"null phones":        {`{"phone_numbers":null}`, "phone_numbers is required"},
		"21 phones":          {`{"phone_numbers":[` + strings.Repeat(entry+",", 20) + entry + `]}`, "the maximum is 20"},
		"no label":           {`{"phone_numbers":[{"value":"+4520000001"}]}`, "label of phone_detail"},
		"no value":           {`{"phone_numbers":[{"label":"Work"}]}`, "value of phone_detail"},
		"national number":    {`{"phone_numbers":[{"label":"Work","value":"0612345678"}]}`, "E.164"},
		"too short":          {`{"phone_numbers":[{"label":"Work","value":"+33"}]}`, "E.164"},
		"too long":           {`{"phone_numbers":[{"label":"Work","value":"+1234567890123456"}]}`, "E.164"},
		"letters":            {`{"phone_numbers":[{"label":"Work","value":"+33 CALL ME"}]}`, "E.164"},
		"bad e-mail":         {`{"phone_numbers":[` + entry + `],"emails":[{"label":"Work","value":"kim"}]}`, "not a valid email"},
		"e-mail at a name":   {`{"phone_numbers":[` + entry + `],"emails":[{"label":"Work","value":"kim@shop"}]}`, "not a valid email"},
		"e-mail with a name": {`{"phone_numbers":[` + entry + `],"emails":[{"label":"Work","value":"Kim <kim@shop.test>"}]}`, "not a valid email"},
	} {
		t.Run(name, func(t *testing.T) {
			w := world{w.Server, t}
			a := w.send("POST", "/v1/contacts", tc.body)
			a.wantTroubleshoot(400, tc.words)
			if strings.Contains(a.body, "success") {
				t.Errorf("the contacts service has no success member: %s", a.body)
			}
		})
	}
	if total := w.get("/v1/contacts").at("meta.total"); total != "0" {
		t.Errorf("%s contacts came of it", total)
	}
}

// A phone number or e-mail without label is refused, or kept without one.
func TestDetailWithoutLabel(t *testing.T) {
	const bare = `{"phone_numbers":[{"value":"+4520000001"}],"emails":[{"value":"kim@shop.test"}]}`
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Assume: map[string]string{"contact-label": "optional"}},
		"create-a-contact: request body/phone_numbers/0/label", "create-a-contact: request body/emails/0/label",
		"add-phone-number-to-a-contact: request body/label",
		"create-a-contact: body/contact/phone_numbers/0/label", "create-a-contact: body/contact/emails/0/label",
		"retrieve-a-contact: body/contact/phone_numbers/0/label", "retrieve-a-contact: body/contact/emails/0/label",
		"add-phone-number-to-a-contact: body/phone_detail/label")), t}
	a := w.send("POST", "/v1/contacts", bare).wantStatus(201)
	path := "/v1/contacts/" + a.at("contact.id")
	for _, of := range []string{"contact.phone_numbers.0.label", "contact.emails.0.label"} {
		if got := w.get(path).at(of); got != "null" {
			t.Errorf("%s is %s, want null", of, got)
		}
	}
	if got := w.send("POST", path+"/phone_details", `{"value":"+4520000002"}`).wantStatus(201).at("phone_detail.label"); got != "null" {
		t.Errorf("the label of the second phone is %s", got)
	}
	w.send("POST", path+"/phone_details", `{"value":"+4520000003","label":""}`).wantTroubleshoot(400, "blank")

	w = empty(t)
	w.send("POST", "/v1/contacts", bare).wantTroubleshoot(400, "label of phone_detail can't be blank")
}

func TestContactDetails(t *testing.T) {
	w := empty(t)
	path := "/v1/contacts/" + w.send("POST", "/v1/contacts", kim).at("contact.id")
	for _, kind := range []struct{ route, envelope, field, value, other, bad string }{
		{"/phone_details", "phone_detail", "phone_numbers", "+33699001122", "+33699001133", "12"},
		{"/email_details", "email_detail", "emails", "kim@home.test", "kim@away.test", "kim"},
	} {
		a := w.send("POST", path+kind.route, `{"label":"Home","value":"`+kind.value+`"}`)
		id := a.at(kind.envelope + ".id")
		a.want(201, `{"`+kind.envelope+`":{"id":`+id+`,"label":"Home","value":"`+kind.value+`"}}`)
		one := path + kind.route + "/" + id
		w.send("PUT", one, `{"label":"Cottage"}`).want(200, `{"`+kind.envelope+`":{"id":`+id+`,"label":"Cottage","value":"`+kind.value+`"}}`)
		w.send("PUT", one, `{"value":"`+kind.other+`"}`).want(200, `{"`+kind.envelope+`":{"id":`+id+`,"label":"Cottage","value":"`+kind.other+`"}}`)
		w.send("PUT", one, `{"value":"`+kind.bad+`"}`).wantTroubleshoot(400, "not a valid")
		w.send("PUT", one, `{"label":""}`).wantTroubleshoot(400, "blank")
		w.send("POST", path+kind.route, `{"value":"`+kind.value+`"}`).wantTroubleshoot(400, "label")
		if got := w.get(path).at("contact." + kind.field + ".1"); got != `{"value":"`+kind.other+`","id":`+id+`,"label":"Cottage"}` {
			t.Errorf("in the contact: %s", got)
		}
		query := strings.NewReplacer("phone_details", "phone_number", "email_details", "email").Replace(kind.route[1:])
		search := "/v1/contacts/search?" + query + "="
		for value, total := range map[string]string{kind.value: "0", kind.other: "1"} {
			if got := w.get(search + strings.ReplaceAll(value, "+", "%2B")).at("meta.total"); got != total {
				t.Errorf("search by %s finds %s, want %s", value, got, total)
			}
		}
		w.send("DELETE", one, "").want(204, "")
		w.send("DELETE", one, "").wantStatus(404)
		for i := 2; i <= maxDetails; i++ {
			w.send("POST", path+kind.route, `{"label":"Home","value":"`+kind.value+`"}`).wantStatus(201)
		}
		w.send("POST", path+kind.route, `{"label":"Home","value":"`+kind.value+`"}`).wantTroubleshoot(400, "maximum is 20")
	}
}
