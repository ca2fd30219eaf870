package control

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// names lead to this machine, as a name in DNS can, and as some systems resolve numbers.
var names = []string{"fake.internal", "localhost.", "2130706433", "0x7f000001", "127.1"}

// listening makes a fake with its control API and web page that listens on all addresses of this machine. Its deliveries
// trust any certificate, and reach it by names.
func listening(t *testing.T, change ...func(*fakeaircall.Options)) (w world, port string) {
	t.Helper()
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, port, _ := net.SplitHostPort(address); slices.Contains(names, host) {
			address = "127.0.0.1:" + port
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	o := fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Clock: noon, RateLimit: fakeaircall.NoRateLimit, Control: Options{Page: true}.New}
	o.Deliveries.Transport = &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	for _, f := range change {
		f(&o)
	}
	srv, err := fakeaircall.New(checked(t, o))
	if err == nil {
		err = srv.Listen(":0")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	_, port, _ = net.SplitHostPort(strings.TrimPrefix(strings.TrimPrefix(srv.URL(), "http://"), "https://"))
	return world{srv, t}, port
}

// secured makes the fake listen with TLS.
func secured(t *testing.T) func(*fakeaircall.Options) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *fakeaircall.Options) {
		o.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	}
}

// deliver registers a webhook for changed contacts, changes a contact, and returns the first attempt to deliver that event.
func (w world) deliver(address string) fakeaircall.Attempt {
	w.t.Helper()
	ask := func(method, path, body string) {
		w.t.Helper()
		req := httptest.NewRequest(method, path, strings.NewReader(body))
		req.SetBasicAuth("fake-default-id", "fake-default-token")
		rec := httptest.NewRecorder()
		if w.Handler().ServeHTTP(rec, req); rec.Code >= 300 {
			w.t.Fatalf("%s %s %s: %d %s", method, path, body, rec.Code, rec.Body)
		}
	}
	ask("POST", "/v1/webhooks", fmt.Sprintf(`{"url":%q,"events":["contact.updated"]}`, address))
	ask("POST", "/v1/contacts/5678", `{"first_name":"Kim"}`)
	w.Advance(0)
	list, err := w.Deliveries("default")
	if err != nil || len(list) == 0 || len(list[0].Attempts) == 0 {
		w.t.Fatalf("%s: there was no attempt: %+v %v", address, list, err)
	}
	return list[0].Attempts[0]
}

// ownAddresses returns the addresses of this machine's interfaces.
func ownAddresses(t *testing.T) (list []string) {
	t.Helper()
	found, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range found {
		if ip := a.(*net.IPNet).IP; !ip.IsLinkLocalUnicast() {
			list = append(list, ip.String())
		}
	}
	return list
}

// A delivery never controls the fake that sends it, whatever the name of the fake's address in the webhook.
func TestDeliveriesCannotControl(t *testing.T) {
	hosts := slices.Concat(names, ownAddresses(t), []string{"127.0.0.1", "localhost", "127.0.0.2", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "::ffff:0:0"})
	for scheme, change := range map[string]func(*fakeaircall.Options){"http": func(*fakeaircall.Options) {}, "https": secured(t)} {
		w, port := listening(t, change)
		for _, host := range hosts {
			if scheme == "http" && host != "localhost" && !net.ParseIP(host).IsLoopback() {
				continue // such a webhook is refused
			}
			got := w.deliver(scheme + "://" + net.JoinHostPort(host, port) + "/_fake/page/do/reset")
			if got.Status != 403 && (got.Status != 0 || !strings.Contains(host, ":")) { // this machine may lack IPv6
				t.Errorf("%s://%s: %d %s", scheme, host, got.Status, got.Error)
			}
			if left, err := w.Deliveries(""); err != nil || len(left) != 1 {
				t.Errorf("%s://%s: the delivery reset the fake", scheme, host)
			}
			w.Reset()
		}
	}
}

// Neither do deliveries with the control token, to a control API on its own address, of another fake, of a sandbox, or
// that are redirected.
func TestDeliveriesCannotControlByDetours(t *testing.T) {
	const token = "secret"
	refused := func(name string, got fakeaircall.Attempt) {
		t.Helper()
		if got.Status != 403 {
			t.Errorf("%s: %d %s", name, got.Status, got.Error)
		}
	}
	w, port := listening(t, func(o *fakeaircall.Options) { o.Control = Options{Page: true, Token: token}.New })
	refused("the token", w.deliver("http://x:"+token+"@127.0.0.1:"+port+"/_fake/clock"))

	w, _ = listening(t, func(o *fakeaircall.Options) { o.Control = nil })
	h, err := Options{Page: true}.New(w.Server)
	if err == nil {
		err = w.ListenControl("127.0.0.1:0", h)
	}
	if err != nil {
		t.Fatal(err)
	}
	refused("its own address", w.deliver(w.ControlURL()+"/_fake/page/do/reset"))
	other, _ := listening(t)
	refused("another fake", other.deliver(w.ControlURL()+"/_fake/page/do/reset"))

	w, port = listening(t)
	in, err := w.StartSandbox(fakeaircall.Options{Scale: fakeaircall.ScaleSmall, Clock: noon})
	if err != nil {
		t.Fatal(err)
	}
	refused("a sandbox", world{in, t}.deliver("http://127.0.0.1:"+port+"/_fake/page/do/reset"))

	w, port = listening(t)
	var hops int
	hop := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		hops++
		http.Redirect(rw, req, "http://127.0.0.1:"+port+"/_fake/page/do/reset", http.StatusTemporaryRedirect)
	}))
	defer hop.Close()
	if got := w.deliver(hop.URL); got.Status != 307 || hops != 1 {
		t.Errorf("a redirect: %d %s, %d requests", got.Status, got.Error, hops)
	}
	if list, err := w.Deliveries(""); err != nil || len(list) != 1 {
		t.Error("a redirect reset the fake")
	}
}

// To the API of Aircall, a delivery is a request like any other: it needs credentials, is logged, and counts.
func TestDeliveriesToTheAPI(t *testing.T) {
	const path = "/v1/contacts/5678"
	w, port := listening(t)
	if got := w.deliver("http://127.0.0.1:" + port + path); got.Status != 401 {
		t.Errorf("without credentials: %d %s", got.Status, got.Error)
	}
	// Each delivery updates the contact, which is the next event. The rate limit ends this, as it does at Aircall.
	w, port = listening(t, func(o *fakeaircall.Options) { o.RateLimit = 20 })
	if got := w.deliver("http://fake-default-id:fake-default-token@127.0.0.1:" + port + path); got.Status != 200 {
		t.Errorf("with credentials: %d %s", got.Status, got.Error)
	}
	updates := w.Requests(fakeaircall.RequestFilter{Op: "update-a-contact", Account: "default"})
	if last := updates[len(updates)-1]; len(updates) != 20 || last.Status != 429 {
		t.Errorf("%d updates; the last one got %d", len(updates), last.Status)
	}
}
