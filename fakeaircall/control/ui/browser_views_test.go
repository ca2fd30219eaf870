package ui_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control"
)

// The calls of a person who tries what there is: each button, without the page being
// loaded again.
func TestBrowserCalls(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	b.open("")
	eval[bool](b, "window.stays = true")
	ring := func() string {
		t.Helper()
		before := eval[string](b, "(document.querySelector('tr.call') || {id: ''}).id")
		b.click("#ring button")
		b.until(fmt.Sprintf("(document.querySelector('tr.call.ringing') || {id: %q}).id !== %q", before, before))
		return strings.TrimPrefix(eval[string](b, "document.querySelector('tr.call.ringing').id"), "call-")
	}
	is := func(id, state string) {
		t.Helper()
		b.until(fmt.Sprintf("document.querySelector('#live #call-%s.%s')", id, state))
	}
	over := func(id, result string) {
		t.Helper()
		b.sees("#recent #call-"+id, result)
	}
	b.do(chromedp.SendKeys(chromedp.CSS("#ring [name=party]"), "+33199000042"))
	id := ring()
	b.sees("#call-"+id, "+33 1 99 00 00 42")
	b.sees("#told", "Ring: done")
	b.sees("#summary", "ringing")
	b.click("#answer-" + id)
	is(id, "answered")
	if at := eval[string](b, "document.activeElement.tagName"); at == "INPUT" {
		t.Errorf("the focus went to a field")
	}
	b.click("#hold-" + id)
	is(id, "on_hold")
	b.click("#hold-" + id)
	is(id, "answered")
	b.click("#more-" + id + " summary")
	b.click("#transfer-" + id)
	is(id, "transferring")
	b.click("#back-" + id)
	is(id, "answered")
	b.until("document.querySelector('#more-" + id + "').open") // as it was left
	b.do(chromedp.SendKeys(chromedp.CSS("#out-"+id), "+33199000077"))
	b.click("#external-" + id)
	is(id, "outside")
	b.click("#hangup-" + id)
	over(id, "answered")
	eval[string](b, "document.querySelector('#ring [name=party]').value = ''")

	id = ring()
	b.click("#decline-" + id)
	b.until("document.querySelector('#live #call-" + id + "') && !document.getElementById('decline-" + id + "')")
	b.click("#hangup-" + id)
	over(id, "missed")
	id = ring()
	b.click("#miss-" + id)
	over(id, "agents did not answer")
	id = ring()
	b.click("#voicemail-" + id)
	is(id, "voicemail")
	b.click("#hangup-" + id)
	over(id, "voicemail")
	id = ring()
	b.click("#callback-" + id)
	b.sees("#told", "Request callback: done")
	b.click("#hangup-" + id)
	over(id, "callback")

	b.set("#ring [name=direction]", "outbound")
	id = ring()
	b.sees("#call-"+id, "to +")
	b.click("#answer-" + id)
	is(id, "answered")

	// An error is shown and read out; the typed values stay.
	b.do(chromedp.SendKeys(chromedp.CSS("#ring [name=party]"), "nobody"))
	b.click("#ring button")
	b.sees("#notice", "is not a phone number")
	if at := eval[string](b, "document.activeElement.getAttribute('role') + document.querySelector('#ring [name=party]').value"); at != "alertnobody" {
		t.Errorf("after a refusal: %s", at)
	}

	b.do(chromedp.SendKeys(chromedp.CSS("#message [name=body]"), "Please call back"))
	b.click("#message button")
	b.sees("#told", "Send: done")
	b.click("#traffic button")
	b.sees("#told", "Set traffic: done")
	if events, err := srv.Events(""); err != nil || !strings.Contains(fmt.Sprint(names(events)), "message.received") {
		t.Errorf("the events are %v, %v", names(events), err)
	}
	if !eval[bool](b, "window.stays === true") {
		t.Error("the page was loaded again")
	}
}

func names(events []fakeaircall.Event) (list []string) {
	for _, e := range events {
		list = append(list, e.Name)
	}
	return list
}

