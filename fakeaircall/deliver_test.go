package fakeaircall

import (
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/google/go-cmp/cmp"
)

// A receiver is the server of a webhook. answer returns the status of its reply; 0 means that it never replies.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []posted
	answer func(posted) int
	more   chan struct{}
}

type posted struct {
	header http.Header
	url    string
	body   string
}

func newReceiver(t testing.TB, answer func(posted) int) *receiver {
	t.Helper()
	r := &receiver{answer: answer, more: make(chan struct{}, 1)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		p := posted{req.Header.Clone(), req.URL.String(), string(body)}
		r.mu.Lock()
		r.got = append(r.got, p)
		answer := r.answer
		r.mu.Unlock()
		select {
		case r.more <- struct{}{}:
		default:
		}
		status := answer(p)
		if status == 0 {
			<-req.Context().Done()
			return
		}
		if status/100 == 3 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(func() { r.CloseClientConnections(); r.Close() })
	return r
}

func always(status int) func(posted) int { return func(posted) int { return status } }

func (r *receiver) turn(answer func(posted) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

// take returns the requests since the last call.
func (r *receiver) take() []posted {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

func bodiesOf(got []posted) (list []string) {
	for _, p := range got {
		list = append(list, p.body)
	}
	return list
}

// tell emits so many events, numbered from 1.
func (w world) tell(n int) {
	w.t.Helper()
	w.change(func(t *tx) {
		for i := range n {
			t.emit("contact.updated", raw(fmt.Sprintf(`{"id":%d}`, i+1)))
		}
	})
}

func (w world) totals() DeliveryTotals {
	w.t.Helper()
	n, err := w.DeliveryTotals("default")
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w world) deliveries() []Delivery {
	w.t.Helper()
	list, err := w.Deliveries("default")
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// A delivery has the recorded headers and no others, keeps the query, and is not
// signed.
func TestDeliveryOnTheWire(t *testing.T) {
	w, r := empty(t), newReceiver(t, always(200))
	made := w.send("POST", "/v1/webhooks", `{"url":"`+r.URL+`/hook?key=a%20b&x=1","events":["contact.created"]}`).wantStatus(201)
	w.send("POST", "/v1/webhooks", `{"url":"`+strings.Replace(r.URL, "//", "//ann:secret@", 1)+`/own","events":["contact.deleted"]}`).wantStatus(201)
	w.send("POST", "/v1/contacts", `{"first_name":"<Ann> & co","phone_numbers":[{"label":"Work","value":"+4520000009"}]}`).wantStatus(201)
	w.Advance(0)
	got := r.take()
	if len(got) != 1 || got[0].url != "/hook?key=a%20b&x=1" {
		t.Fatalf("got %+v", got)
	}
	want := `{"resource":"contact","event":"contact.created","timestamp":1772452800,"token":"` + made.text("webhook.token") + `","data":` + w.last("contact.created").body + `}`
	if diff := cmp.Diff(want, got[0].body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if !strings.Contains(got[0].body, `"\u003cAnn\u003e \u0026 co"`) {
		t.Errorf("not escaped: %s", got[0].body)
	}
	h := got[0].header
	for name, want := range map[string]string{"Content-Type": "application/json", "Aircall-Origin": "webhooks", "User-Agent": "axios/1.7.9"} {
		if h.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, h.Get(name), want)
		}
	}
	names := []string{}
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"Aircall-Origin", "Content-Length", "Content-Type", "Tracestate", "User-Agent", "X-Datadog-Parent-Id", "X-Datadog-Trace-Id"}; !slices.Equal(names, want) {
		t.Errorf("headers %q, want %q", names, want)
	}
	w.send("DELETE", "/v1/contacts/"+w.last("contact.created").at("id"), "").wantStatus(204)
	w.Advance(0)
	if got := r.take(); len(got) != 1 || got[0].header.Get("Authorization") != "Basic YW5uOnNlY3JldA==" {
		t.Errorf("got %+v", got)
	}
	d := w.deliveries()
	if strings.Contains(d[1].URL, "secret") {
		t.Errorf("%s", d[1].URL)
	}
	if len(d) != 2 || d[0].State != DeliveryDelivered || d[0].Webhook != made.text("webhook.webhook_id") || !strings.HasSuffix(d[0].URL, "/hook?key=[removed]&x=[removed]") ||
		len(d[0].Attempts) != 1 || d[0].Attempts[0].Status != 200 || strings.Contains(string(d[0].Body), made.text("webhook.token")) {
		t.Errorf("delivery %+v", d)
	}
}

// Success is a 2xx. Everything else is tried again, and no redirect is followed.
func TestDeliverySuccess(t *testing.T) {
	for status, ok := range map[int]bool{200: true, 201: true, 204: true, 299: true, 301: false, 302: false, 307: false, 400: false, 404: false, 410: false, 500: false, 503: false} {
		w, r := empty(t), newReceiver(t, always(status))
		hookTo(t, w.Server, r.URL)
		w.tell(1)
		w.Advance(0)
		d := w.deliveries()[0]
		if want := map[bool]DeliveryState{true: DeliveryDelivered, false: DeliveryRetrying}[ok]; d.State != want || d.Attempts[0].Status != status {
			t.Errorf("%d: %s, %+v", status, d.State, d.Attempts)
		}
		if got := r.take(); len(got) != 1 {
			t.Errorf("%d: %d requests", status, len(got))
		}
	}
	w := empty(t)
	gone := httptest.NewServer(nil)
	gone.Close()
	hookTo(t, w.Server, gone.URL+"/?key=secret")
	hookTo(t, w.Server, "https://hooks.acme.test/?key=secret")
	hookTo(t, w.Server, "https://api.example.com/?key=secret")
	w.tell(1)
	w.Advance(0)
	for i, words := range []string{"connection refused", "reserved for examples", "reserved for examples"} {
		a := w.deliveries()[i].Attempts[0]
		if !strings.Contains(a.Error, words) || strings.Contains(a.Error, "secret") {
			t.Errorf("error %q, want one about %q", a.Error, words)
		}
	}
}

// offsets returns when a delivery was attempted, in seconds after the first time.
func offsets(d Delivery) (list []int) {
	for _, a := range d.Attempts {
		list = append(list, int(a.At.Sub(d.Attempts[0].At)/time.Second))
	}
	return list
}

// A failing receiver is tried fifty times more within twelve hours, and disabled.
func TestDeliveryRetries(t *testing.T) {
	w, r := empty(t), newReceiver(t, always(500))
	hookTo(t, w.Server, r.URL)
	w.tell(1)
	w.Advance(12 * time.Hour)
	d := w.deliveries()[0]
	got := offsets(d)
	if len(got) != 51 || !slices.Equal(got[:13], []int{0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 3071}) || got[50] != 41_983 {
		t.Errorf("%d attempts at %v", len(got), got)
	}
	if d.State != DeliveryFailed || w.get("/v1/webhooks").at("webhooks.0.active") != "false" {
		t.Errorf("%s", d.State)
	}
	if n := w.totals(); n != (DeliveryTotals{Failed: 1}) {
		t.Errorf("%+v", n)
	}
	if len(r.take()) != 51 {
		t.Error("not 51 requests")
	}
}

// A receiver that hangs has five seconds of the clock, and others do not wait for it.
func TestDeliveryTimeout(t *testing.T) {
	w, hung, well := empty(t), newReceiver(t, always(0)), newReceiver(t, always(200))
	hookTo(t, w.Server, hung.URL)
	hookTo(t, w.Server, well.URL)
	w.tell(2)
	w.Advance(4900 * time.Millisecond)
	if got := well.take(); len(got) != 2 {
		t.Errorf("%d came to the one that answers", len(got))
	}
	if n := w.totals(); n != (DeliveryTotals{Pending: 2, Delivered: 2}) {
		t.Errorf("before five seconds %+v", n)
	}
	w.Advance(100 * time.Millisecond)
	for _, d := range w.deliveries() {
		if d.State != DeliveryDelivered && (len(d.Attempts) != 1 || !strings.Contains(d.Attempts[0].Error, "5 seconds") || d.Attempts[0].Took != 5*time.Second) {
			t.Errorf("after five seconds %+v", d)
		}
	}
	hung.turn(always(200))
	for range 100 { // one that has hung is waited for three milliseconds, in which it need not get to answer
		if w.Advance(time.Second); w.totals().Pending == 0 {
			break
		}
	}
	if n := w.totals(); n != (DeliveryTotals{Delivered: 4}) {
		t.Errorf("when it answers again %+v", n)
	}
}

// A receiver that hangs for an hour costs neither memory nor much time.
func TestHungForAnHour(t *testing.T) {
	w, hung, well := empty(t), newReceiver(t, always(0)), newReceiver(t, always(200))
	hookTo(t, w.Server, hung.URL)
	hookTo(t, w.Server, well.URL)
	const rounds = 60
	for range rounds {
		w.tell(50)
		w.Advance(time.Minute)
		if got := len(well.take()); got != 50 {
			t.Fatalf("%d of 50 came to the one that answers", got)
		}
	}
	n := w.totals()
	if n.Pending > maxHookPending || n.Delivered != 50*rounds {
		t.Errorf("%+v", n)
	}
	w.change(func(t *tx) {
		if k := t.deliveries.over.len(); k > maxDelivered || t.schedule.timers.len() > 2*maxHookPending {
			w.t.Errorf("%d that are over and %d timers", k, t.schedule.timers.len())
		}
	})
}

// Deliveries above the limit are dropped and counted.
func TestDeliveryQueueBounded(t *testing.T) {
	w, hung := empty(t), newReceiver(t, always(0))
	for range 12 {
		hookTo(t, w.Server, hung.URL)
	}
	w.tell(maxHookPending + 100)
	n := w.totals()
	if want := (DeliveryTotals{Pending: maxPending, Dropped: 12*(maxHookPending+100) - maxPending}); n != want {
		t.Errorf("%+v, want %+v", n, want)
	}
	list := w.deliveries()
	if len(list) != maxPending+maxDelivered || list[len(list)-1].State != DeliveryDropped || list[len(list)-1].Attempts[0].Error != "too many deliveries wait" {
		t.Errorf("%d deliveries, the last %+v", len(list), list[len(list)-1])
	}
}

// One webhook gets its events in the order in which they happened.
func TestDeliveryOrder(t *testing.T) {
	w, r := empty(t), newReceiver(t, always(200))
	hookTo(t, w.Server, r.URL)
	w.tell(500)
	w.Advance(0)
	for i, p := range r.take() {
		if !strings.HasSuffix(p.body, fmt.Sprintf(`"data":{"id":%d}}`, i+1)) {
			t.Fatalf("at %d %s", i+1, p.body)
		}
	}
}

// With Duplicates and Shuffle, deliveries come twice and in another order, the same for the same seed.
func TestDuplicatesAndShuffle(t *testing.T) {
	run := func(seed int64) (ids []string) {
		srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Seed: seed, Deliveries: DeliveryOptions{Duplicates: 30, Shuffle: 10 * time.Second}}))
		w, r := world{srv, t}, newReceiver(t, always(200))
		hookTo(t, srv, r.URL)
		w.tell(100)
		w.Advance(10 * time.Second)
		for _, p := range r.take() {
			_, data, _ := strings.Cut(p.body, `"data":`)
			ids = append(ids, data)
		}
		return ids
	}
	first, second, other := run(1), run(1), run(2)
	if !slices.Equal(first, second) || slices.Equal(first, other) {
		t.Error("the seed does not decide")
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(first)))
	if len(first) < 110 || len(first) > 160 || len(sorted) != 100 {
		t.Errorf("%d deliveries of %d events", len(first), len(sorted))
	}
	if first[0] == `{"id":1}}` && first[1] == `{"id":2}}` && first[2] == `{"id":3}}` {
		t.Errorf("in order: %q", first[:5])
	}
	for _, o := range []DeliveryOptions{{Duplicates: 101}, {Duplicates: -1}, {Shuffle: -1}, {Shuffle: 2 * time.Hour}} {
		if _, err := New(checked(t, Options{Deliveries: o})); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

// The event of an app's removal goes to the webhooks of the app, which do not exist after it.
func TestIntegrationDeleted(t *testing.T) {
	w, r, own := empty(t), newReceiver(t, always(200)), newReceiver(t, always(500))
	w.send("POST", "/v1/webhooks", `{"url":"`+r.URL+`"}`).wantStatus(201)
	w.sendAs(asApp, "POST", "/v1/webhooks", `{"url":"`+own.URL+`"}`).wantStatus(201)
	if err := w.Uninstall("default", "fake-client-id"); err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Second)
	if got := r.take(); len(got) != 0 {
		t.Errorf("the webhook of the API key got %+v", got)
	}
	if got := own.take(); len(got) != 2 || !strings.HasPrefix(got[1].body, `{"resource":"integration","event":"integration.deleted","timestamp":1772452800,`) {
		t.Errorf("the webhook of the app got %+v", got)
	}
}

