package fakeaircall

import (
	"strings"
	"testing"
	"time"
)

// Failures in a row disable a webhook; from then on no events are generated for
// it, until one of those that failed gets through.
func TestWebhookDisabledAndHealed(t *testing.T) {
	for answer, most := range map[string]int{"50": 50, "10": 10} {
		srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, RateLimit: NoRateLimit, Assume: map[string]string{"webhook-deactivation": answer}}))
		w, r := world{srv, t}, newReceiver(t, always(500))
		hookTo(t, srv, r.URL)
		active := func() string { return w.get("/v1/webhooks").at("webhooks.0.active") }
		w.tell(most - 1)
		w.Advance(0)
		if active() != "true" {
			t.Errorf("%s: disabled too early", answer)
		}
		w.tell(1)
		w.Advance(0)
		if active() != "false" {
			t.Errorf("%s: not disabled", answer)
		}
		w.tell(3)
		if n := w.totals(); n.Pending != uint64(most) {
			t.Errorf("%s: %d wait", answer, n.Pending)
		}
		r.turn(always(200))
		w.Advance(time.Second)
		if active() != "true" {
			t.Errorf("%s: not healed", answer)
		}
		if n := w.totals(); n != (DeliveryTotals{Delivered: uint64(most)}) {
			t.Errorf("%s: %+v", answer, n)
		}
		r.take()
		w.tell(1)
		w.Advance(0)
		if len(r.take()) != 1 {
			t.Errorf("%s: a healed webhook gets no events", answer)
		}
	}
}

// Twelve hours after it was disabled a webhook is given up, but for what is sent
// once more by hand.
func TestWebhookGivenUp(t *testing.T) {
	w, r := empty(t), newReceiver(t, always(500))
	hookTo(t, w.Server, r.URL)
	w.tell(50)
	w.Advance(0)
	w.change(func(t *tx) { t.webhooks.order[0].Disabled = t.now.Add(-12 * time.Hour) })
	r.take()
	r.turn(always(200))
	w.Advance(time.Second)
	if n := w.totals(); n != (DeliveryTotals{Failed: 50}) || len(r.take()) != 0 {
		t.Errorf("%+v", n)
	}
	if _, err := w.Redeliver(w.deliveries()[0].ID); err != nil {
		t.Fatal(err)
	}
	w.Advance(0)
	if n := w.totals(); n.Delivered != 1 || w.get("/v1/webhooks").at("webhooks.0.active") != "true" {
		t.Errorf("%+v", n)
	}
}

// One success begins the count anew, also between failures of others.
func TestFailuresInARow(t *testing.T) {
	n := 0
	w, r := empty(t), newReceiver(t, func(posted) int { n++; return map[bool]int{true: 200, false: 500}[n%40 == 0] })
	hookTo(t, w.Server, r.URL)
	w.tell(210) // the last ten fail
	w.Advance(0)
	if got := w.get("/v1/webhooks").at("webhooks.0.active"); got != "true" {
		t.Error("39 failures and a success, five times, disable a webhook")
	}
}

// A client can disable a webhook, enable it again, change its URL or delete it.
func TestWebhookChangedByHand(t *testing.T) {
	w, r, other := empty(t), newReceiver(t, always(500)), newReceiver(t, always(200))
	made := w.send("POST", "/v1/webhooks", `{"url":"`+r.URL+`","events":["contact.updated"]}`)
	path := "/v1/webhooks/" + made.text("webhook.webhook_id")
	w.tell(50)
	w.Advance(0)
	if w.get(path).at("webhook.active") != "false" {
		t.Fatal("not disabled")
	}
	w.send("PUT", path, `{"active":true}`).wantStatus(200)
	if got := len(strings.Split(w.get(path).at("webhook.events"), ",")); got != len(events) {
		t.Errorf("%d events after an update without events", got)
	}
	w.tell(1)
	w.Advance(0)
	if w.get(path).at("webhook.active") != "true" {
		t.Error("enabled by hand, and disabled by one more failure")
	}
	w.Advance(2 * time.Second) // one retry each
	if w.get(path).at("webhook.active") != "false" {
		t.Error("fifty failures after it was enabled by hand")
	}
	w.send("PUT", path, `{"active":true,"url":"`+other.URL+`"}`)
	w.Advance(3 * time.Second)
	if got := other.take(); len(got) != 51 {
		t.Errorf("%d retries came to the new url", len(got))
	}
	other.turn(always(500))
	w.tell(1)
	w.Advance(0)
	w.send("PUT", path, `{"active":false}`)
	w.Advance(time.Hour)
	if got := other.take(); len(got) != 1 || w.get(path).at("webhook.active") != "false" {
		t.Errorf("%d attempts of a webhook set to inactive", len(got))
	}
	w.send("PUT", path, `{"active":true}`)
	w.tell(1)
	w.Advance(0)
	w.send("DELETE", path, "").wantStatus(204)
	w.Advance(time.Hour)
	if got := other.take(); len(got) != 1 {
		t.Errorf("%d attempts of a deleted webhook", len(got))
	}
	if n := w.totals(); n != (DeliveryTotals{Delivered: 51, Dropped: 2}) {
		t.Errorf("%+v", n)
	}
}