// What happens elsewhere is seen without asking, and takes away neither the focus nor
// what is being typed.
func TestBrowserFollows(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	b.open("")
	id, err := srv.Simulate("", fakeaircall.SimulatedCall{From: "+33199000042"})
	if err != nil {
		t.Fatal(err)
	}
	row := fmt.Sprintf("#live #call-%d", id)
	b.sees(row, "ringing")
	b.do(chromedp.Focus(chromedp.CSS(fmt.Sprintf("#hangup-%d", id))))
	if err := srv.Act("", id, fakeaircall.Action{Do: "answer"}); err != nil {
		t.Fatal(err)
	}
	b.sees(row, "answered")
	if at := eval[string](b, "document.activeElement.id"); at != fmt.Sprintf("hangup-%d", id) {
		t.Errorf("the focus is on %q", at)
	}
	b.click(fmt.Sprintf("#more-%d summary", id))
	b.do(chromedp.SendKeys(chromedp.CSS(fmt.Sprintf("#out-%d", id)), "+331"))
	if err := srv.Act("", id, fakeaircall.Action{Do: "hold"}); err != nil {
		t.Fatal(err)
	}
	b.sees("#summary", "1 on hold") // while the field is in use
	b.do(chromedp.SendKeys(chromedp.CSS(fmt.Sprintf("#out-%d", id)), "99"))
	if got := eval[string](b, fmt.Sprintf("document.querySelector('#out-%d').value", id)); got != "+33199" {
		t.Errorf("typed was %q", got)
	}
	b.do(chromedp.Blur(chromedp.CSS(fmt.Sprintf("#out-%d", id))))
	b.sees(row, "on hold")
	srv.Advance(70 * time.Second)
	b.sees(row+" time", "1:10")
	b.sees("#facts", "09:01:10")
	if err := srv.SetSpeed(60); err != nil { // and goes on by itself
		t.Fatal(err)
	}
	b.sees("#facts", "60×")
	b.until("document.querySelector('[data-clock]').textContent > '2026-06-15 09:02'")
}

// A contact's name is text, on every page and in every browser's hands.
func TestBrowserHostileName(t *testing.T) {
	srv := fake(t)
	const hostile = `<script>alert(1)</script>"><img src=x onerror="alert(2)"><svg onload=alert(3)>`
	call(t, srv, "POST", "/v1/contacts", `{"first_name":"`+strings.ReplaceAll(hostile, `"`, `\"`)+`","phone_numbers":[{"label":"Work","value":"+33199001234"}]}`)
	b := browse(t, srv)
	for path, selector := range map[string]string{"page/contacts": "#list", "": "#live", "page/request?seq=1": "#sent"} {
		if path == "" {
			if _, err := srv.Simulate("", fakeaircall.SimulatedCall{From: "+33199001234"}); err != nil {
				t.Fatal(err)
			}
		}
		b.open(path)
		b.sees(selector, "<script>alert(1)</script>")
		if n := eval[int](b, "document.querySelectorAll('main script, main img, main svg[onload]').length"); n != 0 {
			t.Errorf("%s has %d elements of the name", path, n)
		}
	}
	srv.Advance(time.Second) // and when it is swapped in
	b.sees("#facts", "09:00:01")
}

func TestBrowserPeople(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	b.open("page/contacts")
	b.sees("#list", "in all")
	b.do(chromedp.SendKeys(chromedp.CSS("[name=text]"), "john"+kb.Enter), chromedp.WaitVisible(chromedp.CSS(`.filter a`)))
	b.sees("#list", "John")
	if got := eval[string](b, "document.querySelector('.pager').innerText"); strings.Contains(got, " of ") {
		t.Errorf("the pager says %s", got)
	}
	b.open("page/users?text=offline")
	id := strings.TrimPrefix(eval[string](b, "document.querySelector('#list tbody tr').id"), "user-")
	b.open("page/users")
	b.click("#app-" + id)
	b.sees("#user-"+id, "Close app")
	for _, c := range [][2]string{{"on_a_break", "do not disturb"}, {"available", "always opened"}, {"unavailable", "do not disturb"}} {
		b.set("#user-"+id+" select", c[0])
		b.click("#set-" + id)
		b.sees("#user-"+id, c[1])
		if got := eval[string](b, "document.querySelector('#user-"+id+" select').value"); got != c[0] {
			t.Errorf("after %s the list says %s", c[0], got)
		}
	}
	b.open("page/numbers")
	b.sees("#list", "+44")
	b.open("page/tags")
	b.sees("#list", "Follow Up")
	b.open("page/tags?account=default")
	b.set("#account", "sales")
	b.click(".switch button")
	b.until("document.title === 'Tags · sales · fake Aircall'")
	b.sees("#list", "Follow Up")
}