// The callback of a line past the inbox has a different envelope, and one attempt.
func TestCallback(t *testing.T) {
	w, r, hook := messaged(t), newReceiver(t, always(500)), newReceiver(t, always(200))
	hookTo(t, w.Server, hook.URL)
	w.send("POST", "/v1/numbers/2/messages/configuration", `{"callbackUrl":"`+r.URL+`/cb"}`).wantStatus(200)
	w.send("POST", "/v1/numbers/2/messages/send", `{"to":"+33639980001","body":"Hi"}`).wantStatus(200)
	w.change(func(t *tx) { t.receive(message{Line: 2, ID: "m1", To: []string{"+33639980001"}, Body: "Hello"}) })
	w.Advance(time.Hour)
	got := r.take()
	if len(got) != 3 || len(hook.take()) != 0 {
		t.Fatalf("%q", bodiesOf(got))
	}
	for i, want := range []string{
		`{"event_name":"message.received","timestamp":1772452800000,"token":"8f3c2a10-6b7d-4e21-9c55-0d1e2f3a4b5c","resource":"message","data":{"id":"m1",`,
		`{"event_name":"message.updated","timestamp":1772452801000,"token":"8f3c2a10-6b7d-4e21-9c55-0d1e2f3a4b5c","resource":"message","data":{`,
		`{"event_name":"message.updated","timestamp":1772452803000,`,
	} {
		if !strings.HasPrefix(got[i].body, want) {
			t.Errorf("%s, want %s…", got[i].body, want)
		}
	}
	if n := w.totals(); n != (DeliveryTotals{Failed: 3}) {
		t.Errorf("%+v", n)
	}
}

