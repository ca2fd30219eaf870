package fakeaircall

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// as sends a request with the credentials of an account.
func (w world) as(a Account, method, path, body string) answer {
	w.t.Helper()
	return w.sendAs("Bearer "+a.Bearer, method, path, body)
}

func TestNewAccount(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: 5}, "create-a-contact: status")), t}
	a, b := w.NewAccount(t), w.NewAccount(t)
	w.as(a.Account, "GET", "/v1/contacts/5678", "").wantStatus(200)
	w.as(a.Account, "DELETE", "/v1/contacts/5678", "").wantStatus(204)
	w.as(a.Account, "GET", "/v1/contacts/5678", "").wantStatus(404)
	w.as(b.Account, "GET", "/v1/contacts/5678", "").wantStatus(200)
	if got := w.as(b.Account, "GET", "/v1/integrations/me", "").wantStatus(200).text("integration.user.email"); got != b.Account.User {
		t.Errorf("the user is %s, not %s", got, b.Account.User)
	}

	// It has its own limits, faults and request log.
	for range 2 {
		w.as(a.Account, "GET", "/v1/ping", "").wantStatus(200)
	}
	w.as(a.Account, "GET", "/v1/ping", "").wantStatus(429)
	w.as(b.Account, "GET", "/v1/ping", "").wantStatus(200)
	if f, err := w.AddFault(Fault{Account: b.Name, Status: 503, Op: createContactOp}); err != nil || f.ID != "fault-"+b.Name+"-1" {
		t.Errorf("%+v, %v", f, err)
	}
	w.send("POST", "/v1/contacts", kim).wantStatus(201)
	w.as(b.Account, "POST", "/v1/contacts", kim).wantStatus(503)
	if n := len(w.Faults()); n != 1 {
		t.Errorf("%d faults are listed", n)
	}
	if here, there := len(w.Requests(RequestFilter{Account: b.Name})), len(w.Requests(RequestFilter{})); here != 4 || there != 1 {
		t.Errorf("%d requests of the account, %d of the server", here, there)
	}

	// So is the clock: with it move the window of the limit, and what is due.
	call, err := w.Simulate(a.Name, SimulatedCall{Outcome: "answered"})
	if err != nil {
		t.Fatal(err)
	}
	a.Advance(time.Hour)
	if !w.Now().Equal(noon) || !b.Now().Equal(noon) || !a.Now().Equal(noon.Add(time.Hour)) {
		t.Errorf("it is %s, %s and %s", w.Now(), a.Now(), b.Now())
	}
	reply := w.as(a.Account, "GET", fmt.Sprint("/v1/calls/", call), "").wantStatus(200)
	if got := reply.text("call.status"); got != "done" || reply.header.Get("Date") != "Mon, 02 Mar 2026 13:00:00 GMT" {
		t.Errorf("the call is %s, %s", got, reply.header.Get("Date"))
	}
	w.Advance(2 * time.Hour)
	if !a.Now().Equal(noon.Add(time.Hour)) {
		t.Errorf("the server's clock moved the account's to %s", a.Now())
	}
	if err := b.SetClock(noon.Add(-time.Hour)); err == nil {
		t.Error("a clock went back")
	}
	if err := b.SetSpeed(-1); err == nil {
		t.Error("a clock runs backwards")
	}

	// A snapshot has it with its clock.
	s := w.Snapshot()
	if err := w.RemoveAccount(a.Name); err != nil {
		t.Error(err)
	}
	w.as(a.Account, "GET", "/v1/ping", "").wantStatus(403)
	w.Restore(s)
	w.as(a.Account, "GET", "/v1/contacts/5678", "").wantStatus(404)
	if !a.Now().Equal(noon.Add(time.Hour)) {
		t.Errorf("restored, it is %s", a.Now())
	}
}