func TestBrowserWebhooks(t *testing.T) {
	got := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { got <- req.URL.Path }))
	defer receiver.Close()
	srv := fake(t, func(o *fakeaircall.Options) { o.Speed = 1 })
	b := browse(t, srv)
	b.open("page/webhooks")
	b.sees("#deliveries", "No deliveries")
	call(t, srv, "POST", "/v1/webhooks", `{"custom_name":"x","url":"`+receiver.URL+`/hook","events":["contact.created"]}`)
	call(t, srv, "POST", "/v1/contacts", `{"first_name":"Ann","phone_numbers":[{"label":"Work","value":"+33199001234"}]}`)
	b.sees("#list", "/hook")
	b.sees("#deliveries", "1 delivered")
	b.click("#deliveries details summary")
	b.sees("#deliveries pre", `"event":"contact.created"`)
	b.click("#deliveries form button")
	b.sees("#deliveries", "2 delivered")
	for range 2 {
		select {
		case path := <-got:
			if path != "/hook" {
				t.Errorf("posted to %s", path)
			}
		case <-b.ctx.Done():
			t.Fatal("it was not posted")
		}
	}
	b.set("[name=state]", "failed")
	b.click("//button[text()='Filter']")
	b.sees("#deliveries", "No deliveries")
}

func TestBrowserRequests(t *testing.T) {
	srv := fake(t, func(o *fakeaircall.Options) { o.RequestLog = 5000 })
	fill(t, srv, 5000)
	b := browse(t, srv)
	start := time.Now()
	b.open("page/requests")
	took := time.Since(start)
	t.Logf("5,000 requests are there after %s", took)
	if took > 5*time.Second {
		t.Errorf("5,000 requests are there after %s", took)
	}
	if n := eval[int](b, "document.querySelectorAll('#list tbody tr').length"); n != 100 {
		t.Errorf("%d rows", n)
	}
	call(t, srv, "POST", "/v1/contacts", `{"first_name":"O'Neil","firstname":"x","phone_numbers":[{"label":"Work","value":"+33199001234"}]}`)
	call(t, srv, "GET", "/v1/contact", "")
	b.sees("#list", "/v1/contact") // live
	b.click("#list [rel=next]")
	b.until("location.search.includes('before=') && document.querySelectorAll('#list tbody tr').length === 100")
	b.open("page/requests")
	b.click("[name=unknown]")
	b.click("//button[text()='Filter']")
	b.until("document.querySelectorAll('#list tbody tr').length === 2")
	b.sees("#list", "unknown route")
	b.set("[name=only]", "true")
	b.click("//button[text()='Filter']")
	b.until("document.querySelectorAll('#list tbody tr').length === 1")
	b.sees("#list", `create-a-contact has no parameter "firstname"; perhaps first_name`)
	b.do(chromedp.SendKeys(chromedp.CSS("[name=op]"), "create-a-contact"+kb.Enter))
	b.until("document.querySelectorAll('#list tbody tr').length === 1")
	b.click("#list a.path")
	b.sees("#curl", `curl -s -u "$AIRCALL_API_ID:$AIRCALL_API_TOKEN" -X POST`)
	b.sees("#sent", `"first_name": "O'Neil"`)
	b.sees("#reply", `"contact": {`)
	b.sees(".about", "firstname")
	b.do(chromedp.WaitVisible(chromedp.CSS("[data-copy]")))
	b.click("[data-copy]")
	b.until("['Copied', 'Select and copy it'].includes(document.querySelector('[data-copy]').textContent)")
}