// The timestamp of an event is in seconds, of a message in milliseconds by the other answer.
func TestTimestampOfMessages(t *testing.T) {
	for answer, want := range map[string]string{"seconds": "1772452800", "milliseconds": "1772452800000"} {
		w, r := messaged(t, "event-message-timestamp", answer), newReceiver(t, always(200))
		w.send("POST", "/v1/webhooks", `{"url":"`+r.URL+`","events":["message.received","contact.created"]}`).wantStatus(201)
		if _, err := w.SimulateMessage("", SimulatedMessage{NumberID: 1, From: "+4520000001", Body: "Hi"}); err != nil {
			t.Fatal(err)
		}
		w.send("POST", "/v1/contacts", kim).wantStatus(201)
		w.Advance(time.Second)
		got := r.take()
		if len(got) != 2 {
			t.Fatalf("%q", bodiesOf(got))
		}
		for i, prefix := range []string{`{"resource":"message","event":"message.received","timestamp":` + want + `,`, `{"resource":"contact","event":"contact.created","timestamp":1772452800,`} {
			if !strings.HasPrefix(got[i].body, prefix) {
				t.Errorf("%s: %s, want %s…", answer, got[i].body, prefix)
			}
		}
	}
}

// A WhatsApp text outside the customer's window fails in the callback, by another
// name than an SMS has there.
func TestCallbackOfAFailedWhatsApp(t *testing.T) {
	w, r := messaged(t), newReceiver(t, always(200))
	w.send("POST", "/v1/numbers/2/messages/configuration", `{"type":"whatsapp","callbackUrl":"`+r.URL+`/cb"}`).wantStatus(200)
	w.send("POST", "/v1/messages/whatsapp/send", `{"lineId":2,"to":"+33639980001","text":"Hi"}`).wantStatus(200)
	w.Advance(time.Hour)
	got := r.take()
	if len(got) != 1 {
		t.Fatalf("%q", bodiesOf(got))
	}
	for _, want := range []string{`{"event_name":"message.status_updated","timestamp":1772452801000,`, `"status":"failed",`, `"raw_digits":"33639980001",`, `"error_code":63016`} {
		if !strings.Contains(got[0].body, want) {
			t.Errorf("%s, want %s", got[0].body, want)
		}
	}
}

