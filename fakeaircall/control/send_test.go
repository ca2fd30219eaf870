package control

import (
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// send-request has the effect and the reply of a request of a client.
func TestControlSends(t *testing.T) {
	accounts := append(fakeaircall.StandardAccounts()[:1], fakeaircall.Account{Name: "acme", Bearer: "canary"})
	w := controlled(t, func(o *fakeaircall.Options) { o.Accounts, o.RateLimit = accounts, 3 })
	a := w.ask("POST", "/_fake/requests", `{"method":"POST","path":"/v1/tags?x=1","body":{"name":"one","color":"#00ff00"}}`).wantStatus(200)
	if a.at("status") != "201" || a.text("body.tag.name") != "one" {
		t.Errorf("got %s", a.body)
	}
	if got := w.ask("GET", "/_fake/requests?op=create-a-tag", ""); got.text("requests.0.path") != "/v1/tags" || got.text("requests.0.query") != "x=1" || got.text("requests.0.account") != "default" {
		t.Errorf("the request log has %s", got.body)
	}
	if got := w.ask("GET", "/_fake/events?name=tag.created", ""); strings.Count(got.body, "tag.created") > 1 {
		t.Errorf("the events are %s", got.body)
	}
	a = w.ask("POST", "/_fake/requests", `{"account":"acme","method":"GET","path":"/v1/ping"}`)
	if a.body != `{"status":200,"body":{"ping":"pong"}}`+"\n" || strings.Contains(a.body, "canary") {
		t.Errorf("an account with a bearer token got %s", a.body)
	}
	if a = w.ask("POST", "/_fake/requests", `{"method":"DELETE","path":"/v1/tags/99"}`); a.at("status") != "404" || a.at("body.error") == "" {
		t.Errorf("got %s", a.body)
	}
	w.ask("POST", "/_fake/requests", `{"method":"GET","path":"/v1/ping"}`).wantStatus(200)
	if a = w.ask("POST", "/_fake/requests", `{"method":"GET","path":"/v1/ping"}`); a.at("status") != "429" {
		t.Errorf("beyond the rate limit: %s", a.body)
	}
	for body, want := range map[string]string{
		`{"method":"GET","path":"/_fake/clock"}`:                  "path: that is not a path of Aircall's API",
		`{"method":"GET","path":"@evil.example.com/v1/"}`:         "path: that is not a path of Aircall's API",
		`{"method":"GET","path":"/v1/%zz"}`:                       "path: that is not a path of Aircall's API",
		`{"method":"get","path":"/v1/ping"}`:                      "method: there is no such method",
		`{"account":"none","method":"GET","path":"/v1/ping"}`:     "there is no account",
		`{"method":"GET","path":"/v1/ping","headers":{"A":"b"}}`:  "there is no field headers",
		`{"method":"GET","path":"/v1/../_fake/reset","body":{}}`:  "",
		`{"method":"POST","path":"/v1/ping\r\nX: y","body":null}`: "path: that is not a path of Aircall's API",
	} {
		if a := w.ask("POST", "/_fake/requests", body); !strings.Contains(a.body, want) || want != "" && a.status < 400 {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	w.ask("POST", "/_fake/faults", `{"reset":true}`).wantStatus(201)
	w.ask("POST", "/_fake/clock", `{"advance":"1m"}`).wantStatus(200)
	w.ask("POST", "/_fake/requests", `{"method":"GET","path":"/v1/ping"}`).want(200, `{"status":0}`+"\n")
}

// An event is sent again to the webhooks that subscribe to it now.
func TestControlSendsEvents(t *testing.T) {
	w := controlled(t)
	receiver := newReceiver(t, func() int { return 200 })
	made := w.send("POST", "/v1/contacts", kim).wantStatus(201)
	seq := w.ask("GET", "/_fake/events?name=contact.created&newest=1", "").at("events.0.seq")
	w.ask("POST", "/_fake/events/"+seq+"/send", `{}`).want(409, `{"error":"no active webhook subscribes to contact.created","given":"POST /_fake/events/`+seq+`/send","hint":"send-event is described in /_fake/control.json"}`+"\n")
	w.send("POST", "/v1/webhooks", `{"url":"`+receiver.URL+`","events":["contact.created"]}`).wantStatus(201)
	w.send("POST", "/v1/webhooks", `{"url":"`+receiver.URL+`","events":["contact.deleted"]}`).wantStatus(201)
	id := w.ask("POST", "/_fake/events/"+seq+"/send", `{"account":"default"}`).wantStatus(201).at("deliveries.0")
	<-receiver.more
	w.ask("POST", "/_fake/clock", `{"advance":"0s"}`)
	if a := w.ask("GET", "/_fake/deliveries", ""); a.at("deliveries.0.id") != id || a.text("deliveries.0.state") != "delivered" || !strings.Contains(a.at("deliveries.0.body"), made.at("contact.id")) || strings.Count(a.body, `"state":`) != 1 {
		t.Errorf("the deliveries are %s", a.body)
	}
	for _, seq := range []string{"0", "99", "x", "-1"} {
		w.ask("POST", "/_fake/events/"+seq+"/send", `{}`).wantStatus(404)
	}
	w.ask("POST", "/_fake/events/1/send", `{"account":"none"}`).wantStatus(404)
	w.send("POST", "/v1/contacts/"+made.at("contact.id"), `{"first_name":"Ann"}`).wantStatus(200)
	all := w.ask("GET", "/_fake/events", "").list("events", "seq")
	last := all[len(all)-1]
	if got := w.ask("GET", "/_fake/events?newest=1", "").list("events", "seq"); len(got) != 1 || got[0] != last {
		t.Errorf("the newest of %v: %v", all, got)
	}
	if got := w.ask("GET", "/_fake/events?newest=1&before="+last, "").list("events", "seq"); len(got) != 1 || got[0] != all[len(all)-2] {
		t.Errorf("the one before of %v: %v", all, got)
	}
	w.ask("GET", "/_fake/events?newest=0", "").wantStatus(400)
}

func TestControlReadsAContact(t *testing.T) {
	w := controlled(t)
	id := w.send("POST", "/v1/contacts", kim).wantStatus(201).at("contact.id")
	a := w.ask("GET", "/_fake/contacts/"+id, "").wantStatus(200)
	if a.text("contact.first_name") != "Kim" || a.text("contact.phones.0.label") != "Mobile" || a.text("contact.emails.0.value") != "kim@shop.test" {
		t.Errorf("got %s", a.body)
	}
	w.ask("GET", "/_fake/contacts/99", "").wantStatus(404)
	w.ask("GET", "/_fake/contacts/"+id+"?account=sales", "").wantStatus(404)
	w.ask("POST", "/_fake/accounts", `{"name":"mine"}`).wantStatus(201)
	if got := w.ask("GET", "/_fake/accounts", "").list("accounts", "added"); strings.Join(got, ",") != ",,,true" {
		t.Errorf("added: %v", got)
	}
}