func TestBrowserFaults(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	b.open("page/faults")
	eval[bool](b, "window.stays = true")
	b.do(chromedp.SendKeys(chromedp.CSS("[name=op]"), "ping"), chromedp.SendKeys(chromedp.CSS("#add [name=status]"), "429"), chromedp.SendKeys(chromedp.CSS("#add [name=times]"), "2"))
	b.click("#add summary")
	b.do(chromedp.SendKeys(chromedp.CSS("#add [name=retry_after]"), "30s"), chromedp.SendKeys(chromedp.CSS("#add [name=method]"), "GET"))
	b.click("#add > button")
	b.sees("#fault-1", "answers 429")
	call(t, srv, "GET", "/v1/ping", "")
	b.sees("#fault-1 [data-label=Applied]", "1")
	b.click("#remove-fault-1")
	b.sees("#list", "No faults")
	for range 2 {
		if _, err := srv.AddFault(fakeaircall.Fault{Op: "ping", Delay: time.Second}); err != nil {
			t.Fatal(err)
		}
	}
	b.sees("#fault-3", "waits 1s")
	b.click("#clear")
	b.sees("#list", "No faults")
	if n := len(srv.Faults()); n != 0 || !eval[bool](b, "window.stays === true") {
		t.Errorf("%d faults are left, or the page was loaded again", n)
	}
}

func TestBrowserClock(t *testing.T) {
	srv := fake(t, func(o *fakeaircall.Options) { o.RateLimit = 2 })
	b := browse(t, srv)
	b.open("page/clock")
	call(t, srv, "GET", "/v1/ping", "")
	b.sees("#facts", "1 of 2 per minute")
	call(t, srv, "GET", "/v1/ping", "")
	b.sees("#facts", "the next is refused")
	b.click("[value='1m']")
	b.sees("#now", "2026-06-15 09:01:00")
	b.sees("#facts", "0 of 2 per minute")
	b.do(chromedp.SendKeys(chromedp.CSS("#advance [name=advance]"), "1h30m"+kb.Enter))
	b.sees("#now", "2026-06-15 10:31:00")
	b.set("#set [name=set]", "2026-06-16T08:00")
	b.click("#set button")
	b.sees("#now", "2026-06-16 08:00:00")
	b.set("#speed [name=speed]", "60")
	b.click("#speed button")
	b.sees("#now", "60 times the speed")
	b.click("#reset") // held back by the browser until it is confirmed
	if srv.Now().Before(monday.Add(time.Hour)) {
		t.Error("reset without a yes")
	}
	b.click(".danger [type=checkbox]")
	b.click("#reset")
	b.sees("#now", "2026-06-15 09:00:00")
}

func TestBrowserSnapshots(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	b.open("page/snapshots")
	b.sees("#list", "No snapshots")
	b.do(chromedp.SendKeys(chromedp.CSS("#save [name=name]"), "before"))
	b.click("#save button")
	b.sees("#snapshot-before", "2026-06-15 09:00:00")
	call(t, srv, "POST", "/v1/tags", `{"name":"New one","color":"#00ff00"}`)
	b.click("#snapshot-before a")
	b.sees("#list", "before and now")
	b.sees("#list", "New one")
	call(t, srv, "POST", "/v1/contacts/5678", `{"information":"changed"}`)
	b.sees("#list", "changed: information")
	srv.Advance(time.Hour)
	b.sees("#facts", "10:00:00")
	b.click("//a[text()='Also the clock, counters and logs']")
	b.sees("#list", "clock")
	b.click("//a[text()='Only what somebody changed']")
	b.until("!location.search.includes('all=') && document.querySelector('#list')?.innerText.includes('changed: information')")
	b.click("#restore-before")
	b.sees("#facts", "2026-06-15 09:00:00")
	b.sees("#list", "No differences")
	if got := call(t, srv, "GET", "/v1/tags?per_page=50", ""); strings.Contains(got, "New one") {
		t.Error("the tag is there after the snapshot was restored")
	}
	b.click("#forget-before")
	b.sees("#list", "No snapshots")
}