// A delivery that succeeded or failed can be sent once more.
func TestRedeliver(t *testing.T) {
	w, r := empty(t), newReceiver(t, always(200))
	hookTo(t, w.Server, r.URL)
	w.tell(1)
	w.Advance(time.Hour)
	first := w.deliveries()[0]
	id, err := w.Redeliver(first.ID)
	if err != nil || id == first.ID {
		t.Fatal(id, err)
	}
	w.Advance(0)
	if got := r.take(); len(got) != 2 || got[0].body != got[1].body {
		t.Errorf("%q", bodiesOf(got))
	}
	if _, err := w.Redeliver(12345); err == nil {
		t.Error("what never was is sent again")
	}
	if list, err := w.Deliveries(""); err != nil || len(list) != 2 || list[1].ID != id {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := w.Deliveries("nobody"); err == nil {
		t.Error("no error for an unknown account")
	}
}

// On a running clock deliveries leave by themselves.
func TestDeliveryLive(t *testing.T) {
	for _, speed := range []float64{1, MaxSpeed} {
		srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Speed: speed, RateLimit: NoRateLimit}))
		w, r := world{srv, t}, newReceiver(t, always(200))
		hookTo(t, srv, r.URL, "contact.updated")
		w.tell(1)
		select {
		case <-r.more:
		case <-time.After(10 * time.Second):
			t.Errorf("speed %g: nothing came", speed)
		}
	}
}

