package conformance

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// rig is a believable live Aircall: a fake behind TLS under the name api.aircall.io, which the kit reaches through an
// HTTP proxy as people in companies do. Variations change it before it starts.
//
// A rig lives in a bubble of synctest, so its network is in memory and nothing leaves the machine. Time passes when
// everybody waits: pacing, backoff, timeouts, and the fake's rate limit are as in reality and take no time.
type rig struct {
	t         *testing.T
	options   fakeaircall.Options
	companies []fakeaircall.Account
	accounts  map[string]binding.Account // as the kit is configured
	fronts    []defect.Defect            // the last one added meets the client
	prepare   []func()                   // run when the fake is there, before the kit
	server    http.Server
	calm      atomic.Bool // storms are over

	fake  *fakeaircall.Server
	proxy pipes
}

var rigs atomic.Int64

// today is the time of a rig: the v1 user routes are gone.
var today = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// inRig starts a rig, lets test use it, and closes it.
func inRig(t *testing.T, vary func(*rig), test func(*testing.T, *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(today)) // a bubble begins in the year 2000
		r := &rig{t: t, options: fakeaircall.Options{Scale: fakeaircall.ScaleSmall}}
		n := rigs.Add(1) // runs on this machine keep out of each other's accounts
		for _, a := range fakeaircall.StandardAccounts() {
			r.companies = append(r.companies, fakeaircall.Account{
				Name: a.Name, User: a.User, APIID: fmt.Sprintf("%s-id-%d", a.Name, n), APIToken: fmt.Sprintf("%s-token-%d-0123456789abcdef", a.Name, n), Bearer: fmt.Sprintf("%s-bearer-%d-0123456789abcdef", a.Name, n),
			})
		}
		r.options.Accounts = r.companies
		r.configure("default", "sales", "support")
		vary(r)
		defer r.start()()
		test(t, r)
	})
}

func (r *rig) start() (stop func()) {
	var err error
	if r.fake, err = fakeaircall.New(checked(r.t, r.options)); err != nil {
		r.t.Fatal(err)
	}
	for _, f := range r.prepare {
		f()
	}
	handler := r.fake.Handler()
	for _, f := range r.fronts {
		handler = f.Before(handler)
	}
	api := make(pipes)
	r.proxy = make(pipes)
	r.server.Handler = handler
	r.server.ErrorLog = log.New(io.Discard, "", 0)
	r.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{authority().leaf}}
	through := &http.Server{Handler: tunnel(r.t, api), ErrorLog: r.server.ErrorLog}
	var serving sync.WaitGroup
	serving.Go(func() { r.server.ServeTLS(api, "", "") })
	serving.Go(func() { through.Serve(r.proxy) })
	return func() {
		r.server.Close()
		through.Close()
		serving.Wait()
		if err := r.fake.Close(); err != nil {
			r.t.Error(err)
		}
	}
}

// tune leads the kit's connections through the rig's proxy.
func (r *rig) tune(t *http.Transport) {
	t.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.example.com:3128"})
	t.DialContext = r.proxy.dial
	t.TLSClientConfig = &tls.Config{RootCAs: authority().roots}
}

// run is a run of the kit against the rig, as `--target live`.
func (r *rig) run(ctx context.Context, o Options) (rep *report.Report, said string, err error) {
	var out bytes.Buffer
	o.Target, o.Accounts, o.Stdout, o.tune = kindLive, r.accounts, &out, r.tune
	if o.UndoLog == "" {
		o.UndoLog = filepath.Join(r.t.TempDir(), "run.undolog")
	}
	rep, err = Run(ctx, checkedRun(r.t, o))
	return rep, out.String(), err
}

// sweep is a sweep of the rig with --yes.
func (r *rig) sweep(logFile string) (said string, err error) {
	var out bytes.Buffer
	err = Sweep(r.t.Context(), SweepOptions{Target: kindLive, Accounts: r.accounts, UndoLog: logFile, Yes: true, Stdout: &out, tune: r.tune})
	return out.String(), err
}

// front puts a defect before those that are there already.
func (r *rig) front(d defect.Defect) { r.fronts = append(r.fronts, d) }

// storm is a front that passes everything once the rig is calm.
func (r *rig) storm(d defect.Defect) {
	r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		if r.calm.Load() {
			next.ServeHTTP(w, req)
			return
		}
		d(w, req, next)
	})
}

// watch lets see be called with each request, one at a time.
func (r *rig) watch(see func(*http.Request)) {
	var mu sync.Mutex
	r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		mu.Lock()
		see(req)
		mu.Unlock()
		next.ServeHTTP(w, req)
	})
}

// pipes is a listener whose connections are made by dial.
type pipes chan net.Conn

func (p pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p pipes) Accept() (net.Conn, error) {
	if c, ok := <-p; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error {
	defer func() { recover() }() // a server may close its listener twice
	close(p)
	return nil
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

// tunnel is a proxy that knows the way to api.aircall.io and to nowhere else.
func tunnel(t *testing.T, api pipes) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "api.aircall.io:443" {
			t.Errorf("the kit asks its proxy for %s %s", r.Method, r.Host)
			w.WriteHeader(http.StatusForbidden)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, err = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
		}
		if err != nil {
			t.Error(err)
			return
		}
		api <- conn
	})
}

// authority is a CA of the tests, and its certificate for api.aircall.io.
var authority = sync.OnceValue(func() (a struct {
	roots *x509.CertPool
	leaf  tls.Certificate
}) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "api.aircall.io"}, DNSNames: []string{"api.aircall.io"},
		NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, failed := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	made, unread := x509.ParseCertificate(der)
	if err := errors.Join(err, failed, unread); err != nil {
		panic(err)
	}
	a.roots = x509.NewCertPool()
	a.roots.AddCert(made)
	a.leaf = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return a
})