// Deliveries of all accounts have their own ids, and a receiver of one that does
// not answer keeps no other's clock waiting.
func TestAccountsDeliver(t *testing.T) {
	hangs := newReceiver(t, func(posted) int { return 0 })
	works := newReceiver(t, func(posted) int { return 200 })
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit})), t}
	slow, quick := w.NewAccount(t), w.NewAccount(t)
	for a, url := range map[AccountHandle]string{slow: hangs.URL, quick: works.URL} {
		w.as(a.Account, "POST", "/v1/webhooks", `{"custom_name":"x","url":"`+url+`/in","events":["contact.created"]}`).wantStatus(201)
		w.as(a.Account, "POST", "/v1/contacts", kim).wantStatus(201)
	}
	start := time.Now()
	quick.Advance(time.Second)
	if took := time.Since(start); took > slowAfter/2 {
		t.Errorf("the clock waited %s for another account's receiver", took)
	}
	seen := map[int64]bool{}
	list, err := w.Deliveries("")
	for _, d := range list {
		if seen[d.ID] || d.ID < 1<<32 {
			t.Errorf("delivery %d of %s", d.ID, d.Account)
		}
		seen[d.ID] = true
	}
	if totals, _ := w.DeliveryTotals(quick.Name); err != nil || len(list) != 2 || totals.Delivered != 1 {
		t.Errorf("%d deliveries, %+v, %v", len(list), totals, err)
	}
}

// Five hundred tests share a server, each with its own account; a hundred of
// them unless AIRCALLKIT_FULL is set.
func TestManyAccounts(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon}))
	rec := newReceiver(t, func(posted) int { return 200 })
	var wait sync.WaitGroup
	tests := 100
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		tests = 500
	}
	for i := range tests {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if err := useAccount(srv, rec.URL, i); err != nil {
				t.Error(err)
			}
		}()
	}
	wait.Wait()
	if n := len(srv.Accounts()); n != 3 {
		t.Errorf("%d accounts are left", n)
	}
}

// useAccount is one such test.
func useAccount(srv *Server, hook string, i int) error {
	a, err := srv.AddAccount(AccountOptions{})
	if err != nil {
		return err
	}
	defer srv.RemoveAccount(a.Name)
	send := func(method, path, body string, v any) error {
		req, err := http.NewRequest(method, srv.URL()+path, strings.NewReader(body))
		if err != nil {
			return err
		}
		req.SetBasicAuth(a.APIID, a.APIToken)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode > 299 {
			return fmt.Errorf("%s: %s %s: %d %s, %v", a.Name, method, path, resp.StatusCode, data, err)
		}
		return json.Unmarshal(data, v)
	}
	var made struct{ Contact struct{ ID int64 } }
	var list struct {
		Meta     struct{ Total int }
		Contacts []struct{ ID int64 }
	}
	name := fmt.Sprintf("Only %d", i)
	for _, err := range []error{
		send("GET", "/v1/contacts", "", &list),
		send("POST", "/v1/webhooks", `{"custom_name":"x","url":"`+hook+`/in","events":["contact.created","call.created"]}`, new(any)),
		send("POST", "/v1/contacts", `{"first_name":"`+name+`","phone_numbers":[{"label":"x","value":"+33199000042"}]}`, &made),
	} {
		if err != nil {
			return err
		}
	}
	before := list.Meta.Total
	if _, err := srv.Simulate(a.Name, SimulatedCall{Outcome: "answered"}); err != nil {
		return err
	}
	a.Advance(time.Duration(i+2) * time.Minute)
	if err := send("GET", "/v1/contacts/search?phone_number=%2B33199000042", "", &list); err != nil {
		return err
	}
	totals, err := srv.DeliveryTotals(a.Name)
	if err != nil {
		return err
	}
	requests := srv.Requests(RequestFilter{Account: a.Name})
	// A receiver that many ask at once may be late, and the clock moves on after a second.
	one := slices.ContainsFunc(list.Contacts, func(c struct{ ID int64 }) bool { return c.ID == made.Contact.ID })
	if !one || len(list.Contacts) != 1 || before == 0 || totals.Delivered+totals.Pending != 2 || len(requests) != 4 || a.Now() != noon.Add(time.Duration(i+2)*time.Minute) {
		return fmt.Errorf("%s: %+v after %d, %+v, %d requests, %s", a.Name, list, before, totals, len(requests), a.Now())
	}
	return nil
}

func BenchmarkNewAccount(b *testing.B) {
	srv := RunT(b, Options{Clock: noon})
	for _, touched := range []bool{false, true} {
		b.Run(fmt.Sprintf("touched=%v", touched), func(b *testing.B) {
			for b.Loop() {
				a, err := srv.AddAccount(AccountOptions{})
				if err != nil {
					b.Fatal(err)
				}
				if c, _ := srv.account(a.Name); touched {
					c.prepare()
				}
				if err := srv.RemoveAccount(a.Name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