// Events from everywhere at once, one receiver that hangs and an early end: nothing
// is lost without being counted.
func TestDeliveriesAtOnce(t *testing.T) {
	srv, err := New(checked(t, Options{Scale: ScaleEmpty, Clock: noon, Speed: MaxSpeed}))
	if err != nil {
		t.Fatal(err)
	}
	well, failing, hung := newReceiver(t, always(200)), newReceiver(t, always(500)), newReceiver(t, always(0))
	for _, r := range []*receiver{well, failing, hung} {
		hookTo(t, srv, r.URL, "contact.updated")
	}
	const tellers, each = 8, 25
	var wg sync.WaitGroup
	for range tellers {
		wg.Go(func() {
			for range each {
				_ = srv.accounts()[0].do(srv.Now(), func(t *tx) error { t.emit("contact.updated", raw("{}")); return nil })
			}
		})
	}
	wg.Wait()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	n := world{srv, t}.totals()
	// A webhook that is disabled meanwhile misses what happens then.
	if got := uint64(len(well.take())); got != tellers*each || n.Delivered != got || n.Pending != 0 || n.Dropped+n.Failed > 2*tellers*each || n.Dropped == 0 {
		t.Errorf("%d received, %+v", got, n)
	}
}

// Over https the certificate must be valid, here by the roots of the test.
func TestDeliveryTLS(t *testing.T) {
	r := &receiver{}
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r.Config.ErrorLog = log.New(io.Discard, "", 0) // it reports who does not trust it
	r.StartTLS()
	defer r.Close()
	roots := x509.NewCertPool()
	roots.AddCert(r.Certificate())
	for o, want := range map[DeliveryOptions]DeliveryState{
		{}: DeliveryRetrying, {RootCAs: roots}: DeliveryDelivered, {Transport: r.Client().Transport}: DeliveryDelivered,
	} {
		srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Deliveries: o}))
		w := world{srv, t}
		hookTo(t, srv, r.URL)
		w.tell(1)
		w.Advance(0)
		if d := w.deliveries()[0]; d.State != want {
			t.Errorf("%s, want %s: %+v", d.State, want, d.Attempts)
		}
	}
}

// Close waits for deliveries that can leave, reports those it dropped, and leaves nothing behind.
func TestCloseDrains(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	srv, err := New(checked(t, Options{Scale: ScaleEmpty, Clock: noon}))
	if err != nil {
		t.Fatal(err)
	}
	w, well, hung, failing := world{srv, t}, newReceiver(t, always(200)), newReceiver(t, always(0)), newReceiver(t, always(500))
	for _, r := range []*receiver{well, hung, failing} {
		hookTo(t, srv, r.URL)
	}
	w.tell(20)
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if got := len(well.take()); got != 20 {
		t.Errorf("%d of 20 left", got)
	}
	if n := w.totals(); n != (DeliveryTotals{Delivered: 20, Dropped: 40}) {
		t.Errorf("%+v", n)
	}
	w.tell(1) // goes nowhere
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	for _, r := range []*receiver{well, hung, failing} {
		r.CloseClientConnections()
		r.Close()
	}
	goleak.VerifyNone(t, leaks)
}

// The past state of an account that stale reads show delivers nothing, also if a delivery is due when it is copied.
func TestStaleReadsDeliverNothing(t *testing.T) {
	w, r := exchange(t), newReceiver(t, always(500))
	hookTo(t, w.Server, r.URL, "call.archived")
	w.send("PUT", "/v1/calls/3/archive", "").wantStatus(200)
	w.Advance(0)
	if _, err := w.AddFault(Fault{Op: "retrieve-a-call", Stale: time.Minute}); err != nil {
		t.Fatal(err)
	}
	w.clock.moveTo(w.Now().Add(time.Second)) // a retry is due, and leaves with the next request
	w.send("PUT", "/v1/calls/3/unarchive", "").wantStatus(200)
	if got := w.get("/v1/calls/3").at("call.archived"); got != "true" {
		t.Errorf("a stale read says archived %s", got)
	}
	w.Advance(0)
	if got := r.take(); len(got) != 2 {
		t.Errorf("%d attempts, want 2", len(got))
	}
}