// All is reached by keys, in an order that makes sense.
func TestBrowserKeys(t *testing.T) {
	srv := fake(t)
	id, err := srv.Simulate("", fakeaircall.SimulatedCall{})
	if err != nil {
		t.Fatal(err)
	}
	b := browse(t, srv)
	b.open("")
	focus := func() string { return eval[string](b, "document.activeElement.textContent.trim().slice(0, 20)") }
	b.do(chromedp.KeyEvent(kb.Tab))
	if got := focus(); got != "Skip to Calls" {
		t.Errorf("first comes %q", got)
	}
	if y := eval[float64](b, "document.activeElement.getBoundingClientRect().top"); y < 0 {
		t.Error("the link that skips is not seen when it has the focus")
	}
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if got := focus(); got != "Answer" {
		t.Errorf("after skipping comes %q", got)
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(fmt.Sprintf("document.querySelector('#live #call-%d.answered')", id))
	unnamed := eval[string](b, `[...document.querySelectorAll("button, input:not([type=hidden]), select, summary, a")]
		.filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim() || (e.labels && e.labels.length))).map((e) => e.outerHTML).join("\n")`)
	if unnamed != "" {
		t.Errorf("without a name: %s", unnamed)
	}
}

// Reading and the buttons need no script.
func TestBrowserWithoutScript(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.try(err)
	b.do(chromedp.Navigate(b.base+"/_fake/"), chromedp.WaitVisible(chromedp.CSS("#ring button")))
	b.do(chromedp.SendKeys(chromedp.CSS("#ring [name=party]"), "+33199000042"))
	b.click("#ring button")
	const row = "//tr[contains(@class, '%s')][contains(., '+33 1 99 00 00 42')]"
	b.do(chromedp.WaitVisible(chromedp.Search(fmt.Sprintf(row, "ringing"))))
	b.click(fmt.Sprintf(row, "ringing") + "/following-sibling::tr[1]//button[text()='Answer']")
	b.do(chromedp.WaitVisible(chromedp.Search(fmt.Sprintf(row, "answered"))))
	b.do(chromedp.SendKeys(chromedp.CSS("#ring [name=party]"), "nobody"))
	b.click("#ring button")
	b.do(chromedp.WaitVisible(chromedp.CSS("#notice [role=alert]")))
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if b.try(err); !strings.HasSuffix(at, "/_fake/page/do/simulate-call") {
		t.Errorf("the refusal is at %s", at)
	}
}

// With a control token a browser is asked for it once, and everything works as without.
func TestBrowserToken(t *testing.T) {
	srv := fake(t, func(o *fakeaircall.Options) { o.Control = control.Options{Page: true, Token: "canary"}.New })
	b := browse(t, srv)
	b.do(chromedp.Navigate(strings.Replace(b.base, "http://", "http://any:canary@", 1)+"/_fake/"), chromedp.WaitReady(chromedp.CSS("html[data-follows]")))
	id, err := srv.Simulate("", fakeaircall.SimulatedCall{})
	if err != nil {
		t.Fatal(err)
	}
	b.sees(fmt.Sprintf("#live #call-%d", id), "ringing")
	b.click(fmt.Sprintf("#answer-%d", id))
	b.sees(fmt.Sprintf("#live #call-%d", id), "answered")
	b.open("page/tags")
	b.sees("#list", "Follow Up")
	if html := eval[string](b, "document.documentElement.outerHTML"); strings.Contains(html, "canary") {
		t.Error("the token is in the page")
	}
}

// A page that nobody sees holds no connection.
func TestBrowserStreamsEnd(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	b.open("")
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.try(chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}

// A person with a keyboard alone makes a contact, changes and deletes it, without the page being loaded again.
func TestBrowserEdits(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	contacts := func(text string) int {
		t.Helper()
		_, total, err := srv.Account("").Contacts(fakeaircall.Query{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return total
	}
	keys := func(keys ...string) { b.do(chromedp.KeyEvent(strings.Join(keys, ""))) }
	b.open("page/contacts")
	eval[bool](b, "window.stays = true")
	b.do(chromedp.Focus(chromedp.CSS("#new summary")))
	keys(kb.Enter, kb.Tab, "Zoe", kb.Tab, "Zimmer", kb.Tab, kb.Tab, "+33199001234", kb.Enter)
	b.sees("#told", "Create contact: done")
	b.sees("#list", "Zoe Zimmer")
	if !eval[bool](b, "window.stays === true") {
		t.Error("the page was loaded again")
	}
	b.do(chromedp.Focus(chromedp.CSS("#list a")))
	keys(kb.Enter)
	b.sees("#edit", "Edit Zoe Zimmer")
	b.until("document.readyState === 'complete' && document.documentElement.dataset.follows")
	keys(kb.Tab, kb.Tab, kb.Tab) // the address ends in #edit: Close, first name, last name
	b.until("document.activeElement.name === 'last_name'")
	keys("X", kb.Enter)
	b.sees("#told", "Save: done")
	b.until("!document.getElementById('edit')")
	if contacts("Zoe X") != 1 {
		t.Errorf("the contact is not renamed: %s", b.text("#list"))
	}
	b.click("#list a")
	b.do(chromedp.SendKeys(chromedp.CSS("#edit [placeholder='new e-mail']"), "zoe@acme.test"+kb.Enter))
	b.sees("#list", "zoe@acme.test")
	b.sees("#edit", "Edit Zoe X")
	b.until("document.querySelectorAll('#edit .detail').length === 4")
	b.click("#delete")
	b.until("!document.getElementById('edit')")
	b.until("!document.querySelector('#notice > *')")
	if contacts("Zoe X") != 0 {
		t.Error("the contact is still there")
	}
	srv.Advance(0) // the page follows, and does not look for the form of the contact
	b.until("!location.search.includes('edit=')")
}

func TestBrowserEvents(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	call(t, srv, "POST", "/v1/webhooks", `{"url":"http://127.0.0.1:1/hook","events":["contact.updated"]}`)
	b.open("page/events")
	call(t, srv, "POST", "/v1/contacts/5678", `{"first_name":"Zoe"}`)
	b.sees("#list", "contact.updated")
	b.click("#payload-1 summary")
	b.sees("#payload-1", `"first_name": "Zoe"`)
	b.click("#send-1")
	b.sees("#told", "Send again: done")
	b.until("document.querySelector('#payload-1').open")
	if list, err := srv.Deliveries(""); err != nil || len(list) != 2 {
		t.Errorf("the deliveries are %v %v", list, err)
	}
}

// In every view the Tab key reaches every control once, in the order of the page, shows where it is, and comes out again.
func TestBrowserTab(t *testing.T) {
	srv := fake(t)
	call(t, srv, "POST", "/v1/webhooks", `{"url":"http://127.0.0.1:1/hook","events":["contact.updated"]}`)
	call(t, srv, "POST", "/v1/contacts/5678", `{"first_name":"Zoe"}`)
	did(t, srv, "simulate-call")
	did(t, srv, "save-snapshot", "name", "noon")
	b := browse(t, srv)
	for _, path := range append(menu, "page/request?seq=2", "page/webhooks?edit="+editLink(t, srv, "page/webhooks"), "page/nothing") {
		b.open(path)
		eval[string](b, "document.querySelectorAll('#list tr').forEach((row, i) => { if (i > 5) row.remove(); }) || ''") // rows are alike
		want := eval[int](b, `window.all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")].filter((e) => e.checkVisibility()), window.all.length`)
		order := -1
		for order < want-1 {
			b.do(chromedp.KeyEvent(kb.Tab))
			got := eval[string](b, `(() => {
				const at = document.activeElement, style = getComputedStyle(at), n = window.all.indexOf(at), box = at.getBoundingClientRect();
				const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.bottom > 0 && box.top < innerHeight;
				return n + (shown ? "" : " not shown: " + at.outerHTML.slice(0, 200));
			})()`)
			var at int
			if _, err := fmt.Sscan(got, &at); err != nil || at != order && at != order+1 || strings.Contains(got, "not shown") {
				t.Errorf("%s: Tab goes from %d of %d to %s", path, order, want, got)
				break
			}
			order = at // the same again in a field for a time, which has several parts
		}
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[bool](b, "window.all.slice(1).includes(document.activeElement)") {
			t.Errorf("%s: Tab does not leave the page", path)
		}
	}
}

// A page that is older than the fake sends a form at the second try, since the reply has the new token.
func TestBrowserRestartedFake(t *testing.T) {
	srv := fake(t)
	b := browse(t, srv)
	b.open("")
	eval[string](b, "document.querySelectorAll('[name=csrf]').forEach((field) => { field.value = 'old'; }) || ''")
	b.click("#ring button")
	b.sees("#notice", "the fake was restarted since")
	b.click("#ring button")
	b.until("document.querySelector('#live tr.call.ringing')")
	b.until("!document.querySelector('#notice > *')")
}

// A day beside the page: own data, a webhook, a fault, a typing error, a comparison.
func TestBrowserWorkingDay(t *testing.T) {
	got := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { got <- req.URL.Path }))
	defer receiver.Close()
	srv := fake(t, func(o *fakeaircall.Options) {
		o.Speed = 1
		o.Fixtures = map[string]fakeaircall.Fixtures{"default": {Contacts: []fakeaircall.ContactFixture{{
			ID: 77, FirstName: new("Ada"), LastName: new("Lovelace"), PhoneNumbers: []fakeaircall.DetailFixture{{Label: new("Work"), Value: new("+33199000077")}},
		}}}}
	})
	b := browse(t, srv)
	b.open("page/contacts")
	b.sees("main", "Ada Lovelace")

	// The own program receives an event.
	b.open("page/webhooks")
	b.click(".new summary")
	b.do(chromedp.SendKeys(chromedp.CSS(".new [name=url]"), receiver.URL+"/aircall"))
	b.click(".new button")
	b.sees("#list", "/aircall")
	call(t, srv, "POST", "/v1/contacts/77", `{"information":"mathematician"}`)
	b.sees("#deliveries", "contact.updated")
	select {
	case path := <-got:
		if path != "/aircall" {
			t.Errorf("posted to %s", path)
		}
	case <-b.ctx.Done():
		t.Fatal("it was not posted")
	}

	// Aircall refuses once.
	b.open("page/faults")
	b.do(chromedp.SendKeys(chromedp.CSS("[name=op]"), "retrieve-a-contact"), chromedp.SendKeys(chromedp.CSS("#add [name=status]"), "429"), chromedp.SendKeys(chromedp.CSS("#add [name=times]"), "1"))
	b.click("#add > button")
	b.sees("#fault-1", "answers 429")
	call(t, srv, "GET", "/v1/contacts/77", "")
	call(t, srv, "GET", "/v1/contacts/77", "")
	call(t, srv, "GET", "/v1/contacts?perpage=5", "")
	b.open("page/requests")
	b.sees("#list", "429")
	b.sees("#list", `list-all-contacts has no parameter "perpage"; perhaps per_page`)

	// What did a program change?
	b.open("page/snapshots")
	b.do(chromedp.SendKeys(chromedp.CSS("#save [name=name]"), "before"))
	b.click("#save button")
	b.click("#snapshot-before a")
	b.sees("#list", "No differences")
	call(t, srv, "POST", "/v1/contacts/77", `{"company_name":"Analytical"}`)
	b.sees("#list", "contacts/77")
	b.sees("#list", "changed: company_name")
	b.click("#restore-before")
	b.sees("#list", "No differences")
}
